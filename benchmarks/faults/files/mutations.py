"""Damages every kind of file that the program reads, byte by byte, and lets it be read."""

from __future__ import annotations

import io
import shutil
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.faults.home import RUN, digit, make_home, open_corrections, open_session
from benchmarks.faults.row import Row
from number_recognition.digits.corrections.imports import import_images, read_image_list
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import format_line, read_strokes
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.fine_tuning.version_store import read_report
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.runs.run import Run, write_run, write_settings
from number_recognition.learning.runs.run_files import read_settings
from number_recognition.learning.runs.run_list import annotate, list_runs
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweeps
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.storage.files import write_json
from number_recognition.storage.settings import TrainingSettings
from Recognition import SHIPPED

Read = Callable[[Path], object]
_MOST_SECONDS, _MOST_WALL_SECONDS = 2.0, 60.0
"""Of the processor, and of the clock: on a busy machine, a file that is read at once waits."""
_IMAGES = ("png", "jpeg", "gif", "bmp", "tiff", "webp", "ppm")


def mutate_files(folder: Path, seed: int, rounds: int) -> Row:
    """Damage files at random and read them: a message or a result, in two seconds."""
    row = Row("damaged files")
    random = np.random.default_rng(seed)
    home = make_home(folder / f"mutate-{seed}")
    kinds = _kinds(home)
    names = list(kinds)
    for number in range(rounds):
        name = names[number % len(names)]
        path, read = kinds[name]
        whole = path.read_bytes()
        path.write_bytes(damage(whole, random))
        begin, wall_begin = time.process_time(), time.monotonic()
        problem = _read(read, path)
        seconds, wall_seconds = time.process_time() - begin, time.monotonic() - wall_begin
        row.note_most("slowest s", seconds)
        if seconds > _MOST_SECONDS or wall_seconds > _MOST_WALL_SECONDS:
            problem = problem or f"took {seconds:.1f} s of the processor, {wall_seconds:.1f} s"
        row.tried += 1
        row.failures += [f"seed {seed}, round {number}, {name}: {problem}"] if problem else []
        path.write_bytes(whole)
    return row


def damage(content: bytes, random: np.random.Generator) -> bytes:
    """Content with some bytes changed, cut, repeated, moved or put in its place."""
    damaged = bytearray(content)
    for _ in range(int(random.integers(1, 5))):
        size = max(1, len(damaged))
        start, length = int(random.integers(size)), int(random.integers(1, 33))
        kind = int(random.integers(6))
        if kind == 0:
            damaged[start : start + 1] = bytes([int(random.integers(256))])
        elif kind == 1:
            del damaged[start : start + length]
        elif kind == 2:
            damaged[start:start] = damaged[start : start + length]
        elif kind == 3:
            damaged[start : start + length] = random.bytes(length)
        elif kind == 4:
            del damaged[start:]
        else:
            odd = (b"null", b"-1", b"1e999", b'"', b"{", b"[]", b"\0", b"\xff", b"9" * 400)
            damaged[start : start + length] = odd[int(random.integers(len(odd)))]
    return bytes(damaged)


def _read(read: Read, path: Path) -> str:
    """Read a file; the traceback of what is no message for a user."""
    try:
        read(path)
    except (OSError, ValueError) as error:
        return "" if str(error) and "[Errno" not in str(error) else f"no message: {error!r}"
    except Exception:
        return traceback.format_exc().strip().replace("\n", " | ")[-500:]
    return ""


def _kinds(home: Path) -> dict[str, tuple[Path, Read]]:
    """A whole file of each kind, and what reads it."""
    return {**_settings(home), **_drawings(home), **_runs(home), **_networks(home)}


def _settings(home: Path) -> dict[str, tuple[Path, Read]]:
    session = open_session(home)
    for label in range(3):
        session.corrections.keep(np.eye(28, dtype=np.float32), label, digit(label))
    session.counts.update()
    return {
        "config.json": (home / "config.json", lambda path: open_session(home)),
        "counters.json": (home / "counters.json", lambda path: open_session(home).counts.update()),
    }


def _drawings(home: Path) -> dict[str, tuple[Path, Read]]:
    corrections = open_corrections(home)
    [kept, *_] = corrections.digits()
    files = home / "files"
    files.mkdir()
    picture = rasterize(digit(3))
    kinds: dict[str, tuple[Path, Read]] = {}
    for name in _IMAGES:
        path = files / f"picture.{name}"
        picture.save(path, name)
        kinds[name] = (path, read_pixels)
    strokes = files / "strokes.jsonl"
    strokes.write_text("".join(format_line(digit(label), label) + "\n" for label in range(10)))
    table = files / "labels.csv"
    table.write_text("file,label\npicture.png,3\npicture.gif,3\n")
    return {
        **kinds,
        "stroke file": (strokes, read_strokes),
        "labels.csv": (table, lambda path: read_image_list(path, [])),
        "import": (table, lambda path: import_images(path, open_corrections(home / "other"))),
        "the log": (corrections.log.path, lambda path: open_corrections(home).match_log()),
        "a kept drawing": (kept.path, read_pixels),
        "its strokes": (
            corrections.folders.originals / f"{kept.path.stem}.jsonl",
            lambda path: corrections.original(kept),
        ),
    }


def _runs(home: Path) -> dict[str, tuple[Path, Read]]:
    runs = home / "models" / "runs"
    folder = home / RUN
    settings = TrainingSettings()
    history = [{"epoch": 0.0, "loss": 0.5, "accuracy": 0.9}]
    write_settings(folder, settings, DataPaths())
    write_run(Run(folder, settings, history, {"validation": 0.9}, {"synthetic": 9}, True))
    annotate(folder, name="a", note="b")
    list_runs(runs)
    sweep = new_sweep([settings], DataPaths(), runs, "s")
    sweep.save()
    recipe = home / "files" / "recipe.json"
    write_json(recipe, {"name": "a", "settings": {"epochs": 3}})
    checkpoint = home / "files" / "checkpoint.npz"
    arrays = [np.ones((3, 4), np.float32)]
    Checkpoint(9, 0, arrays, [], arrays, 0.5, history).write(checkpoint)
    listed: Read = lambda path: list_runs(runs)  # noqa: E731
    return {
        "summary.json": (folder / "summary.json", listed),
        "settings.json": (folder / "settings.json", lambda path: read_settings(folder)),
        "note.json": (folder / "note.json", listed),
        ".index.json": (runs / ".index.json", listed),
        "sweep.json": (sweep.file, lambda path: read_sweeps(runs)),
        "a recipe": (recipe, load_recipe),
        "a checkpoint": (checkpoint, Checkpoint.read),
    }


def _networks(home: Path) -> dict[str, tuple[Path, Read]]:
    network = home / "files" / "network.keras"
    shutil.copyfile(SHIPPED, network)
    report = home / "files" / "report.json"
    write_json(report, {"corrections": 3, "kept": {"before": 0.5, "after": 0.6, "count": 3}})
    arrays = home / "files" / "mnist.npz"
    pixels, labels = np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10
    content = io.BytesIO()
    np.savez(content, x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    arrays.write_bytes(content.getvalue())
    return {
        "a network": (network, NumpyNetwork.load),
        "a report": (report, lambda path: read_report(path.with_suffix(".keras"))),
        "mnist.npz": (arrays, mnist.load),
    }
