"""The counts of kept drawings: from the folders, whatever counters.json says or cannot say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from number_recognition.digits.corrections.correction import Correction
from number_recognition.session.session import Session
from number_recognition.storage.config_file import write_config
from number_recognition.storage.counters import Counters, read_counters, write_counters
from number_recognition.storage.settings import Config

PIXELS = np.eye(28, dtype=np.float32)


def new_session(home: Path) -> Session:
    if not (home / "config.json").exists():
        write_config(Config(), home / "config.json")
    return Session(home / "none.keras", home / "config.json")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return new_session(tmp_path)


def counters(session: Session) -> Counters:
    """The counts as counters.json has them."""
    return read_counters(session.home / "counters.json")[0]


def keep(session: Session, *labels: int | None) -> list[Correction]:
    """Keep drawings without counting them, as a program does that is killed right after."""
    return [session.corrections.keep(PIXELS, label) for label in labels]


def test_drawings_that_were_never_counted_are_counted_and_new(session: Session) -> None:
    keep(session, 3, 3, None)
    session.counts.update()
    assert counters(session).kept[3] == 2 and counters(session).not_a_digit == 1
    assert counters(session).new == session.counters.new == 3


def test_an_empty_folder_writes_no_file(session: Session) -> None:
    session.counts.update()
    assert [path.name for path in session.home.iterdir()] == ["config.json"]


def test_drawings_kept_before_a_kill_stay_new_after_a_fine_tuning(session: Session) -> None:
    keep(session, 1, 2)
    session.counts.update()
    session.counts.count_fine_tuning(2)
    keep(session, 3)
    after_kill = new_session(session.home)
    after_kill.counts.update()
    assert after_kill.counters.new == 1 and sum(after_kill.counters.kept) == 3


def test_drawings_removed_by_hand_are_not_counted(session: Session) -> None:
    kept = keep(session, 1, 1, 1)
    session.counts.update()
    for correction in kept[:2]:
        correction.path.unlink()
    session.counts.update()
    assert (counters(session).kept[1], counters(session).new) == (1, 1)


def test_wrong_counters_are_corrected(session: Session) -> None:
    keep(session, 5)
    write_counters(Counters(kept=(9,) * 10, new=50, trainings=4), session.home / "counters.json")
    session.counts.update()
    assert counters(session) == Counters(kept=(0,) * 5 + (1,) + (0,) * 4, new=1, trainings=4)


def test_a_folder_that_cannot_be_listed_keeps_its_count(session: Session) -> None:
    keep(session, 1, 2)
    session.counts.update()
    folder = session.corrections.folder / "1"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("a file in place of the folder")
    session.counts.update()
    assert session.counters.kept[1] == 1 and any(str(folder) in w for w in session.warnings)


def test_counters_that_cannot_be_written_stop_nothing(session: Session) -> None:
    (session.home / "counters.json").mkdir()
    keep(session, 7)
    session.counts.update()
    assert session.counters.kept[7] == 1 and session.has_kept
    assert any("counters.json" in warning for warning in session.warnings)


def test_relabelling_a_drawing_that_was_trained_on_makes_it_new(session: Session) -> None:
    old = keep(session, 4)
    session.counts.update()
    session.counts.count_fine_tuning(1)
    session.edits.relabel(old, 9)
    assert counters(session).new == 1
    session.history.undo()
    assert counters(session).new == 0 and counters(session).kept[4] == 1
