"""What a killed program left behind: some is removed, some offered to the user."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.leftovers import (
    UnfinishedImport,
    find_lone_originals,
    find_unfinished_imports,
    keep_original,
)
from number_recognition.learning.fine_tuning.version_store import keep_candidate, list_candidates
from number_recognition.learning.runs.run import SWEEPS
from number_recognition.learning.runs.unfinished_runs import remove_begun_runs
from number_recognition.storage.file_errors import reason
from number_recognition.storage.files import remove_temporary_files


@dataclass(frozen=True)
class Leftovers:
    """Files of a killed program that a person may want to keep.

    Attributes:
        originals: drawings that were being kept when the program was killed.
        candidates: fine-tuned networks that were neither kept nor discarded.
        imports: those that were killed, however short ago.
    """

    originals: list[Path] = field(default_factory=list)
    candidates: list[Path] = field(default_factory=list)
    imports: list[UnfinishedImport] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.originals or self.candidates or self.imports)


def clean_up(corrections: Corrections, models: Path, home: Path, in_use: Path) -> Leftovers:
    """Remove what nobody needs, and find what a person may want to keep; all older than an hour.

    Args:
        corrections: the kept drawings.
        models: the folder of the networks and runs.
        home: the folder of config.json.
        in_use: the network in use, which is no leftover.
    """
    remove_temporary_files([home, *_image_folders(corrections), *_model_folders(models)])
    remove_begun_runs(models / "runs")
    originals: list[Path] = []
    candidates: list[Path] = []
    imports: list[UnfinishedImport] = []
    with contextlib.suppress(OSError):
        if corrections.log.path.exists():
            corrections.match_log()
    # What cannot be listed is offered another time: there is nothing to say about it here.
    with contextlib.suppress(OSError):
        originals = find_lone_originals(corrections)
    with contextlib.suppress(OSError):
        candidates = list_candidates(models / "versions")
    with contextlib.suppress(OSError):
        imports = find_unfinished_imports(corrections)
    return Leftovers(originals, [path for path in candidates if path != in_use], imports)


def keep(leftovers: Leftovers, corrections: Corrections) -> list[str]:
    """Keep the drawings, and list the networks as versions; returns why some were not."""
    problems = []
    for path in leftovers.originals:
        try:
            keep_original(corrections, path)
        except (OSError, ValueError) as error:
            problems.append(str(error))
    for path in leftovers.candidates:
        try:
            keep_candidate(path)
        except OSError as error:
            problems.append(str(error))
    return problems


def delete(leftovers: Leftovers) -> list[str]:
    """Delete the files; returns why some were not."""
    problems = []
    for path in (*leftovers.originals, *leftovers.candidates):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            problems.append(f"{path}: cannot be deleted ({reason(error)})")
    return problems


def _image_folders(corrections: Corrections) -> Iterator[Path]:
    folders = corrections.folders
    yield corrections.folder.parent
    yield folders.originals
    yield from (folder for folder, _ in folders.all_kept())


def _model_folders(models: Path) -> Iterator[Path]:
    runs = models / "runs"
    yield from (models, models / "versions", runs)
    with contextlib.suppress(OSError):
        yield from (path for path in runs.iterdir() if path.is_dir())
    with contextlib.suppress(OSError):
        yield from (path for path in (runs / SWEEPS).iterdir() if path.is_dir())
