"""What the program does with files, each as one operation in a settings folder.

`python -m benchmarks.faults.operations HOME SEED NAME …` does the operations at random until it
is killed, and prints a line before and after each: "begin NAME FILE", "done NAME FILE".
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.faults.home import NETWORKS, RUN, digit, open_session
from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.imports import import_images
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.frame import frame
from number_recognition.learning.runs.run_list import annotate, list_runs, move_to_trash, restore
from number_recognition.session.session import Session

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
    annotate(folder, note=f"note {random.integers(1000)}")
    restore(move_to_trash(folder))
    list_runs(folder.parent)
    return []


def start(session: Session, random: Random) -> list[str]:
    """Open another session, as the next window does."""
    other = Session(session.network_path, session.config_path)
    other.counts.update()
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
