"""One undo history for the whole window: the pad, the kept drawings, and every view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from digit_images import drawing, rasterized
from window_support import SEVEN, UserInput, list_kept_files, wait_until

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.images.frame import frame
from number_recognition.learning.evaluation.evaluate_job import KEPT
from number_recognition.storage.counters import Counters, read_counters
from number_recognition.window.app import App
from number_recognition.window.drawings.drawings_view import DrawingsView
from number_recognition.window.results.results_view import ResultsView
from number_recognition.window.toolkit.job_runner import DONE


@pytest.fixture
def kept(tmp_path: Path) -> list[Correction]:
    """Two fours and a seven, kept before the window opens."""
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    pixels = [frame(rasterized(drawing(4, seed=number))).pixels for number in range(3)]
    return [corrections.keep(*pair) for pair in zip(pixels, (4, 4, 7), strict=True)]


def labels(home: Path) -> list[str]:
    """The folders of the kept drawings, one for each drawing."""
    return [path.parent.name for path in list_kept_files(home)]


def counted(home: Path) -> Counters:
    return read_counters(home / "counters.json")[0]


def drawings_view(app: App) -> DrawingsView:
    view = app.show_view("Drawings")
    assert isinstance(view, DrawingsView)
    wait_until(lambda: view.drawings.kept and not view.is_reading, app)
    app.update()
    return view


def select_drawing(app: App, path: Path) -> DrawingsView:
    """Select a kept drawing in the Drawings view by its file."""
    view = drawings_view(app)
    view.thumbnails.select(
        [entry for entry in view.thumbnails.order if entry.path.name == path.name]
    )
    view.thumbnails.canvas.focus_force()
    app.update()
    return view


def evaluated(app: App) -> ResultsView:
    """The Results view after an evaluation of the kept drawings."""
    view = app.show_view("Results")
    assert isinstance(view, ResultsView)
    view.evaluate_on(KEPT)
    wait_until(lambda: app.jobs.state == DONE and view.result is not None, app, 60)
    return view


def select_image(app: App, view: ResultsView, name: str) -> None:
    """Select an evaluated drawing in its cell of the confusion matrix by its file."""
    number = [path.name for path in view.result.paths].index(name)
    evaluation = view.result.evaluation
    view.matrix.select((int(evaluation.labels[number]), int(evaluation.predictions[number])))
    view.images.thumbnails.select([number])
    view.images.thumbnails.canvas.focus_force()
    app.update()


def press(app: App, user: UserInput, key: str, condition: Callable[[], object]) -> None:
    """Press a key and wait for what it does."""
    user.press(key)
    wait_until(condition, app)
    view = app.views.current
    wait_until(lambda: not getattr(view, "is_reading", False), app)


def test_relabelling_in_results_and_trashing_in_drawings_are_undone_in_order(
    kept: list[Correction], app: App, user: UserInput, tmp_path: Path
) -> None:
    select_image(app, evaluated(app), kept[0].path.name)
    press(app, user, "9", lambda: labels(tmp_path) == ["4", "7", "9"])
    select_drawing(app, kept[0].path)
    press(app, user, "Delete", lambda: labels(tmp_path) == ["4", "7"])
    app.show_view("Results").matrix.focus_force()
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["4", "7", "9"])
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["4", "4", "7"])
    assert app.status.message == "Undone."
    press(app, user, "ctrl+y", lambda: labels(tmp_path) == ["4", "7", "9"])
    press(app, user, "ctrl+y", lambda: labels(tmp_path) == ["4", "7"])
    assert app.status.message == "Redone." and counted(tmp_path).kept[4] == 1


def test_a_relabelling_in_drawings_is_undone_from_the_pad_and_redone(
    kept: list[Correction], app: App, user: UserInput, tmp_path: Path
) -> None:
    view = select_drawing(app, kept[2].path)
    press(app, user, "1", lambda: labels(tmp_path) == ["1", "4", "4"])
    app.pad.canvas.focus_force()
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["4", "4", "7"])
    wait_until(lambda: [entry.label for entry in view.thumbnails.selected] == [7], app)
    press(app, user, "ctrl+y", lambda: labels(tmp_path) == ["1", "4", "4"])
    assert counted(tmp_path).kept[1] == 1 and counted(tmp_path).kept[7] == 0


def test_keeping_then_relabelling_takes_two_steps_to_undo_and_to_redo(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    user.press("7")
    [path] = list_kept_files(tmp_path)
    select_drawing(app, path)
    press(app, user, "1", lambda: labels(tmp_path) == ["1"])
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["7"])
    assert not app.session.content
    press(app, user, "ctrl+z", lambda: not labels(tmp_path))
    assert app.session.content and counted(tmp_path) == Counters()
    press(app, user, "ctrl+y", lambda: labels(tmp_path) == ["7"])
    press(app, user, "ctrl+y", lambda: labels(tmp_path) == ["1"])
    assert counted(tmp_path).new == 1 and not app.session.content


def test_an_import_is_undone_and_redone(app: App, user: UserInput, tmp_path: Path) -> None:
    source = tmp_path / "elsewhere" / "4"
    source.mkdir(parents=True)
    rasterized(drawing(4)).save(source / "a.png")
    view = app.show_view("Drawings")
    view.imports.start(source.parent)
    wait_until(lambda: app.jobs.state == DONE, app, 60)
    app.pad.canvas.focus_force()
    press(app, user, "ctrl+z", lambda: not labels(tmp_path))
    wait_until(lambda: len(view.drawings.trashed) == 1, app)
    press(app, user, "ctrl+y", lambda: labels(tmp_path) == ["4"])
    wait_until(lambda: not view.drawings.trashed, app)
    assert counted(tmp_path).kept[4] == counted(tmp_path).new == 1


def test_a_step_whose_file_went_away_is_named_once_and_the_one_before_is_undone(
    kept: list[Correction], app: App, user: UserInput, tmp_path: Path
) -> None:
    select_drawing(app, kept[0].path)
    press(app, user, "Delete", lambda: len(labels(tmp_path)) == 2)
    select_drawing(app, kept[2].path)
    press(app, user, "1", lambda: labels(tmp_path) == ["1", "4"])
    [path] = (tmp_path / "images" / "fine_tuning" / "1").iterdir()
    path.unlink()
    press(app, user, "ctrl+z", lambda: app.status.message.startswith("Not undone: "))
    assert path.name in app.status.message
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["4", "4"])
    assert app.status.message == "Undone."


def test_an_error_that_may_pass_leaves_the_step(
    kept: list[Correction], app: App, user: UserInput, tmp_path: Path
) -> None:
    select_drawing(app, kept[2].path)
    press(app, user, "1", lambda: labels(tmp_path) == ["1", "4", "4"])
    folder = kept[2].path.parent
    folder.rmdir()
    folder.write_text("a file in place of the folder")
    press(app, user, "ctrl+z", lambda: "Not undone: " in app.status.message)
    folder.unlink()
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["4", "4", "7"])


def test_the_last_evaluated_drawing_can_become_no_digit(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    only = corrections.keep(frame(rasterized(drawing(4))).pixels, 4)
    view = evaluated(app)
    select_image(app, view, only.path.name)
    press(app, user, "n", lambda: not only.path.exists())
    wait_until(lambda: app.status.message == "1 drawing is kept as no digit now.", app)
    wait_until(lambda: view.result.evaluation.confusion.sum() == 0, app)
    assert view.summary.endswith("no digits are left in the kept drawings.")
    press(app, user, "ctrl+z", only.path.exists)
    wait_until(lambda: view.result.evaluation.confusion.sum() == 1, app)


def test_results_follow_what_is_done_in_drawings(
    kept: list[Correction], app: App, user: UserInput, tmp_path: Path
) -> None:
    view = evaluated(app)
    select_drawing(app, kept[0].path)
    press(app, user, "Delete", lambda: len(labels(tmp_path)) == 2)
    select_drawing(app, kept[1].path)
    press(app, user, "9", lambda: labels(tmp_path) == ["7", "9"])
    app.show_view("Results")
    wait_until(lambda: sorted(view.result.evaluation.labels) == [7, 9], app)
    press(app, user, "ctrl+z", lambda: labels(tmp_path) == ["4", "7"])
    wait_until(lambda: sorted(view.result.evaluation.labels) == [4, 7], app)


def test_counts_come_from_the_folders(
    kept: list[Correction], app: App, user: UserInput, tmp_path: Path
) -> None:
    assert app.session.counters.kept[4] == 2 and app.session.counters.new == 3
    kept[0].path.unlink()
    user.draw(SEVEN)
    user.press("7")
    assert app.status.message == "Kept as a 7 (3 new)."
    assert (counted(tmp_path).kept[4], counted(tmp_path).kept[7]) == (1, 2)
