"""Recognizer, a dense network: build, train, fine-tune, evaluate, predict, save and load.

    from Recognition import Recognizer

    recognizer = Recognizer.load()
    prediction = recognizer.predict(image)      # any Pillow image
    prediction.digit, prediction.confidence, prediction.probabilities

Loading and predicting do not import TensorFlow; building, training and saving do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from number_recognition.core.progress import Report, Stopped, WorkStopped, ignore, never
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.frame_drawing import CANVAS_SIZE, frame_drawing
from number_recognition.digits.drawing.incremental import IncrementalRasterizer
from number_recognition.digits.drawing.rasterize import run_to_end
from number_recognition.digits.images.frame import Frame, frame
from number_recognition.digits.images.pages import upright
from number_recognition.learning.evaluation.arrays import as_float, as_labels, check_shape
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.storage.files import atomic_write
from number_recognition.storage.settings import (
    BUNDLED_NETWORK,
    FineTuningSettings,
    TrainingSettings,
)

if TYPE_CHECKING:
    import keras

    from number_recognition.learning.data.samples import Samples
    from number_recognition.learning.reading.drawing_reader import DrawingReader
    from number_recognition.learning.reading.reading import Reading

__all__ = ["SHIPPED", "Recognizer", "frame_drawing"]

SHIPPED = BUNDLED_NETWORK


class Recognizer:
    """A dense network that recognizes digits.

    Attributes:
        network: the network as computed by NumPy.
        path: the file it was loaded from or saved to, None for a new network.
        refuse_above: when it is no digit, see `learning.models.prediction.is_refused`.
    """

    refuse_above: float | None = None

    def __init__(
        self, network: NumpyNetwork, path: Path | None = None, model: keras.Model | None = None
    ) -> None:
        self.network = network
        self.path = path
        self._model = model
        self._rasterizer = IncrementalRasterizer(CANVAS_SIZE)
        self._reader: DrawingReader | None = None

    @classmethod
    def load(cls, path: str | Path = SHIPPED, refuse_above: float | None = None) -> Recognizer:
        """Load a network from a `.keras` file, without TensorFlow.

        Args:
            path: the file.
            refuse_above: see the attribute.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is not a dense network for digits; says what was expected and found.
        """
        recognizer = cls(NumpyNetwork.load(path), Path(path))
        recognizer.refuse_above = refuse_above
        return recognizer

    @classmethod
    def build(cls, settings: TrainingSettings | None = None) -> Recognizer:
        """Build an untrained network, with initial weights drawn from `settings.seed`."""
        from number_recognition.learning.models.keras_network import build

        return cls.from_keras(build(settings or TrainingSettings()))

    @classmethod
    def from_keras(cls, model: keras.Model) -> Recognizer:
        """Create a Recognizer from a Keras network, 28 × 28 -> ten or eleven probabilities.

        Raises:
            ValueError: it is not a dense network for digits.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "network.keras"
            model.save(path)
            return cls(NumpyNetwork.load(path), model=model)

    @property
    def model(self) -> keras.Model:
        """The network as a Keras model, made on first use: of its file, or of its layers."""
        if self._model is None:
            from number_recognition.learning.models.keras_network import from_layers, load

            path, layers = self.path, self.network.layers
            self._model = load(str(path)) if path is not None else from_layers(layers)
        return self._model

    def save(self, path: str | Path) -> None:
        """Save the network as a `.keras` file, completely or not at all.

        Raises:
            ValueError: the name does not end in `.keras`.
            OSError: the folder is read-only, the disk full, …; an existing file is unchanged.
        """
        path = Path(path)
        if path.suffix != ".keras":
            raise ValueError(f"{path}: expected a name that ends in .keras")
        atomic_write(path, self.model.save)
        self.path = path

    def predict(self, image: Image.Image) -> Prediction:
        """Predict the digit in a Pillow image; `digit` is None where it is blank or no digit.

        It is turned as its EXIF data say.

        Raises:
            TypeError, ValueError: it is no image, or one without pixels or with NaN among them.
        """
        return self._predict_frame(frame(upright(image)))

    def predict_drawing(self, drawing: Drawing) -> Prediction:
        """Predict the digit that a drawing shows; `digit` is None where it is empty or no digit."""
        return run_to_end(self.predict_drawing_in_steps(drawing))

    def predict_drawing_in_steps(self, drawing: Drawing) -> Generator[None, None, Prediction]:
        """Predict like `predict_drawing` in steps of a few milliseconds; returns the prediction.

        Strokes of the last drawing are not rasterized again: predictions keep up with a pen.
        """
        if not drawing:
            return Prediction.blank()
        image = yield from self._rasterizer.rasterize(drawing)
        yield
        framed = frame(image, clean=False)
        yield
        return self._predict_frame(framed)

    def _predict_frame(self, framed: Frame | None) -> Prediction:
        if framed is None:
            return Prediction.blank()
        return Prediction.of(self.network(framed.pixels[None])[0], framed, self.refuse_above)

    def read(self, written: Image.Image | Drawing) -> Reading:
        """Read every digit: numbers of several digits, lines from top to bottom.

        A network without an eleventh output reads all as one digit.

        Args:
            written: an image, or the strokes of a pen.

        Returns:
            The digits with their boxes and what is none among them; see `Reading`.
        """
        return run_to_end(self.read_in_steps(written))

    def read_in_steps(self, written: Image.Image | Drawing) -> Generator[None, None, Reading]:
        """Read like `read` in steps of a few milliseconds; returns the reading.

        Strokes that were read before are not read again, so that an answer can follow a pen.
        """
        from number_recognition.learning.reading.drawing_reader import DrawingReader
        from number_recognition.learning.reading.image_reader import read_image_in_steps

        if not isinstance(written, Drawing):
            image = upright(written)
            whole = self._predict_frame(frame(image))
            yield
            return (yield from read_image_in_steps(image, whole, self.network, self.refuse_above))
        whole = yield from self.predict_drawing_in_steps(written)
        if self._reader is None or self._reader.network is not self.network:
            self._reader = DrawingReader(self.network)
        self._reader.refuse_above = self.refuse_above
        return (yield from self._reader.read_in_steps(written, whole))

    def predict_pixels(self, pixels: np.ndarray) -> np.ndarray:
        """Predict many images that are framed already, MNIST's for example.

        Args:
            pixels: (n, 28, 28), paper 0: floats with ink 1, or uint8 with ink 255.

        Returns:
            the probabilities of the ten digits, (n, 10) float32; or (n, 11), with that of "no
            digit" last, from a network that can answer so.

        Raises:
            ValueError: the pixels have another shape, or are not numbers from 0 to 1.
        """
        return self.network(as_float(pixels))

    def evaluate(self, pixels: np.ndarray, labels: np.ndarray) -> Evaluation:
        """Evaluate the network on framed images (n, 28, 28) with labels (n,), no digit: 10.

        Raises:
            ValueError: pixels or labels have another shape or other values.
        """
        labels = as_labels(labels, len(check_shape(pixels)))
        starts = range(0, len(labels), 4096)
        batches = [self.predict_pixels(pixels[start : start + 4096]) for start in starts]
        probabilities = np.concatenate(batches) if batches else self.predict_pixels(pixels[:0])
        return Evaluation.of(labels, probabilities, self.refuse_above)

    def train(
        self,
        settings: TrainingSettings,
        samples: Samples,
        validation: Samples | None = None,
        *,
        report: Report = ignore,
        stopped: Stopped = never,
    ) -> list[dict[str, float]]:
        """Build a new network from the settings, train it, and use it in place of this one.

        After an error, the network is unchanged.

        Args:
            settings: see `storage.settings.TrainingSettings`.
            samples: the training samples (see `learning.data.gather`).
            validation: the validation samples; by default `validation_split` of the samples.
            report: called about ten times a second with the progress.
            stopped: called often; once it returns True, training ends with the best network so far.

        Returns:
            one dictionary for each epoch: `epoch` (from 0), `loss`, `accuracy`, `learning_rate`,
            `seconds`, and with validation samples `val_loss` and `val_accuracy`.

        Raises:
            TrainingFailed: it does not converge.
            WorkStopped: it was stopped in the first epoch.
            ValueError: settings contradict each other, or there are no samples.
        """
        from number_recognition.learning.training.training import train

        if validation is None:
            samples, validation = samples.split(settings.validation_split, settings.seed)
        training = train(settings, samples, validation, report=report, stopped=stopped)
        if not training.history:
            raise WorkStopped("before the first epoch was done")
        trained = Recognizer.from_keras(training.network)
        self.network, self._model, self.path = trained.network, trained.model, None
        return training.history

    def fine_tune(
        self,
        corrections: Samples,
        known: Samples | None = None,
        settings: FineTuningSettings | None = None,
        *,
        report: Report = ignore,
        stopped: Stopped = never,
    ) -> float:
        """Train on corrections without forgetting the rest.

        Args:
            corrections: framed drawings with their correct labels.
            known: samples that the network was trained on, MNIST's training set for example; by
                default synthetic digits.
            settings: see `storage.settings.FineTuningSettings`.
            report: called about ten times a second with the progress.
            stopped: called often; once it returns True, the steps so far count.

        Returns:
            how far the weights moved towards the corrections, from 0 to 1.

        Raises:
            ValueError: there are no corrections.
            WorkStopped: it was stopped before the first step; the network is unchanged.
        """
        from number_recognition.learning.fine_tuning.fine_tuning import fine_tune
        from number_recognition.learning.fine_tuning.rehearsal import rehearsal_and_validation

        settings = settings or FineTuningSettings()
        no_digit = self.network.outputs > DIGITS
        rehearsal, validation = rehearsal_and_validation(known, settings, no_digit)
        tuned = fine_tune(
            self.model, corrections, rehearsal, validation, settings, report=report, stopped=stopped
        )
        result = Recognizer.from_keras(tuned.network)
        self.network, self._model, self.path = result.network, result.model, None
        return tuned.mix
