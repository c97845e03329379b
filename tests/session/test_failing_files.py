"""Files that fail at the worst moment: a message in words, and nothing is lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from digit_images import drawing

from number_recognition.session.preferences.window_state import WindowState
from number_recognition.session.session import Session
from number_recognition.storage.config_file import write_config
from number_recognition.storage.settings import Config

PIXELS = np.eye(28, dtype=np.float32)


def failing(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, part: str, code: int, first: int = 1
) -> None:
    """Let a function of files fail for paths with a part, from its first or a later call."""
    real, calls = getattr(owner, name), []

    def call(path: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(path, (str, os.PathLike)) and part in os.fspath(path):
            calls.append(path)
            if len(calls) >= first:
                raise OSError(code, os.strerror(code), os.fspath(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(owner, name, call)


@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_a_config_that_cannot_be_looked_at_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    write_config(Config(), tmp_path / "config.json")
    with monkeypatch.context() as patch:
        # The Path of Python 3.10 uses the os.stat of the time when it was imported.
        patch.setattr(Path, "stat", lambda path, **options: os.stat(path, **options))
        failing(patch, os, "stat", "config.json", errno.EACCES, first)
        session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    [warning] = session.warnings
    assert "config.json: cannot be read, because permission is denied" in warning
    assert "Defaults are used" in warning and session.config == Config()


def test_drawings_whose_strokes_cannot_be_read_keep_their_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    kept = [session.corrections.keep(PIXELS, 4, drawing(4).drawing) for _ in range(3)]
    with monkeypatch.context() as patch:
        failing(patch, Path, "open", f"{kept[2].path.stem}.jsonl", errno.EIO)
        with pytest.raises(OSError, match="cannot be read, because the disk reports an error"):
            session.edits.relabel(kept, 9)
    assert set(session.corrections.digits()) == set(kept) and session.history.next_undo is None
    session.edits.relabel(kept, 9)
    assert {each.label for each in session.corrections.digits()} == {9}


def test_what_cannot_be_moved_back_is_counted_and_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    kept = [session.corrections.keep(PIXELS, 4) for _ in range(3)]
    with monkeypatch.context() as patch:
        failing(patch, os, "rename", "fine_tuning", errno.EROFS, 3)
        with pytest.raises(OSError, match="2 drawings moved before it could not be moved back"):
            session.edits.relabel(kept, 9)
    names = {each.path.name for each in session.corrections.digits()}
    assert names == {each.path.name for each in kept}
    session.counts.update()
    assert session.counters.kept[9] == 2 and session.counters.kept[4] == 1


def test_an_odd_name_in_the_log_stays_and_stops_nothing(tmp_path: Path) -> None:
    session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    kept = session.corrections.keep(PIXELS, 4)
    log = session.corrections.log.path
    odd = b"a" * 300 + b",4,,,,\n"
    log.write_bytes(log.read_bytes() + odd)
    kept.path.rename(kept.path.with_name("other.png"))
    assert session.corrections.match_log()
    assert odd in log.read_bytes() and b"other.png" in log.read_bytes()


def test_a_drawing_that_another_program_moved_is_named_and_not_lost(tmp_path: Path) -> None:
    session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    kept = session.corrections.keep(PIXELS, 4)
    moved = session.corrections.relabel([kept], 5)
    with pytest.raises(OSError, match="is no longer there: another program moved or deleted it"):
        session.edits.relabel([kept], 9)
    assert session.corrections.digits() == moved


@pytest.mark.parametrize("content", ["{", "[]", "\0"])
def test_a_damaged_window_json_is_not_written_over(tmp_path: Path, content: str) -> None:
    path = tmp_path / "window.json"
    warnings: list[str] = []
    path.write_text(content)
    state = WindowState(path, warnings)
    assert "as if for the first time" in warnings[0] and path.read_text() == content
    state.set("zoom", 2.0)
    state.save()
    assert path.with_name("window.json.corrupt").read_text() == content
    assert WindowState(path, warnings).get("zoom", 1.0) == 2.0 and len(warnings) == 1
