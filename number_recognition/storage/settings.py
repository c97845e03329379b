"""config.json: what a person sets, read into frozen dataclasses."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from number_recognition.storage.fields import as_dict, from_dict, setting
from number_recognition.storage.files import PROJECT_DIR, read_json_object, write_json
from number_recognition.storage.locks import lock

CONFIG = PROJECT_DIR / "config.json"
ACTIVATIONS = ("relu", "gelu", "silu", "elu", "selu", "tanh", "sigmoid", "leaky_relu", "linear")
OPTIMIZERS = ("adam", "adamw", "sgd", "rmsprop", "nadam")
SCHEDULES = ("constant", "cosine", "linear")
SOURCES = ("mnist", "generated", "corrections", "strokes")


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is built and trained. The names are Keras's where Keras has one."""

    hidden_layers: tuple[int, ...] = setting(
        (512, 512), "units of each hidden layer, from the input on", low=1, high=8192, most=16
    )
    activation: str = setting("relu", "what a unit makes of its sum", choices=ACTIVATIONS)
    dropout: float = setting(
        0.0, "part of the units switched off at random in each step", low=0, below=1
    )
    batch_normalization: bool = setting(
        True, "bring each layer's sums to mean 0 and variance 1 over the batch"
    )
    optimizer: str = setting("adam", "the rule that turns gradients to steps", choices=OPTIMIZERS)
    learning_rate: float = setting(0.004, "size of a step", above=0, high=100)
    learning_rate_schedule: str = setting(
        "cosine", "how the learning rate falls towards the end", choices=SCHEDULES
    )
    restarts: int = setting(
        0, "how often it then begins to fall anew; the ends are averaged", low=0, high=1000
    )
    weight_decay: float = setting(0.0, "pull of the weights towards 0 in each step", low=0, high=10)
    label_smoothing: float = setting(
        0.0, "share of the target spread over all ten digits", low=0, below=1
    )
    ema_momentum: float = setting(
        0.995, "momentum of the moving average of the weights that is kept; 0: none", low=0, below=1
    )
    batch_size: int = setting(512, "samples in one step", low=1, high=65536)
    epochs: int = setting(36, "passes over the training samples", low=1, high=100000)
    convolution_epochs: int = setting(
        0,
        "epochs as a convolution first, of 144 × n and 25 × m units in layers 1 and 2; 0: none",
        low=0,
        high=100000,
    )
    teachers: int = setting(
        0, "deeper convolutional networks that learn after it and are learnt from", low=0, high=16
    )
    teacher_epochs: int = setting(20, "epochs of each teacher", low=1, high=100000)
    distillation: float = setting(
        0.7,
        "part of the dense network's target that is what the teachers, or the convolution, answer",
        low=0,
        high=1,
    )
    distillation_temperature: float = setting(
        4.0,
        "how far their answers are softened, to tell what else a digit is like",
        low=1,
        high=100,
    )
    no_digit: bool = setting(
        False,
        "add an eleventh output, 'no digit', trained on generated counterexamples and on the lines "
        "of stroke files whose label is null",
    )
    counterexamples: int = setting(
        12000,
        "generated drawings that are no digit (dots, scribbles, letters, halves of digits, …), "
        "used with no_digit",
        low=10,
        high=10_000_000,
    )
    data: tuple[str, ...] = setting(
        ("mnist", "generated"), "where the samples come from", choices=SOURCES, least=1, most=4
    )
    mnist_repeats: int = setting(
        1, "times that each of MNIST's digits is seen in an epoch", low=1, high=100
    )
    mnist_morphs: int = setting(
        0,
        "new digits for each of MNIST's, shaped between it and one like it",
        low=0,
        high=100,
    )
    synthetic_samples: int = setting(
        24000, "digits written by the program's own pen", low=10, high=10_000_000
    )
    stroke_renderings: int = setting(
        10, "pictures painted of each drawing of a stroke file", low=1, high=1000
    )
    held_out_writers: tuple[int | str, ...] = setting(
        (), "writers of the stroke files that are not learnt from", most=1000
    )
    correction_renderings: int = setting(
        10, "distorted forms of each kept drawing", low=1, high=1000
    )
    distortion: float = setting(
        1.0, "strength of all the distortion below; 0: none", low=0, high=10
    )
    rotation: float = setting(15.0, "turned by up to so many degrees", low=0, high=180)
    scaling: float = setting(0.2, "made wider or narrower by up to this part", low=0, below=1)
    slant: float = setting(0.25, "slanted by up to this part of its height", low=0, high=2)
    shift: float = setting(1.0, "moved by up to so many pixels of 28", low=0, high=14)
    elastic: float = setting(1.2, "bent by up to about so many pixels of 28", low=0, high=10)
    validation_split: float = setting(
        0.1, "part of the samples set apart to judge the training", low=0, below=1
    )
    precision: str = setting(
        "float32",
        "arithmetic while training; mixed_bfloat16 is faster on some processors",
        choices=("float32", "mixed_bfloat16"),
    )
    seed: int = setting(
        1, "start of all chance: the same seed gives the same run", low=0, high=2**31 - 1
    )
    start: str | None = setting(
        None, "a network of the same layers to go on from; without one, first weights by chance"
    )
    tensorboard: bool = setting(False, "write event files for TensorBoard beside the run")


@dataclass(frozen=True)
class FineTuningSettings:
    """How a network learns from corrections without forgetting the rest."""

    steps: int = setting(200, "steps in all", low=1, high=100_000)
    layers: int = setting(
        2, "so many of the last layers learn; those below stay as they are", low=1, high=17
    )
    learning_rate: float = setting(0.002, "size of a step", above=0, high=1)
    batch_size: int = setting(
        192, "samples in one step, a fifth of them corrections", low=2, high=65536
    )
    rehearsal_samples: int = setting(
        11000,
        "samples of the original task to rehearse, the least sure of them most often; beside a "
        "turned or slanted hand twice as many",
        low=0,
        high=1_000_000,
    )
    correction_renderings: int = setting(40, "distorted forms of each correction", low=1, high=1000)
    max_drop: float = setting(
        0.1, "points of accuracy that the original task may lose", low=0, high=100
    )
    seed: int = setting(1, "start of all chance", low=0, high=2**31 - 1)


@dataclass(frozen=True)
class RecognitionSettings:
    """From which probabilities on an answer is shown as unsure, or refused as no digit."""

    unsure_below: float = setting(
        0.9, "an answer less probable than this is shown as unsure; 0: none is", low=0, high=1
    )
    refuse_above: float | None = setting(
        None,
        "a drawing is no digit where that is more probable than this; null: where it is more "
        "probable than each digit",
        low=0,
        high=1,
    )


@dataclass(frozen=True)
class PathSettings:
    """Where files are; relative paths start at the folder of config.json."""

    mnist: str | None = setting(None, "MNIST (mnist.npz); null: Keras's cache, else a download")
    strokes: tuple[str, ...] = setting(
        (), "stroke files (.jsonl) to train on, one or a list; null: none", lone=True
    )
    images: str = setting("images/fine_tuning", "folder of the kept drawings")
    models: str = setting("models", "folder of the networks and runs")
    network: str = setting("models/digits.keras", "the network in use")
    cluster: str | None = setting(
        None, "address of a Dask scheduler for experiments; null: this machine"
    )


@dataclass(frozen=True)
class WindowSettings:
    """How the window looks and draws."""

    theme: str = setting("light", "colours of the window", choices=("light", "dark"))
    zoom: float = setting(1.0, "size of all text", low=0.5, high=3)
    simple: bool = setting(False, "show only the pad, the answer and the correction keys")
    pen: float = setting(18.0, "width of the pen on a pad 280 units wide", low=2, high=60)
    single_digit: bool = setting(False, "read what is on the pad as one digit")


@dataclass(frozen=True)
class Config:
    """All of config.json."""

    training: TrainingSettings = field(default_factory=TrainingSettings)
    fine_tuning: FineTuningSettings = field(default_factory=FineTuningSettings)
    recognition: RecognitionSettings = field(default_factory=RecognitionSettings)
    places: PathSettings = field(default_factory=PathSettings)
    window: WindowSettings = field(default_factory=WindowSettings)


def read_config(path: str | Path = CONFIG, problems: list[str] | None = None) -> Config:
    """Read config.json; where it is missing, every setting has its default. Writes nothing.

    Args:
        path: another config.json.
        problems: what is wrong with single settings is added here; their defaults hold then.

    Raises:
        ValueError: names the file and key, what was expected and what was found; with `problems`
            only where the file is no JSON object.
        OSError: it cannot be read.
    """
    path = Path(path)
    if not path.exists():
        return Config()
    values = read_json_object(path, any_text=True)
    config: Config = from_dict(Config, values, str(path), problems)
    return config


def write_config(config: Config, path: str | Path = CONFIG) -> None:
    """Write config.json whole (see `storage.files.write_whole`)."""
    write_json(path, as_dict(config))


def with_changes(config: Config, section: str, changes: dict[str, Any]) -> Config:
    """The configuration with other settings in one of its sections."""
    settings = dataclasses.replace(getattr(config, section), **changes)
    return dataclasses.replace(config, **{section: settings})


def update_config(section: str, changes: dict[str, Any], path: str | Path = CONFIG) -> None:
    """Change settings in config.json as it is now: what else was changed there meanwhile stays.

    Raises:
        ValueError: what stands there is no configuration; it is not written over.
        OSError: it cannot be read or written.
    """
    with lock(path):
        write_config(with_changes(read_config(path), section, changes), path)


def resolve_path(value: str, config: str | Path = CONFIG) -> Path:
    """A path of config.json: a relative one starts at the folder of that file."""
    # Unlike Path.expanduser, this leaves ~somebody as it is where there is no such person.
    return Path(config).resolve().parent / os.path.expanduser(value)


def relative_path(path: str | Path, config: str | Path = CONFIG) -> str:
    """A path as config.json names it: below its folder relative, so that the folder can move."""
    home, path = Path(config).resolve().parent, Path(path).resolve()
    return (path.relative_to(home) if path.is_relative_to(home) else path).as_posix()
