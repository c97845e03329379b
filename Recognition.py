"""Recognizer, the dense network: build · train · fine_tune · evaluate · predict · save · load.

    from Recognition import Recognizer

    recognizer = Recognizer.load()
    prediction = recognizer.predict(image)      # any Pillow image
    prediction.digit, prediction.confidence, prediction.probabilities

Loading and predicting import no TensorFlow; building, training and saving do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from number_recognition.core.progress import Report, Stopped, ignore, never
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.incremental import IncrementalRasterizer
from number_recognition.digits.drawing.rasterize import rasterize, run_to_end
from number_recognition.digits.drawing.strokes import normalize_strokes
from number_recognition.digits.images.frame import Frame, frame
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.storage.files import PROJECT_DIR, atomic_write
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings

if TYPE_CHECKING:
    import keras

    from number_recognition.learning.data.samples import Samples
    from number_recognition.learning.reading.reader import DrawingReader
    from number_recognition.learning.reading.reading import Reading

SHIPPED = PROJECT_DIR / "models" / "digits.keras"
_NETWORK_SIDE = 140
"""Drawings are painted at this size for the network, five times as fine as it reads them."""


def frame_drawing(drawing: Drawing) -> Frame | None:
    """Frame a drawing whose strokes are known: painted anew at the scale the network reads best."""
    return frame(rasterize(normalize_strokes(drawing), _NETWORK_SIDE)) if drawing else None


def framing_drawing(drawing: Drawing) -> Generator[None, None, Frame | None]:
    """Frame as `frame_drawing` does, in pieces of a few milliseconds; returns the frame."""
    image = yield from IncrementalRasterizer(_NETWORK_SIDE).rasterize(drawing)
    yield
    return frame(image)


class Recognizer:
    """A dense network that reads digits.

    Attributes:
        network: its layers as NumPy computes them.
        path: the file it was loaded from or saved to, None for a new one.
        refuse_above: when a drawing is refused as no digit (see
            `learning.models.prediction.is_refused`).
    """

    refuse_above: float | None = None

    def __init__(
        self, network: NumpyNetwork, path: Path | None = None, model: keras.Model | None = None
    ) -> None:
        self.network = network
        self.path = path
        self._model = model
        self._rasterizer = IncrementalRasterizer(_NETWORK_SIDE)
        self._reader: DrawingReader | None = None

    @classmethod
    def load(cls, path: str | Path = SHIPPED, refuse_above: float | None = None) -> Recognizer:
        """Load a network from a `.keras` file, without TensorFlow.

        Args:
            path: the file.
            refuse_above: see the attribute.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is no dense network for digits; says what was expected and found.
        """
        recognizer = cls(NumpyNetwork.load(path), Path(path))
        recognizer.refuse_above = refuse_above
        return recognizer

    @classmethod
    def build(cls, settings: TrainingSettings | None = None) -> Recognizer:
        """Build a new network with first weights drawn from `settings.seed`."""
        from number_recognition.learning.models.keras_network import build

        return cls.from_keras(build(settings or TrainingSettings()))

    @classmethod
    def from_keras(cls, model: keras.Model) -> Recognizer:
        """Take over a Keras network, 28 × 28 -> ten or eleven probabilities, as `build` makes it.

        Raises:
            ValueError: it is no dense network for digits.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "network.keras"
            model.save(path)
            return cls(NumpyNetwork.load(path), model=model)

    @property
    def model(self) -> keras.Model:
        """The network as a Keras model, read from its file on first use."""
        if self._model is None:
            from number_recognition.learning.models.keras_network import load

            self._model = load(str(self.path))
        return self._model

    def save(self, path: str | Path) -> None:
        """Save the network as a `.keras` file, whole or not at all.

        Raises:
            ValueError: the name does not end in `.keras`.
            OSError: the folder is read-only, the disk full, …: what was there stays.
        """
        path = Path(path)
        if path.suffix != ".keras":
            raise ValueError(f"{path}: expected a name that ends in .keras")
        atomic_write(path, self.model.save)
        self.path = path

    def predict(self, image: Image.Image) -> Prediction:
        """Read the digit in any Pillow image; `digit` is None where it is blank or no digit."""
        return self._answer(frame(image))

    def predict_drawing(self, drawing: Drawing) -> Prediction:
        """Read the digit that the strokes of a pen make; `digit` is None where they make none."""
        return run_to_end(self.predicting_drawing(drawing))

    def predicting_drawing(self, drawing: Drawing) -> Generator[None, None, Prediction]:
        """Read as `predict_drawing` does, in pieces of a few milliseconds; returns the prediction.

        Strokes that were read before are not painted again, so that an answer can follow a pen.
        """
        if not drawing:
            return Prediction.blank()
        image = yield from self._rasterizer.rasterize(drawing)
        yield
        framed = frame(image)
        yield
        return self._answer(framed)

    def _answer(self, framed: Frame | None) -> Prediction:
        if framed is None:
            return Prediction.blank()
        return Prediction.of(self.network(framed.pixels[None])[0], framed, self.refuse_above)

    def read(self, written: Image.Image | Drawing) -> Reading:
        """Read every digit: numbers of several digits, lines from top to bottom.

        Args:
            written: an image, or the strokes of a pen.

        Returns:
            The digits with their boxes and what is none among them; see `Reading`.
        """
        return run_to_end(self.reading(written))

    def reading(self, written: Image.Image | Drawing) -> Generator[None, None, Reading]:
        """Read as `read` does, in pieces of a few milliseconds; returns the reading.

        Strokes that were read before are not read again, so that an answer can follow a pen.
        """
        if isinstance(written, Drawing):
            whole = yield from self.predicting_drawing(written)
            return (yield from self._drawing_reader().reading(written, whole))
        from number_recognition.learning.reading.reader import reading_image

        whole = self.predict(written)
        yield
        return (yield from reading_image(written, whole, self.network, self.refuse_above))

    def _drawing_reader(self) -> DrawingReader:
        from number_recognition.learning.reading.reader import DrawingReader

        reader = self._reader
        if reader is None or reader.network is not self.network:
            reader = self._reader = DrawingReader(self.network, framing_drawing)
        reader.refuse_above = self.refuse_above
        return reader

    def predict_pixels(self, pixels: np.ndarray) -> np.ndarray:
        """Read many digits that are framed already, MNIST's for example.

        Args:
            pixels: (n, 28, 28), ink on paper 0: floats with ink 1, or uint8 with ink 255.

        Returns:
            Probabilities of the ten digits, (n, 10) float32; (n, 11), that of "no digit" last, from
            a network that can answer so.

        Raises:
            ValueError: the pixels have another shape, or are no numbers from 0 to 1.
        """
        return self.network(_as_float(pixels))

    def evaluate(self, pixels: np.ndarray, labels: np.ndarray) -> Evaluation:
        """Judge the network on framed digits (n, 28, 28) with their labels (n,)."""
        parts = range(0, len(labels), 4096)
        answers = [self.predict_pixels(pixels[start : start + 4096]) for start in parts]
        probabilities = np.concatenate(answers) if answers else self.predict_pixels(pixels[:0])
        return Evaluation.of(np.asarray(labels), probabilities, self.refuse_above)

    def train(
        self,
        settings: TrainingSettings,
        samples: Samples,
        validation: Samples | None = None,
        *,
        report: Report = ignore,
        stopped: Stopped = never,
    ) -> list[dict[str, float]]:
        """Build the network anew from the settings and train it; its history, an entry an epoch.

        Args:
            settings: see `storage.settings.TrainingSettings`.
            samples: what to learn from (see `learning.data.samples.gather`).
            validation: what to be judged on; by default `validation_split` of the samples.
            report: hears about ten times a second how far the work is.
            stopped: asked often; once it is true, the best network so far is taken.

        Raises:
            core.progress.TrainingFailed: the training leads nowhere; the network is unchanged.
        """
        from number_recognition.learning.training.training import train

        if validation is None:
            samples, validation = samples.split(settings.validation_split, settings.seed)
        training = train(settings, samples, validation, report=report, stopped=stopped)
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
        """Learn corrections without forgetting the rest; how far it went towards them, 0 to 1.

        Args:
            corrections: framed drawings with their right labels.
            known: samples of what the network has learnt, MNIST's training set for example; by
                default generated digits stand in for them.
            settings: see `storage.settings.FineTuningSettings`.
            report: hears about ten times a second how far the work is.
            stopped: asked often; once it is true, what was learnt so far counts.

        Raises:
            ValueError: there are no corrections.
        """
        from number_recognition.learning.fine_tuning.fine_tune_job import rehearsal_and_validation
        from number_recognition.learning.fine_tuning.fine_tuning import fine_tune

        settings = settings or FineTuningSettings()
        no_digit = self.network.outputs > DIGITS
        rehearsal, judges = rehearsal_and_validation(known, settings, no_digit)
        tuned = fine_tune(
            self.model, corrections, rehearsal, judges, settings, report=report, stopped=stopped
        )
        after = Recognizer.from_keras(tuned.network)
        self.network, self._model, self.path = after.network, after.model, None
        return tuned.mix


def _as_float(pixels: np.ndarray) -> np.ndarray:
    """Pixels as the network reads them, (n, 28, 28) float32 from 0 to 1."""
    pixels = np.asarray(pixels)
    if pixels.ndim != 3 or pixels.shape[1:] != (28, 28):
        raise ValueError(f"expected pixels of shape (n, 28, 28), found {pixels.shape}")
    if pixels.dtype == np.uint8:
        return pixels.astype(np.float32) / 255
    pixels = pixels.astype(np.float32)
    if pixels.size and not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(
            f"expected floats from 0 to 1 (or uint8 from 0 to 255), found {pixels.dtype} from "
            f"{pixels.min():g} to {pixels.max():g}"
        )
    return pixels
