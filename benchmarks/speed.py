"""Speed, each result next to that of a rival in the same run; ratios travel, seconds do not.

python -m benchmarks.speed --mnist mnist.npz
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image

from benchmarks import window_speed
from benchmarks.probes.probing import has_display
from benchmarks.tables.figure import Figure
from number_recognition.commands import options as command_line
from number_recognition.commands.predict.command import predict
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing import variation
from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import fit_to_canvas
from number_recognition.digits.images.frame import frame
from number_recognition.storage.settings import TrainingSettings
from Recognition import SHIPPED, Recognizer

WARM_CALLS = 5
FILES = 1000
SAMPLES = 30_000
EPOCHS = 4


_IMAGE, _STROKES = "image to probabilities", "strokes to probabilities"
_RATIOS = (
    ("model.predict by image to probabilities", "model.predict(pixels)", _IMAGE, "at least 20"),
    ("read by predict, an image of one digit", "image read as a number", _IMAGE, "at most 1.5"),
    ("read by predict, strokes of one digit", "strokes read as a number", _STROKES, "at most 1.5"),
    ("model(pixels) by image to probabilities", "model(pixels)", _IMAGE, ""),
)
"""Name of a ratio, whose time is divided by whose, and what is aimed at."""


def one_prediction(model: Path, rounds: int) -> list[Figure]:
    """From an image of 280 × 280 to ten probabilities, against Keras on pixels ready made."""
    from number_recognition.digits.datasets import synthetic
    from number_recognition.learning.tensorflow_setup import import_keras

    import_keras()
    recognizer = Recognizer.load(model)
    drawing = synthetic.draw_digit(7, np.random.default_rng(1))
    image = rasterize(fit_to_canvas(drawing, 0.65 * PAD, DEFAULT_PEN))
    framed = frame(image)
    if framed is None:
        raise ValueError("expected a drawing with ink, found a blank one")
    pixels = framed.pixels[None]
    network = recognizer.model
    calls: dict[str, Callable[[], object]] = {
        _IMAGE: lambda: recognizer.predict(image),
        _STROKES: lambda: recognizer.predict_drawing(drawing),
        "image read as a number": lambda: recognizer.read(image),
        "strokes read as a number": lambda: recognizer.read(drawing),
        "pixels to probabilities": lambda: recognizer.predict_pixels(pixels),
        "model.predict(pixels)": lambda: network.predict(pixels, verbose=0),
        "model(pixels)": lambda: np.asarray(network(pixels, training=False)),
    }
    took = interleaved(calls, rounds)
    return [
        *(Figure(name, seconds * 1000, "ms") for name, seconds in took.items()),
        *(
            Figure(f"  {name}", took[one] / took[other], "×", limit)
            for name, one, other, limit in _RATIOS
        ),
    ]


def small_files(model: Path, rounds: int) -> list[Figure]:
    """Files of 28 × 28 that `predict` reads a second, against Keras without any framing."""
    from number_recognition.learning.tensorflow_setup import import_keras

    import_keras()
    import keras

    with tempfile.TemporaryDirectory() as folder:
        for number, pixels in enumerate(_small_digits()):
            Image.fromarray(pixels).save(Path(folder) / f"{number:04}.png")
        options = command_line.parser().parse_args(["predict", folder, "--model", str(model)])
        network = Recognizer.load(model).model

        def by_predict() -> None:
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
                predict(options)

        def by_keras() -> None:
            files = keras.utils.image_dataset_from_directory(
                folder, labels=None, color_mode="grayscale", image_size=(28, 28), verbose=False
            )
            network.predict(files.map(lambda batch: batch[..., 0] / 255), verbose=0)

        took = interleaved({"own": by_predict, "Keras": by_keras}, rounds)
    own, rival = FILES / took["own"], FILES / took["Keras"]
    return [
        Figure("predict on files of 28 × 28", own, "files/s", "at least 1000"),
        Figure("image_dataset_from_directory and model.predict", rival, "files/s"),
        Figure("  predict by Keras", own / rival, "×"),
    ]


def _small_digits() -> np.ndarray:
    """Framed digits, (FILES, 28, 28) uint8."""
    from number_recognition.digits.datasets import synthetic

    drawings = synthetic.synthetic_drawings(1)
    pixels: np.ndarray = variation.render_samples(drawings, FILES, 1)[0]
    return pixels


def interleaved(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each call, all of them called in turn."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(WARM_CALLS + rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if number >= WARM_CALLS:
                took[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in took.items()}


def training(rounds: int) -> list[Figure]:
    """Samples a second of the project's training, against `fit` and the machine's own products."""
    from number_recognition.learning.tensorflow_setup import import_keras

    import_keras()
    settings = TrainingSettings(
        hidden_layers=(512, 512), batch_size=256, epochs=EPOCHS, distortion=0, learning_rate=0.001
    )
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (SAMPLES, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, SAMPLES).astype(np.uint8)
    pixels[np.arange(SAMPLES), labels, :] = 255  # a line at a height of its own can be learned
    own, distorted, plain, products = [], [], [], []
    for _ in range(rounds):
        own.append(_own_rate(settings, pixels, labels))
        distorted.append(_own_rate(replace(settings, distortion=1.0), pixels, labels))
        plain.append(_fit_rate(settings, pixels, labels))
        products.append(_product_rate())
    weights = 784 * 512 + 512 * 512 + 512 * 10
    rate, limit = statistics.median(own), statistics.median(products) / (3 * 2 * weights)
    fit = statistics.median(plain)
    return [
        Figure("training, 784-512-512-10, batch 256, distortion off", rate, "samples/s"),
        Figure("plain fit on NumPy arrays", fit, "samples/s"),
        Figure("matrix products, 2048 × 2048", statistics.median(products) / 1e9, "GFLOP/s"),
        Figure("  training by fit", rate / fit, "×", "at least 1.3"),
        Figure(
            "  what distortion adds to an epoch",
            100 * (rate / statistics.median(distorted) - 1),
            "%",
            "at most 40",
        ),
        Figure("  training by the limit of three products a layer", rate / limit, "×"),
    ]


def _own_rate(settings: TrainingSettings, pixels: np.ndarray, labels: np.ndarray) -> float:
    from number_recognition.learning.data.samples import Samples
    from number_recognition.learning.training.training import train

    history = train(settings, Samples(pixels, labels), Samples.empty()).history
    # The first epoch builds the graph.
    return SAMPLES * (EPOCHS - 1) / (history[-1]["seconds"] - history[0]["seconds"])


def _fit_rate(settings: TrainingSettings, pixels: np.ndarray, labels: np.ndarray) -> float:
    import keras

    from number_recognition.learning.models.keras_network import build

    ends: list[float] = []
    network = build(settings)
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(
        pixels.astype(np.float32) / 255,
        labels,
        batch_size=settings.batch_size,
        epochs=EPOCHS,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
            )
        ],
    )
    return SAMPLES * (EPOCHS - 1) / (ends[-1] - ends[0])


def _product_rate(side: int = 2048, times: int = 8) -> float:
    """Floating-point operations a second of TensorFlow's own matrix product, at its best."""
    import tensorflow as tf

    matrix = tf.random.stateless_normal((side, side), [1, 2])
    tf.matmul(matrix, matrix).numpy()
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        tf.matmul(matrix, matrix)[0, 0].numpy()
        best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0, or 1 where something cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="windows, trainings")
    parser.add_argument("--seconds", type=float, default=20, metavar="S", help="ticks for so long")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        figures = _measured(options)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False))
    return 0


def _measured(options: argparse.Namespace) -> list[Figure]:
    figures = []
    for part in _parts(options):
        for figure in part():
            figures.append(figure)
            if not options.json:
                print(figure, flush=True)
    return figures


def _parts(options: argparse.Namespace) -> list[Callable[[], list[Figure]]]:
    """What can be measured here; what cannot is said on standard error.

    Raises:
        OSError, ValueError: a file cannot be read; it is named before any window opens.
    """
    model = options.model.resolve()
    Recognizer.load(model)
    mnist_file = mnist.find(options.mnist)
    if mnist_file is not None:
        mnist.load(mnist_file)
    in_windows = _in_windows(model, mnist_file, options.rounds, options.seconds)
    return [
        *(in_windows if has_display() else ()),
        lambda: one_prediction(model, 40 * options.rounds),
        lambda: small_files(model, options.rounds),
        lambda: training(options.rounds),
    ]


def _in_windows(
    model: Path, mnist_file: Path | None, rounds: int, seconds: float
) -> Iterator[Callable[[], list[Figure]]]:
    yield lambda: window_speed.opening(model, rounds)
    yield lambda: window_speed.keeping(model)
    yield lambda: window_speed.runs(model)
    yield lambda: window_speed.drawings(model)
    yield lambda: window_speed.explaining(model)
    if mnist_file is None:
        print("The confusion matrix is not measured: no MNIST (--mnist FILE.npz).", file=sys.stderr)
    else:
        yield lambda: window_speed.cells(model, mnist_file)
    yield lambda: window_speed.stalls(model, seconds)


if __name__ == "__main__":
    sys.exit(main())
