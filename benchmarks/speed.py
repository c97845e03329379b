"""How fast it is, each figure beside a rival's of the same run; ratios travel, seconds do not.

python -m benchmarks.speed
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from benchmarks.probing import has_display, probed, run_python
from digits.drawing import DEFAULT_PEN, PAD
from digits.painter import paint
from digits.strokes import fitted
from Recognition import SHIPPED, Recognizer
from storage.settings import TrainingSettings

MEGABYTE_LIMIT, STALL_LIMIT, WORST_LIMIT = 150, 30, 80
TICK = 10
"""Milliseconds, as in `benchmarks.window_probe`."""
IMPORT = "import time; t = time.time(); import tensorflow; print(time.time() - t)"
WARM_CALLS = 5
SAMPLES = 30_000
EPOCHS = 4


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, in which unit, and what is aimed at, if anything is."""

    name: str
    value: float
    unit: str
    aim: str = ""

    def __str__(self) -> str:
        value = f"{self.value:,.0f}" if self.value >= 1000 else f"{self.value:.3g}"
        return f"{self.name:<66}{value:>8} {self.unit:<10} {self.aim}".rstrip()


def opening(model: Path, rounds: int) -> list[Figure]:
    """From process start to a window and to the first answer, against TensorFlow's import."""
    shown, answered, imported, memory = [], [], [], []
    probed("open", model)  # the first start of all may have to compile the program
    for _ in range(rounds):
        imported.append(float(run_python(["-c", IMPORT])))
        start = time.time()
        found = probed("open", model)
        shown.append(found["shown"] - start)
        answered.append(found["answered"] - start)
        memory.append(found["megabytes"])
    tensorflow = statistics.median(imported)
    window, answer = statistics.median(shown), statistics.median(answered)
    return [
        Figure("import tensorflow", tensorflow, "s"),
        Figure("process start to the window", window, "s"),
        Figure("  by import tensorflow", window / tensorflow, "×", "at most 0.1"),
        Figure("process start to the first answer to a drawing", answer, "s"),
        Figure("  by import tensorflow", answer / tensorflow, "×", "at most 0.25"),
        Figure(
            "memory of the window's process, drawing",
            statistics.median(memory),
            "MB",
            f"under {MEGABYTE_LIMIT}",
        ),
    ]


def one_prediction(model: Path, rounds: int) -> list[Figure]:
    """From an image of 280 × 280 to ten probabilities, against Keras on pixels ready made."""
    from digits import generated
    from learning.quiet import import_keras

    import_keras()
    recognizer = Recognizer.load(model)
    drawing = generated.draw(7, np.random.default_rng(1))
    image = paint(fitted(drawing, 0.65 * PAD, DEFAULT_PEN))
    pixels = recognizer.predict(image).frame.pixels[None]
    network = recognizer.model
    calls: dict[str, Callable[[], object]] = {
        "image to probabilities": lambda: recognizer.predict(image),
        "strokes to probabilities": lambda: recognizer.predict_drawing(drawing),
        "pixels to probabilities": lambda: recognizer.predict_pixels(pixels),
        "model.predict(pixels)": lambda: network.predict(pixels, verbose=0),
        "model(pixels)": lambda: np.asarray(network(pixels, training=False)),
    }
    took = interleaved(calls, rounds)
    own = took["image to probabilities"]
    return [
        *(Figure(name, seconds * 1000, "ms") for name, seconds in took.items()),
        Figure(
            "  model.predict by image to probabilities",
            took["model.predict(pixels)"] / own,
            "×",
            "at least 20",
        ),
        Figure("  model(pixels) by image to probabilities", took["model(pixels)"] / own, "×"),
    ]


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
    from learning.quiet import import_keras

    import_keras()
    settings = TrainingSettings(
        hidden_layers=(512, 512), batch_size=256, epochs=EPOCHS, distortion=0, learning_rate=0.001
    )
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (SAMPLES, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, SAMPLES).astype(np.uint8)
    pixels[np.arange(SAMPLES), labels, :] = 255  # a line at a height of its own can be learnt
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
    from learning.samples import Samples
    from learning.training import train

    history = train(settings, Samples(pixels, labels), Samples.none()).history
    # The first epoch builds the graph.
    return SAMPLES * (EPOCHS - 1) / (history[-1]["seconds"] - history[0]["seconds"])


def _fit_rate(settings: TrainingSettings, pixels: np.ndarray, labels: np.ndarray) -> float:
    import keras

    from learning.network import build

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


def stalls(model: Path, seconds: float) -> list[Figure]:
    """How long the window fails to answer while a training runs in the worker."""
    found = probed("train", model, str(seconds))
    gaps = found["gaps"]
    figures = []
    for name, words in (("idle", "idle"), ("drawing", "while one draws")):
        late = np.maximum(np.array(gaps[name]) - TICK, 0)
        figures += [
            Figure(
                f"a tick is late during training, {words}: 99th percentile",
                float(np.quantile(late, 0.99)),
                "ms",
                f"at most {STALL_LIMIT}",
            ),
            Figure("  latest", float(late.max()), "ms", f"at most {WORST_LIMIT}"),
        ]
    stopped = Figure("Stop of a training to stopped", found["stopped"], "s", "at most 1")
    return [*figures, stopped]


def keeping(model: Path) -> list[Figure]:
    """From the key that corrects to a window in which the next digit can be drawn."""
    took = 1000 * np.array(probed("keep", model)["kept"])
    return [
        Figure("a correction by key, to the next stroke", float(np.median(took)), "ms"),
        Figure("  latest", float(took.max()), "ms", "under 50"),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0, or 1 where something cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="windows, trainings")
    parser.add_argument("--seconds", type=float, default=20, metavar="S", help="ticks for so long")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        model = options.model.resolve()
        figures = _measured(model, options.rounds, options.seconds, not options.json)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False))
    return 0


def _measured(model: Path, rounds: int, seconds: float, show: bool) -> list[Figure]:
    Recognizer.load(model)  # a file that is no network is named before any window opens
    parts: list[Callable[[], list[Figure]]] = []
    if has_display():
        parts += [lambda: opening(model, rounds), lambda: keeping(model)]
        parts.append(lambda: stalls(model, seconds))
    parts += [lambda: one_prediction(model, 40 * rounds), lambda: training(rounds)]
    figures = []
    for part in parts:
        for figure in part():
            figures.append(figure)
            if show:
                print(figure, flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
