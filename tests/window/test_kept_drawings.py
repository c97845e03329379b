"""Kept drawings in the window when their log, folders or counts are not as they should be."""

from __future__ import annotations

import errno
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import window_support
from window_support import (
    SEVEN,
    UserInput,
    close_afterwards,
    list_kept_files,
    open_window,
    wait_until,
)

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.learning.fine_tuning import fine_tune_job
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.storage.locks import lock
from number_recognition.window import model_menu
from number_recognition.window.app import App
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog
from number_recognition.window.drawings.drawings_view import DrawingsView

PIXELS = np.eye(28, dtype=np.float32)


def folder(home: Path) -> Path:
    return home / "images" / "fine_tuning"


def test_a_worker_is_prepared_soon_after_a_drawing_was_kept(
    app: App, user: UserInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(multiprocessing.active_children())
    monkeypatch.setattr(model_menu, "WARM_UP_DELAY", 1)
    # Takes no ten seconds, as what it stands for does.
    monkeypatch.setattr(fine_tune_job, "prepare_worker", window_support.imported_modules)
    user.draw(SEVEN)
    app.update()
    assert set(multiprocessing.active_children()) <= before
    user.press("7")
    wait_until(lambda: set(multiprocessing.active_children()) - before, app)


def test_a_log_with_semicolons_survives_keeping_and_undo(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    corrections = Corrections(folder(tmp_path))
    for label in range(10):
        corrections.keep(PIXELS, label, predicted=1, model="digits.keras")
    log = corrections.log.path
    log.write_text(log.read_text().replace(",", ";"), encoding="utf-8-sig")
    before = log.read_bytes()

    user.draw(SEVEN)
    user.press("7")
    assert len(log.read_text().splitlines()) == 12
    user.press("ctrl+z")
    assert len(list_kept_files(tmp_path)) == 10 and log.read_bytes() == before


def test_a_broken_log_is_set_aside_with_a_warning(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    log = folder(tmp_path).with_name("fine_tuning.csv")
    log.parent.mkdir(parents=True)
    log.write_text("what I drew\n")
    user.draw(SEVEN)
    user.press("7")
    assert "fine_tuning.csv.corrupt" in app.status.message
    assert "Kept as a 7" in app.status.message
    assert log.with_name("fine_tuning.csv.corrupt").read_text() == "what I drew\n"


def file_in_its_place(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken.rmdir()
    broken.write_text("")


def read_error(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def scan(path: object = ".") -> object:
        if Path(os.fspath(path)) == broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)


@pytest.fixture(params=[file_in_its_place, read_error])
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """The folder of the kept threes, which cannot be listed; a four is kept beside it."""
    Corrections(folder(tmp_path)).keep(PIXELS, 4)
    broken = folder(tmp_path) / "3"
    request.param(broken, monkeypatch)
    return broken


def test_a_folder_that_cannot_be_listed_gives_a_warning_and_stops_nothing(
    broken: Path, app: App, user: UserInput
) -> None:
    assert str(broken) in app.status.message and "Draw a digit." in app.status.message
    user.draw(SEVEN)
    assert app.session.prediction.digit is not None
    user.press("7")
    assert app.status.message == "Kept as a 7 (2 new)."
    app.choose_view("Drawings")
    wait_until(lambda: isinstance(app.views.current, DrawingsView), app)
    view = app.views.current
    wait_until(lambda: not view.is_reading, app)
    assert len(view.drawings.kept) == 2 and "fine_tuning/3" in view.summary


def test_a_file_in_place_of_the_folder_of_all_gives_one_error(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    folder(tmp_path).parent.mkdir()
    folder(tmp_path).write_text("")
    user.draw(SEVEN)
    user.press("7")
    assert app.status.message.startswith("Not kept, and still on the pad: ")
    app.session.counts.update()
    [warning] = app.session.warnings
    assert str(folder(tmp_path)) in warning and "nor can 9 more folders" in warning


def fine_tuned(network: Path, home: Path) -> FineTuningReport:
    """The report of a fine-tuning, its network written to a file."""
    candidate = home / "models" / "versions" / "new.keras"
    candidate.parent.mkdir(parents=True)
    candidate.write_bytes(network.read_bytes())
    kept, same = Change(0.0, 1.0, 1), Change(0.99, 0.99, 100)
    return FineTuningReport(
        candidate, network, 1, kept, same, 3, 0.0, True, "It reads 1 more.", 1.0, 1.0
    )


@pytest.mark.parametrize("unwritable", ["counters.json", "models/versions/new.json"])
def test_keeping_a_fine_tuned_network_works_though_files_cannot_be_written(
    app: App, network: Path, tmp_path: Path, unwritable: str
) -> None:
    report = fine_tuned(network, tmp_path)
    (tmp_path / unwritable).mkdir()
    app.model_menu.show_fine_tuning_result(report, new=1)
    app.update()
    [window] = [
        child for child in app.winfo_children() if isinstance(child, FineTuningResultDialog)
    ]
    window.buttons["Keep"].invoke()
    app.update()
    assert app.session.network_path == report.network and report.network.exists()
    assert str(tmp_path / unwritable) in app.status.message
    assert "Network in use: " in app.status.message


def test_keeping_and_undo_work_though_counters_cannot_be_written(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    (tmp_path / "counters.json").mkdir()
    user.draw(SEVEN)
    user.press("7")
    assert len(list_kept_files(tmp_path)) == 1
    assert "Counts may be wrong. Kept as a 7" in app.status.message
    user.press("ctrl+z")
    assert not list_kept_files(tmp_path) and app.session.content


@pytest.fixture
def mistyped(tmp_path: Path) -> Path:
    """The path of a config.json that is not there."""
    return tmp_path / "mistyped" / "config.json"


@pytest.fixture
def app_with_defaults(display: str, network: Path, mistyped: Path) -> Iterator[App]:
    """A window that is opened with this path."""
    window = App(network, mistyped)
    errors: list[BaseException] = []
    window.report_callback_exception = lambda kind, error, trace: errors.append(error)
    yield from close_afterwards(window, errors)


def test_a_missing_config_gives_a_warning_and_is_not_written(
    app_with_defaults: App, mistyped: Path, tmp_path: Path
) -> None:
    app = app_with_defaults
    wait_until(lambda: app.status.message, app)
    assert str(mistyped) in app.status.message and "Draw a digit." in app.status.message
    app.draw_menu.change_pen(+2)
    assert app.pad.pen_width == 20 and not list(tmp_path.iterdir())


def test_the_window_opens_draws_and_reads_though_the_disk_fails(
    display: str, network: Path, tmp_path: Path
) -> None:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    corrections.keep(PIXELS, 4)
    (tmp_path / "counters.json").mkdir()
    (corrections.folder / "7").rmdir()
    (corrections.folder / "7").write_text("a file in place of the folder")
    with lock(corrections.log.path):
        window, errors = open_window(network, tmp_path)
        for app in close_afterwards(window, errors):
            assert f"{corrections.folder / '7'}: cannot be listed" in app.status.message
            assert "counters.json: cannot be read or written" in app.status.message
            UserInput(app).draw(SEVEN)
            assert app.session.prediction.digit is not None
            assert app.views.current is not None and app.session.counters.kept[4] == 1
            app.draw_menu.keep(1)
            assert "Not kept, and still on the pad" in app.status.message
            assert "another program has been changing it for 3 s" in app.status.message
            assert app.session.content
