"""The window over bad files and leftovers: it opens, says what is wrong, and shows the rest."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from digit_images import drawing
from window_support import (
    close_afterwards,
    find_button,
    open_window,
    visible_texts,
    wait_until,
)

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweeps
from number_recognition.storage.files import write_json
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App

SUMMARY = {"settings": {}, "metrics": {}, "samples": {}, "completed": True, "history": []}


def test_a_bad_setting_is_told_and_the_window_opens_with_the_others(
    display: str, network: Path, tmp_path: Path
) -> None:
    text = f'{{"window": {{"zoom": {"9" * 400}, "pen": 9}}, "training": {{"epochs": true}}}}'
    (tmp_path / "config.json").write_text(text)
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        assert "'zoom': expected a number, found inf" in app.status.message
        assert "'epochs': expected a whole number, found True" in app.status.message
        assert app.session.config.window.pen == 9 and app.session.config.window.zoom == 1
        app.draw_menu.change_pen(+1)
        assert (tmp_path / "config.json").read_text() == text


def test_a_bad_card_is_told_and_the_window_opens(
    display: str, network: Path, tmp_path: Path
) -> None:
    version = tmp_path / "models" / "versions" / "20260615T120000123456.keras"
    version.parent.mkdir(parents=True)
    shutil.copyfile(network, version)
    version.with_suffix(".json").write_text(json.dumps({"corrections": 3, "kept": True}))
    window, errors = open_window(version, tmp_path)
    for app in close_afterwards(window, errors):
        assert "trained on 3 drawings" in app.title()
        assert "'kept': expected an object, found True" in app.status.message


@pytest.mark.parametrize(
    "note", [r'{"note": "\ud800"}', r'{"note": "\udcff"}', '{"name": ' + "9" * 400 + "}"]
)
def test_a_bad_run_is_told_and_the_others_listed(app: App, tmp_path: Path, note: str) -> None:
    runs = tmp_path / "models" / "runs"
    odd = os.fsdecode(b"20260101T000000-caf\xe9")
    for name in ("20260103T000000-good", "20260102T000000-bad", odd):
        write_json(runs / name / "summary.json", SUMMARY)
    (runs / "20260102T000000-bad" / "note.json").write_text(note)
    view = app.show_view("Experiments")
    wait_until(lambda: len(view.runs_page.table.tree.get_children()) == 3, app)
    assert [row.state for row in view.runs_page.runs if "bad" not in row.folder] == ["done", "done"]
    view.runs_page.select([odd])
    app.update()
    assert [row.folder for row in view.runs_page.table.selected] == [odd]
    view.runs_page.delete()
    assert len(view.runs_page.runs) == 2 and (runs / ".trash" / odd).is_dir()


def test_old_names_of_settings_are_rewritten_and_the_window_says_so(
    display: str, network: Path, tmp_path: Path
) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"training": {"weight_average": 0.5}, "window": {"pen": 9}}')
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        assert "'training.ema_momentum'; it was rewritten with the new names" in app.status.message
        assert app.session.config.training.ema_momentum == 0.5
        written = json.loads(path.read_text())
        assert written == {"training": {"ema_momentum": 0.5}, "window": {"pen": 9}}


@pytest.mark.parametrize(("answer", "said"), [("Keep", "Kept."), ("Delete", "Deleted.")])
def test_what_a_killed_program_left_is_offered_when_the_window_opens(
    display: str, network: Path, tmp_path: Path, answer: str, said: str
) -> None:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    corrections.originals.save("20260101T000000-0123456789ab", 7, drawing(7).drawing)
    candidate = tmp_path / "models" / "versions" / "20260101T000000000000.keras"
    candidate.parent.mkdir(parents=True)
    shutil.copyfile(network, candidate)
    [original] = corrections.originals.list_files()
    for path in (original, candidate):
        os.utime(path, (0, 0))
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        wait_until(lambda: answer in window.status.action_buttons, window)
        assert (
            "When the program ended, it left 1 drawing that it was saving and "
            "1 fine-tuned network not yet kept or discarded."
        ) in _said(app)
        app.status.action_buttons[answer].invoke()
        wait_until(lambda: window.status.message == said, window)
        assert app.session.counters.kept[7] == (answer == "Keep")
        assert candidate.exists() == original.exists() == (answer == "Keep")


@pytest.mark.parametrize("answer", ["Undo import", "Keep"])
def test_an_import_that_was_killed_can_be_undone_at_the_next_start(
    display: str, network: Path, tmp_path: Path, answer: str
) -> None:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    names = [corrections.keep(np.eye(28, dtype=np.float32), 4).path.stem for _ in range(3)]
    record = tmp_path / "images" / "fine_tuning_import-1.jsonl"
    record.write_text("\n".join(map(json.dumps, [{"source": "/my pictures"}, *names[:2]])))
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        wait_until(lambda: answer in window.status.action_buttons, window)
        message = "An import of /my pictures was ended before its end: 2 drawings are kept."
        assert message in _said(app)
        app.status.action_buttons[answer].invoke()
        wait_until(lambda: answer not in window.status.action_buttons, window)
        wait_until(lambda: not window.edit_menu.is_busy, window)
        is_undone = answer != "Keep"
        assert [len(corrections.trashed()), app.session.counters.total] == (
            [2, 1] if is_undone else [0, 3]
        )
        assert record.exists() == is_undone  # until the next start, when none of it is kept
        if is_undone:
            app.undo()
            wait_until(lambda: window.session.counters.total == 3, window)


def test_all_that_was_left_unfinished_is_offered_one_after_the_other(
    display: str, network: Path, tmp_path: Path
) -> None:
    runs, corrections = tmp_path / "models" / "runs", Corrections(tmp_path / "images/fine_tuning")
    for name in ("a", "b"):
        new_sweep([TrainingSettings()], DataPaths(), runs, name).save()
        (runs / f"20260101T000000-{name}").mkdir()
        (runs / f"20260101T000000-{name}" / "checkpoint.npz").touch()
    kept = corrections.keep(np.eye(28, dtype=np.float32), 4)
    record = tmp_path / "images" / "fine_tuning_import-1.jsonl"
    record.write_text(f'{{"source": "/my pictures"}}\n"{kept.path.stem}"')
    corrections.originals.save("20260101T000000-0123456789ab", 7, drawing(7).drawing)
    [original] = corrections.originals.list_files()
    os.utime(original, (0, 0))
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        wait_until(lambda: "Experiment “b”" in _said(window), window)
        app.put_on_pad(drawing(7).drawing)
        app.draw_menu.clear()
        for text, answer in (
            ("Experiment “b”: 1 of 1 run not finished.", "Leave it"),
            ("Experiment “a”: 1 of 1 run not finished.", "Leave it"),
            ("The training “b” of", "Leave it"),
            ("The training “a” of", "Leave it"),
            ("it left 1 drawing that it was saving.", "Keep"),
            ("An import of /my pictures was ended before its end: 1 drawing", "Undo import"),
        ):
            if answer == "Undo import":
                corrections.remove(kept)
            wait_until(lambda text=text: text in _said(window), window)
            find_button(window.status, answer).invoke()
        assert app.status.message == "Nothing of that import is kept any more."
        assert original.exists()
        assert len(list(runs.glob("*/checkpoint.npz"))) == 2, "what is left can be resumed later"
        assert all(sweep.ended for sweep in read_sweeps(runs)[0])


def _said(app: App) -> str:
    app.update()
    return " ".join(visible_texts(app.status))


def test_runs_that_cannot_be_listed_are_named_and_the_view_opens(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "models" / "runs"
    runs.mkdir(parents=True)
    scandir = os.scandir

    def forbidden(path: str | Path) -> Any:
        if Path(path) == runs:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    view = app.show_view("Experiments")
    assert view.runs_page.runs == []
    assert f"{runs}: cannot be listed, because permission is denied" in app.status.message
    app.draw_menu.change_pen(+1)
    monkeypatch.undo()
    write_json(runs / "20260103T000000-good" / "summary.json", SUMMARY)
    view.list_runs()
    assert [row.state for row in view.runs_page.runs] == ["done"]
