"""The window over files with bad values: it opens, says what is wrong, and shows the rest."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from window_support import closing, opened, wait_until

from number_recognition.storage.files import write_json
from number_recognition.window.app import App

SUMMARY = {"settings": {}, "figures": {}, "samples": {}, "completed": True, "history": []}


def test_a_bad_setting_is_told_and_the_window_opens_with_the_others(
    display: str, network: Path, tmp_path: Path
) -> None:
    text = f'{{"window": {{"zoom": {"9" * 400}, "pen": 9}}, "training": {{"epochs": true}}}}'
    (tmp_path / "config.json").write_text(text)
    window, errors = opened(network, tmp_path)
    for app in closing(window, errors):
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
    window, errors = opened(version, tmp_path)
    for app in closing(window, errors):
        assert "3 drawings learnt" in app.title()
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
    wait_until(lambda: len(view.table.tree.get_children()) == 3, app)
    assert [row.state for row in view.rows if "bad" not in row.folder] == ["done", "done"]
    view.table.choose([odd])
    app.update()
    assert [row.folder for row in view.table.chosen] == [odd]
    view.delete()
    assert len(view.rows) == 2 and (runs / ".trash" / odd).is_dir()
