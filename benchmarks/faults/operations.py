"""What the program does with files, each as one operation in a settings folder.

`python -m benchmarks.faults.operations HOME SEED NAME …` does the operations at random until it
is killed, and prints a line before and after each: "begin NAME FILE", "done NAME FILE".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.faults.home import NETWORKS, RUN, digit, open_session
from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.export import export_zip
from number_recognition.digits.corrections.imports import import_images
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.frame import frame
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.fine_tuning.version_store import (
    discard_version,
    list_candidates,
    list_versions,
    write_report,
)
from number_recognition.learning.runs.run import CHECKPOINT, Run, write_run, write_settings
from number_recognition.learning.runs.run_list import (
    annotate,
    export_run,
    list_runs,
    move_to_trash,
    restore,
)
from number_recognition.learning.runs.unfinished_runs import discard_checkpoint
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweeps
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.session.preferences.window_state import WindowState
from number_recognition.session.session import Session
from number_recognition.storage.files import write_bytes
from number_recognition.storage.recent_images import RECENT_FILE, RecentImages
from number_recognition.storage.settings import TrainingSettings

Random = np.random.Generator
Operation = Callable[[Session, Random], list[str]]
"""Does something once; returns the names of the drawings that are kept or gone by it."""

IMPORTED = 3
"""Images in each import."""


def _kept(session: Session) -> list[Correction]:
    return session.corrections.list_kept()[0]


def _some(session: Session, random: Random) -> list[Correction]:
    kept = _kept(session)
    return [kept[i] for i in random.permutation(len(kept))[:3]]


def keep(session: Session, random: Random) -> list[str]:
    """Keep a drawing with its strokes."""
    label = int(random.integers(10))
    drawn = digit(label, int(random.integers(1000)))
    framed = frame(rasterize(drawn), clean=False)
    assert framed is not None, "a synthetic digit has ink"
    correction = session.corrections.keep(framed.pixels, label, drawn)
    session.counts.update()
    return [correction.path.name]


def undo(session: Session, random: Random) -> list[str]:
    """Take back a kept drawing, as Ctrl+Z does."""
    some = _some(session, random)[:1]
    if not some:
        return []
    session.counts.update_after(lambda: session.corrections.remove(some[0]), -1, -1)
    return [some[0].path.name]


def relabel(session: Session, random: Random) -> list[str]:
    """Give a few drawings another label."""
    session.edits.relabel(_some(session, random), int(random.integers(10)))
    return []


def trash(session: Session, random: Random) -> list[str]:
    """Move a few drawings to the trash, and bring them back."""
    trashed = session.edits.trash(_some(session, random)[:2])
    session.edits.restore(trashed)
    return []


def settings(session: Session, random: Random) -> list[str]:
    """Change a setting of the window."""
    session.preferences.set_window(pen=float(random.integers(2, 60)))
    return []


def network(session: Session, random: Random) -> list[str]:
    """Use another network, and name it in config.json."""
    session.load_network(session.home / NETWORKS[int(random.integers(len(NETWORKS)))])
    session.remember_network()
    return []


def import_folder(session: Session, random: Random) -> list[str]:
    """Import a few images."""
    source = session.home.parent / f"import-{random.integers(1 << 62)}"
    for _ in range(IMPORTED):
        label = int(random.integers(10))
        folder = source / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        seed = int(random.integers(1 << 30))
        rasterize(digit(label, seed)).save(folder / f"{seed}.png")
    imported = import_images(source, session.corrections)
    session.edits.add_import(imported)
    return [each.path.name for each in imported.kept]


def note(session: Session, random: Random) -> list[str]:
    """Write a note to a run, move it to the trash and back, and list the runs."""
    folder = session.home / RUN
    if not os.path.exists(folder):  # it stays in the trash where it could not be brought back
        restore(folder.parent / ".trash" / folder.name)
    annotate(folder, note=f"note {random.integers(1000)}")
    restore(move_to_trash(folder))
    list_runs(folder.parent)
    return []


def start(session: Session, random: Random) -> list[str]:
    """Open another session, as the next window does."""
    other = Session(session.network_path, session.config_path)
    other.counts.update()
    return []


def run(session: Session, random: Random) -> list[str]:
    """Write all that a training writes, and export the run."""
    folder, settings = session.home / RUN, TrainingSettings()
    arrays = [random.random((3, 4), np.float32)]
    history = [{"epoch": 0.0, "loss": 0.5, "accuracy": 0.9}]
    write_settings(folder, settings, DataPaths())
    Checkpoint(9, 0, arrays, [], arrays, 0.5, history).write(folder / CHECKPOINT)
    write_run(Run(folder, settings, history, {"validation": 0.9}, {"synthetic": 9}, True))
    discard_checkpoint(folder)
    list_runs(folder.parent)
    export_run(folder, session.home / "run.zip")
    return []


def sweep(session: Session, random: Random) -> list[str]:
    """Write the file of a sweep, list it, and give it up."""
    runs = session.home / RUN.parent
    new_sweep([TrainingSettings()], DataPaths(), runs).save()
    for each in read_sweeps(runs)[0]:
        each.discard()
    return []


def version(session: Session, random: Random) -> list[str]:
    """Keep a fine-tuned network, discard another, and list them."""
    versions = session.home / "models" / "versions"
    networks = [versions / f"{random.integers(1 << 30)}.keras" for _ in range(2)]
    for path in networks:
        write_bytes(path, random.bytes(1000))
    change = Change(0.5, 0.9, 3)
    reports = [
        FineTuningReport(path, session.network_path, 3, change, change, 1, 0.0, True, "", 1.0, 1.0)
        for path in networks
    ]
    write_report(reports[0])
    discard_version(reports[1])
    list_versions(versions)
    list_candidates(versions)
    return []


def close(session: Session, random: Random) -> list[str]:
    """Remember what the window remembers when it is closed."""
    state = WindowState(session.home / "window.json", session.warnings)
    state.set("number", int(random.integers(1 << 30)))
    state.save()
    images = RecentImages(session.home / RECENT_FILE)
    images.add(session.home / f"{random.integers(1 << 30)}.png")
    images.paths()
    return []


def export(session: Session, random: Random) -> list[str]:
    """Export the kept drawings."""
    export_zip(_kept(session), session.home / "drawings.zip")
    return []


OPERATIONS: dict[str, Operation] = {
    "keep": keep,
    "undo": undo,
    "relabel": relabel,
    "trash": trash,
    "settings": settings,
    "network": network,
    "import": import_folder,
    "note": note,
    "start": start,
    "run": run,
    "sweep": sweep,
    "version": version,
    "close": close,
    "export": export,
}


def main(arguments: list[str]) -> None:
    """Do operations until the process is killed."""
    home, seed, *names = arguments
    random, session = np.random.default_rng(int(seed)), open_session(Path(home))
    while True:
        name = names[int(random.integers(len(names)))]
        print("begin", name, flush=True)
        try:
            files = OPERATIONS[name](session, random)
        except OSError as error:
            if "[Errno" in str(error):  # no message for a user
                raise
            print("refused", name, error, flush=True)
        else:
            print("done", name, *files, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
