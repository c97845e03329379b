"""The settings of config.json, as frozen dataclasses; `config_file` reads and writes them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from number_recognition.storage.fields import setting
from number_recognition.storage.files import PROJECT_DIR

CONFIG = PROJECT_DIR / "config.json"
BUNDLED_NETWORK = PROJECT_DIR / "models" / "digits.keras"
"""The bundled network."""
ACTIVATIONS = ("relu", "gelu", "silu", "elu", "selu", "tanh", "sigmoid", "leaky_relu", "linear")
OPTIMIZERS = ("adam", "adamw", "sgd", "rmsprop", "nadam")
SCHEDULES = ("constant", "cosine", "linear")
SOURCES = ("mnist", "synthetic", "corrections", "strokes")


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is built and trained. The names are Keras's where Keras has one."""

    hidden_layers: tuple[int, ...] = setting(
        (512, 512),
        "units of each hidden layer, from input to output: 128x32",
        low=1,
        high=8192,
        most=16,
    )
    activation: str = setting(
        "relu", "activation function of the hidden layers", choices=ACTIVATIONS
    )
    dropout: float = setting(
        0.0, "part of the units dropped at random in each step", low=0, below=1
    )
    batch_normalization: bool = setting(
        True, "scale each layer's outputs over the batch; training is faster and steadier"
    )
    optimizer: str = setting(
        "adam",
        "how gradients change the weights; adam suits most networks",
        choices=OPTIMIZERS,
    )
    learning_rate: float = setting(
        0.004, "learning rate at its highest: how far a step goes", above=0, high=100
    )
    learning_rate_schedule: str = setting(
        "cosine",
        "how the learning rate changes: cosine, a short rise, then a slow fall; linear, a fall",
        choices=SCHEDULES,
    )
    restarts: int = setting(
        0, "warm restarts of the schedule; the weights at the ends are averaged", low=0, high=1000
    )
    weight_decay: float = setting(
        0.0, "makes weights smaller in each step, against overfitting", low=0, high=10
    )
    label_smoothing: float = setting(
        0.0, "part of the target spread over all outputs, against overconfidence", low=0, below=1
    )
    ema_momentum: float = setting(
        0.995,
        "use a moving average of the weights, longer the nearer this is to 1; 0: none",
        low=0,
        below=1,
    )
    batch_size: int = setting(512, "samples in one step", low=1, high=65536)
    epochs: int = setting(
        36,
        "passes over the training samples, those of convolution and teachers included",
        low=1,
        high=100000,
    )
    convolution_epochs: int = setting(
        0,
        "first epochs as a convolution, with 144 × n and 25 × m units in layers 1 and 2; 0: none",
        low=0,
        high=100000,
    )
    teachers: int = setting(
        0,
        "deeper convolutional networks to distil from, trained after the convolution",
        low=0,
        high=16,
    )
    teacher_epochs: int = setting(20, "epochs of each teacher", low=1, high=100000)
    distillation: float = setting(
        0.7,
        "part of the dense network's target that is the prediction of the teachers or convolution",
        low=0,
        high=1,
    )
    distillation_temperature: float = setting(
        4.0,
        "temperature of the predictions to distil from",
        low=1,
        high=100,
    )
    no_digit: bool = setting(
        False, "add an output 'no digit', trained on counterexamples and strokes labelled null"
    )
    counterexamples: int = setting(
        12000,
        "synthetic drawings that are no digit (dots, scribbles, letters, halves of digits, …), "
        "used with no_digit",
        low=10,
        high=10_000_000,
    )
    sources: tuple[str, ...] = setting(
        ("mnist", "synthetic"), "sources of the samples", choices=SOURCES, least=1, most=4
    )
    mnist_samples: int = setting(
        1_000_000,
        "at most so many of MNIST's 60,000 digits are trained on; validation stays the same",
        low=10,
        high=10_000_000,
    )
    mnist_repeats: int = setting(
        1, "times that each of MNIST's digits is used in an epoch", low=1, high=100
    )
    mnist_morphs: int = setting(
        0,
        "additional digits for each of MNIST's, interpolated between it and a similar one",
        low=0,
        high=100,
    )
    synthetic_samples: int = setting(
        24000, "synthetic digits, drawn with random variation", low=10, high=10_000_000
    )
    stroke_renderings: int = setting(
        10, "images rendered from each drawing of a stroke file", low=1, high=1000
    )
    held_out_writers: tuple[int | str, ...] = setting(
        (), "writers of the stroke files that are not trained on", most=1000
    )
    correction_renderings: int = setting(
        10, "augmented variants of each kept drawing", low=1, high=1000
    )
    distortion: float = setting(
        1.0, "factor on rotation, scaling, slant, shift and elastic; 0: none", low=0, high=10
    )
    rotation: float = setting(15.0, "largest rotation in degrees", low=0, high=180)
    scaling: float = setting(0.2, "largest change of width or height, as a part", low=0, below=1)
    slant: float = setting(0.25, "largest slant, as a part of the height", low=0, high=2)
    shift: float = setting(1.0, "largest shift in pixels of 28", low=0, high=14)
    elastic: float = setting(1.2, "elastic distortion in pixels of 28, about", low=0, high=10)
    validation_split: float = setting(
        0.1, "part of the samples used for validation", low=0, below=1
    )
    precision: str = setting(
        "float32",
        "precision while training; mixed_bfloat16 is faster on some processors",
        choices=("float32", "mixed_bfloat16"),
    )
    seed: int = setting(1, "random seed: the same seed gives the same run", low=0, high=2**31 - 1)
    initial_weights: str | None = setting(
        None, "a network of the same layers to start from; without one, random weights"
    )
    tensorboard: bool = setting(False, "write event files for TensorBoard into the run's folder")


@dataclass(frozen=True)
class FineTuningSettings:
    """How a network is fine-tuned on kept drawings without forgetting the original task."""

    steps: int = setting(200, "number of steps", low=1, high=100_000)
    layers: int = setting(
        2, "number of last layers that are trained; those below are frozen", low=1, high=17
    )
    learning_rate: float = setting(0.002, "learning rate at its highest", above=0, high=1)
    batch_size: int = setting(
        192, "samples in one step, a fifth of them kept drawings", low=2, high=65536
    )
    rehearsal_samples: int = setting(
        11000,
        "samples of the original task to rehearse; twice as many for turned or slanted digits",
        low=0,
        high=1_000_000,
    )
    correction_renderings: int = setting(
        40, "augmented variants of each kept drawing", low=1, high=1000
    )
    max_drop: float = setting(
        0.1, "points of accuracy that the original task may lose", low=0, high=100
    )
    seed: int = setting(1, "random seed", low=0, high=2**31 - 1)


@dataclass(frozen=True)
class RecognitionSettings:
    """From which probabilities on an answer is shown as unsure, or refused as no digit."""

    unsure_below: float = setting(
        0.9, "an answer less probable than this is shown as unsure; 0: none is", low=0, high=1
    )
    refuse_above: float | None = setting(
        None,
        "refuse where 'no digit' is more probable than this; null: than each digit",
        low=0,
        high=1,
    )


@dataclass(frozen=True)
class PathSettings:
    """Paths of files; relative ones start at the folder of config.json."""

    mnist: str | None = setting(None, "MNIST (mnist.npz); null: Keras's cache, else a download")
    strokes: tuple[str, ...] = setting(
        (), "stroke files (.jsonl) to train on, one or a list; null: none", lone=True
    )
    images: str = setting("images/fine_tuning", "folder of the kept drawings")
    models: str = setting("models", "folder of the networks and runs")
    network: str = setting("models/digits.keras", "the network in use; by default the bundled one")
    cluster: str | None = setting(
        None, "address of a Dask scheduler for experiments; null: this machine"
    )

    def network_file(self, config: str | Path) -> Path:
        """The file of the network in use; where the default is missing, the bundled network."""
        path = resolve_path(self.network, config)
        try:
            is_missing = self.network == PathSettings.network and not path.exists()
        except OSError:  # whoever reads it says why it cannot be read
            is_missing = False
        return BUNDLED_NETWORK if is_missing else path


@dataclass(frozen=True)
class WindowSettings:
    """Appearance of the window, and the pen."""

    theme: str = setting("light", "theme of the window", choices=("light", "dark"))
    zoom: float = setting(1.0, "text size as a factor", low=0.5, high=3)
    simple: bool = setting(False, "show only the pad, the prediction and the correction keys")
    pen: float = setting(18.0, "width of the pen on a pad 280 units wide", low=2, high=60)
    single_digit: bool = setting(False, "read what is on the pad as one digit")


@dataclass(frozen=True)
class Config:
    """All of config.json."""

    training: TrainingSettings = field(default_factory=TrainingSettings)
    fine_tuning: FineTuningSettings = field(default_factory=FineTuningSettings)
    recognition: RecognitionSettings = field(default_factory=RecognitionSettings)
    paths: PathSettings = field(default_factory=PathSettings)
    window: WindowSettings = field(default_factory=WindowSettings)


def resolve_path(value: str, config: str | Path = CONFIG) -> Path:
    """Resolve a path of config.json, which is relative to the folder of that file."""
    # Unlike Path.expanduser, this leaves ~name unchanged where there is no such user.
    return Path(config).resolve().parent / os.path.expanduser(value)


def relative_path(path: str | Path, config: str | Path = CONFIG) -> str:
    """A path for config.json: relative below its folder, so that the folder can be moved."""
    folder, path = Path(config).resolve().parent, Path(path).resolve()
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()
