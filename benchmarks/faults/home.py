"""A settings folder to try faults in, and what must hold of it afterwards."""

from __future__ import annotations

import functools
import io
import json
import os
import time
import zipfile
from pathlib import Path

import numpy as np

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.datasets.synthetic import draw_digit
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.runs.leftovers import Leftovers, clean_up, keep
from number_recognition.session.session import Session
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import read_counters
from number_recognition.storage.files import TEMPORARY, write_json
from Recognition import Recognizer

RUN = Path("models", "runs", "20260101T000000-a")
"""A run in each settings folder."""
NETWORKS = tuple(Path("models", f"{number}.keras") for number in range(2))
"""Networks in each settings folder, untrained ones."""
TRAINING = {
    "hidden_layers": [8],
    "sources": ["synthetic"],
    "synthetic_samples": 200,
    "batch_size": 20,
    "epochs": 30,
    "distortion": 0,
}


def make_home(folder: Path) -> Path:
    """Make a settings folder whose trainings need little time, with a run that has a note."""
    (folder / RUN).mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN / "note.json", {"note": "mine"})
    write_json(folder / "config.json", {"training": TRAINING})
    for path in NETWORKS:
        (folder / path).write_bytes(_network())
    return folder


@functools.cache
def _network() -> bytes:
    """A network of ten outputs, in Keras's format."""
    import h5py

    weights, content = io.BytesIO(), io.BytesIO()
    with h5py.File(weights, "w") as file:
        file["layers/dense/vars/0"] = np.zeros((784, 10), np.float32)
        file["layers/dense/vars/1"] = np.zeros(10, np.float32)
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 28, 28]}},
        {"class_name": "Flatten", "config": {}},
        {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
    ]
    config = {"class_name": "Sequential", "config": {"name": "digits", "layers": layers}}
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights.getvalue())
    return content.getvalue()


def open_session(home: Path) -> Session:
    """The session of a window, without a network."""
    return Session(home / "none.keras", home / "config.json")


def open_corrections(home: Path) -> Corrections:
    """The kept drawings of a settings folder."""
    return Corrections(home / "images" / "fine_tuning")


def digit(label: int, seed: int = 0) -> Drawing:
    """A synthetic digit."""
    return draw_digit(label, np.random.default_rng(seed))


def check(home: Path, acknowledged: set[str], removed: set[str]) -> list[str]:
    """What does not hold after a fault and the next start.

    Args:
        home: the settings folder.
        acknowledged: the names of the drawings that the program said were kept.
        removed: those of them that it may have removed.
    """
    session = open_session(home)
    session.counts.update()
    _grow_old(home)
    models = home / "models"
    leftovers = clean_up(session.corrections, models, home, session.network_path)
    problems = keep(Leftovers(leftovers.originals), session.corrections)
    session.counts.update()
    return [*problems, *_lost(home, acknowledged, removed), *_wrong(home), *_left(home)]


def _lost(home: Path, acknowledged: set[str], removed: set[str]) -> list[str]:
    kept, problems = open_corrections(home).list_kept()
    trashed, more = open_corrections(home).list_trash()
    found = [each.path.name for each in (*kept, *trashed)]
    lost = acknowledged - removed - set(found)
    twice = {name for name in found if found.count(name) > 1}
    return [
        *(f"lost: {name}" for name in sorted(lost)),
        *(f"kept twice: {name}" for name in sorted(twice)),
        *(f"not listed: {reason}" for reason in (*problems.values(), *more.values())),
    ]


def _wrong(home: Path) -> list[str]:
    """Files that are half, and counts that are not those of the folders."""
    problems = []
    corrections = open_corrections(home)
    kept, _ = corrections.list_kept()
    trashed, _ = corrections.list_trash()
    for each in (*kept, *trashed):
        try:
            read_pixels(each.path)
            corrections.original(each)
        except (OSError, ValueError) as error:
            problems.append(f"half: {error}")
    counters, warning = read_counters(home / "counters.json")
    if warning or counters.total != len(kept):
        problems.append(f"counted {counters.total} of {len(kept)}; {warning}")
    if corrections.log.path.exists():
        rows = {Path(file).name for file in corrections.log.read()}
        if rows != {each.path.name for each in (*kept, *trashed)}:
            problems.append(f"the log has {len(rows)} of {len(kept) + len(trashed)} drawings")
    try:
        config = read_config(home / "config.json")
        network = config.paths.network_file(home / "config.json")
        if network.exists():
            Recognizer.load(network)
        for path in home.rglob("*.json"):
            json.loads(path.read_bytes())
    except ValueError as error:
        problems.append(f"half: {error}")
    return problems


def _left(home: Path) -> list[str]:
    left = [path for path in home.rglob("*") if path.name.startswith(TEMPORARY)]
    return [f"left: {path}" for path in left]


def _grow_old(home: Path) -> None:
    """Make temporary files and originals two hours old, so that they count as left."""
    then = time.time() - 7200
    for path in home.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            os.utime(path, (then, then))
