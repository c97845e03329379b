"""The Drawings view: seen, relabelled, trashed, undone and imported as a person would."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from window_support import SEVEN, UserInput, kill_worker, list_kept_files, wait_until

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.images.frame import frame
from number_recognition.session.correction_list import DUPLICATES, MISREAD, TRASH, UNREADABLE
from number_recognition.storage.counters import Counters, read_counters, write_counters
from number_recognition.window.app import App
from number_recognition.window.drawings.drawings_view import DrawingsView
from number_recognition.window.drawings.filter_bar import LEAST_PROBABLE, NEWEST
from number_recognition.window.toolkit.job_runner import DONE


def kept(home: Path, labels: list[int | None]) -> list[Correction]:
    """Different drawings of a four, kept under these labels, and counted."""
    corrections = Corrections(home / "images" / "fine_tuning")
    entries = []
    for number, label in enumerate(labels):
        written = drawing(4, seed=number)
        pixels = frame(rasterized(written)).pixels
        entries.append(corrections.keep(pixels, label, written.drawing, predicted=9))
    by_digit = tuple(labels.count(digit) for digit in range(10))
    counters = Counters(by_digit, labels.count(None), new=len(labels))
    write_counters(counters, home / "counters.json")
    return entries


def view_of(app: App) -> DrawingsView:
    app.choose_view("Drawings")
    wait_until(lambda: isinstance(app.views.current, DrawingsView), app)
    view = app.views.current
    view.refresh("shown")
    wait_for(app, view)
    return view


def wait_for(app: App, view: DrawingsView) -> None:
    """Wait until every edit is made and shown."""
    wait_until(lambda: not view.is_reading, app)
    app.update()


def click_thumbnail(user: UserInput, view: DrawingsView, entry: Correction, *held: str) -> None:
    left, top, right, bottom = view.thumbnails.box(entry)
    canvas = view.thumbnails.canvas
    x, y = canvas.winfo_rootx() + (left + right) // 2, canvas.winfo_rooty() + (top + bottom) // 2
    user.click_at(x, y, *held)


def test_images_copied_there_by_hand_are_listed_and_trained_on(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "images" / "fine_tuning" / "4"
    folder.mkdir(parents=True)
    assert not app.command_state.current()["tunable"]
    rasterized(drawing(4)).save(folder / "photo.jpg")
    view = view_of(app)
    app.corrections_changed()
    assert app.command_state.current()["tunable"]
    assert [entry.path.name for entry in view.thumbnails.order] == ["photo.jpg"]


def test_strokes_that_cannot_be_read_are_told_of(app: App, user: UserInput, tmp_path: Path) -> None:
    [entry] = kept(tmp_path, [4])
    [strokes] = app.session.corrections.originals.list_files()
    strokes.write_text("no strokes")
    click_thumbnail(user, view_of(app), entry)
    wait_until(lambda: app.status.pending.errors, app)
    [error] = app.status.pending.errors
    assert error.startswith("Only the 28 × 28 pixels of this drawing can be shown: ")
    assert strokes.name in error and strokes.exists()


def counted(home: Path) -> Counters:
    return read_counters(home / "counters.json")[0]


def test_keys_relabel_the_selected_drawings_and_undo_restores_them(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    first, second, _ = kept(tmp_path, [4, 4, 7])
    view = view_of(app)
    click_thumbnail(user, view, first)
    wait_until(lambda: view.thumbnails.selected == [first], app)
    assert "Kept as a 4" in view.details.description and "reads a" in view.details.description
    user.press("9")
    wait_until(lambda: not first.path.exists(), app)
    wait_for(app, view)
    assert app.status.message == "1 drawing is kept as a 9 now."
    counters = counted(tmp_path)
    assert (counters.kept[4], counters.kept[9], counters.new) == (1, 1, 3)
    assert view.thumbnails.selected and first not in view.thumbnails.order
    user.press("ctrl+z")
    wait_until(lambda: first.path.exists(), app)
    wait_for(app, view)
    assert counted(tmp_path).kept[4] == 2 and view.thumbnails.selected == [first]
    click_thumbnail(user, view, second, "ctrl")
    wait_until(lambda: len(view.thumbnails.selected) == 2, app)
    user.press("n")
    wait_until(lambda: not second.path.exists(), app)
    wait_for(app, view)
    assert counted(tmp_path).not_a_digit == 2 and len(list_kept_files(tmp_path)) == 1


def test_drawings_are_moved_to_the_trash_and_restored(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    entries = kept(tmp_path, [4, 4, None])
    view = view_of(app)
    view.thumbnails.canvas.focus_force()
    user.press("Home", "ctrl+a", "Delete")
    wait_until(lambda: not view.thumbnails.order, app)
    wait_for(app, view)
    assert app.status.message == "3 drawings are in the trash."
    assert counted(tmp_path) == Counters() and not list_kept_files(tmp_path)
    assert len(list((tmp_path / "images" / "fine_tuning_trash").rglob("*.png"))) == 3
    view.show_only(TRASH)
    app.update()
    assert "(3)" in view.filter.text
    view.thumbnails.select([entry for entry in view.thumbnails.order if entry.label == 4])
    assert view.details.buttons["trash"]["text"] == "Restore"
    user.click(view.details.buttons["trash"])
    wait_until(lambda: len(view.thumbnails.order) == 1, app)
    wait_for(app, view)
    assert counted(tmp_path).kept[4] == 2 and counted(tmp_path).new == 2
    assert entries[0].path.exists() and not entries[2].path.exists()


def test_keys_do_not_act_on_drawings_that_another_view_hides(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    [entry] = kept(tmp_path, [4])
    click_thumbnail(user, view_of(app), entry)
    user.press("ctrl+1")
    wait_until(lambda: app.views.title == "Network" and app.views.current.winfo_viewable(), app)
    wait_until(lambda: app.focus_get() is app.views.buttons[0], app)
    user.press("Delete", "Return", "7")
    assert entry.path.exists() and not app.session.content


def test_digit_keys_act_on_the_pad_while_it_has_the_focus(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    [entry] = kept(tmp_path, [4])
    view = view_of(app)
    click_thumbnail(user, view, entry)
    user.draw(SEVEN)
    user.press("7")
    wait_until(lambda: len(list_kept_files(tmp_path)) == 2, app)
    wait_for(app, view)
    assert entry.path.exists() and len(view.thumbnails.order) == 2
    user.press("ctrl+z")
    assert len(list_kept_files(tmp_path)) == 1 and app.session.content


def test_return_puts_the_drawing_on_the_pad(app: App, user: UserInput, tmp_path: Path) -> None:
    [entry] = kept(tmp_path, [4])
    view = view_of(app)
    click_thumbnail(user, view, entry)
    user.press("Return")
    wait_until(lambda: bool(app.session.content.drawing), app)
    assert len(app.session.content.drawing.strokes) == len(drawing(4, seed=0).drawing.strokes)


def test_a_relabelling_and_the_keeping_before_it_are_undone(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    user.press("7")
    view = view_of(app)
    view.thumbnails.select(view.thumbnails.order)
    view.relabel(1)
    wait_for(app, view)
    assert counted(tmp_path).kept[1] == 1
    app.undo()
    wait_for(app, view)
    assert counted(tmp_path).kept[7] == 1
    app.undo()
    assert not list_kept_files(tmp_path) and app.session.content
    assert counted(tmp_path) == Counters()


def test_misread_improbable_duplicate_and_broken_drawings_are_listed(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    entries = kept(tmp_path, [4, 0, 1])
    corrections = app.session.corrections
    pixels = frame(rasterized(drawing(4, seed=0))).pixels
    twin = corrections.keep(pixels, 8)
    broken = corrections.folder / "3" / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n")
    view = view_of(app)
    assert "Cannot be read: 1, for example 3/broken.png" in view.summary
    view.show_only(UNREADABLE)
    assert [entry.path for entry in view.thumbnails.order] == [broken] and broken.exists()
    view.show_only(DUPLICATES)
    assert set(view.thumbnails.order) == {entries[0], twin}
    view.show_only(MISREAD, LEAST_PROBABLE)
    probabilities = [view.drawings.label_probability(entry) for entry in view.thumbnails.order]
    assert probabilities == sorted(probabilities) and len(probabilities) >= 2
    network = app.session.recognizer.network
    answer = network((np.round(pixels * 255) / 255).astype(np.float32)[None])[0]
    assert view.drawings.label_probability(twin) == pytest.approx(answer[8], abs=1e-4)


def test_a_thousand_drawings_are_listed(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    corrections.prepare()
    [source] = kept(tmp_path, [4])
    content = source.path.read_bytes()
    for number in range(1000):
        path = corrections.folder / str(number % 10) / f"20260101T000000-{number:012}.png"
        path.write_bytes(content)
    app.choose_view("Files")
    app.update()
    app.choose_view("Drawings")
    wait_until(lambda: isinstance(app.views.current, DrawingsView), app)
    view = app.views.current
    wait_until(lambda: not view.is_reading, app, 30)
    assert len(view.thumbnails.order) == 1001 and view.filter.order == NEWEST
    shown = view.thumbnails.canvas.find_withtag("thumbnail")
    assert 10 < len(shown) < 500
    view.thumbnails.canvas.event_generate("<End>")
    view.thumbnails.canvas.focus_force()
    app.update()


@pytest.mark.parametrize("form", ["folder", "csv"])
def test_an_import_is_counted_and_skipped_files_are_listed(
    app: App, user: UserInput, tmp_path: Path, form: str
) -> None:
    source = tmp_path / "elsewhere"
    (source / "4").mkdir(parents=True)
    rasterized(drawing(4)).save(source / "4" / "a.png")
    (source / "4" / "notes.png").write_text("no picture")
    (source / "list.csv").write_text("file,label\n4/a.png,4\n4/notes.png,4\n")
    view = view_of(app)
    view.imports.start(source if form == "folder" else source / "list.csv")
    wait_until(lambda: app.jobs.state == DONE, app, 60)
    wait_for(app, view)
    assert app.status.message == "1 imported, 1 skipped."
    assert counted(tmp_path).kept[4] == 1 and len(view.thumbnails.order) == 1
    app.status.action_buttons["Show why"].invoke()
    app.update()
    [dialog] = [child for child in app.winfo_children() if child.winfo_class() == "Toplevel"]
    dialog.destroy()
    app.status.action_buttons["Undo"].invoke()
    wait_for(app, view)
    assert app.status.message == "Undone." and not view.thumbnails.order
    assert counted(tmp_path).kept[4] == 0 and counted(tmp_path).new == 0
    assert len(view.drawings.trashed) == 1 and app.session.history.next_undo is None


def test_what_a_killed_worker_imported_can_be_undone(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "4"
    folder.mkdir(parents=True)
    rasterized(drawing(4)).save(folder / "a.png")
    large = rasterized(drawing(4, 2)).resize((4000, 4000))
    large.save(folder / "b.png", compress_level=1)
    for number in range(40):  # each takes a while
        os.link(folder / "b.png", folder / f"c{number}.png")
    view = view_of(app)
    view.imports.start(folder.parent)
    wait_until(lambda: len(app.session.corrections.digits()) == 2, app, 60)
    kill_worker()
    wait_until(lambda: app.status.pending.errors, app, 20)
    [error] = app.status.pending.errors
    assert "The import ended: its process was killed (SIGKILL)" in error
    app.status.action_buttons["OK"].invoke()
    wait_until(lambda: "Undo import" in app.status.action_buttons, app, 20)
    app.status.action_buttons["Undo import"].invoke()
    wait_until(lambda: not list_kept_files(tmp_path), app)
    wait_for(app, view)
    assert len(view.drawings.trashed) == 2


def test_an_import_can_be_undone_though_counters_cannot_be_written(
    app: App, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere" / "4").mkdir(parents=True)
    rasterized(drawing(4)).save(tmp_path / "elsewhere" / "4" / "a.png")
    view = view_of(app)
    (tmp_path / "counters.json").unlink(missing_ok=True)
    (tmp_path / "counters.json").mkdir()
    view.imports.start(tmp_path / "elsewhere")
    wait_until(lambda: app.jobs.state == DONE, app, 60)
    wait_for(app, view)
    assert "Counts may be wrong. 1 imported." in app.status.message
    assert len(view.thumbnails.order) == 1 and app.session.history.next_undo is not None


def test_a_drawing_that_cannot_be_moved_stays_with_an_error(app: App, tmp_path: Path) -> None:
    [entry] = kept(tmp_path, [4])
    view = view_of(app)
    view.thumbnails.select([entry])
    (entry.path.parent.parent / "7").rmdir()
    (entry.path.parent.parent / "7").write_text("a file in place of the folder")
    view.relabel(7)
    wait_for(app, view)
    assert "Nothing was changed: " in app.status.message and entry.path.exists()


def test_edits_are_made_and_undone_though_counters_cannot_be_written(
    app: App, tmp_path: Path
) -> None:
    [entry] = kept(tmp_path, [4])
    view = view_of(app)
    (tmp_path / "counters.json").unlink()
    (tmp_path / "counters.json").mkdir()
    for act in (lambda: view.relabel(7), app.undo, view.trash, app.undo):
        view.thumbnails.select(view.drawings.kept)
        before = view.drawings.kept
        act()
        wait_for(app, view)
        assert view.drawings.kept != before and "Counts may be wrong." in app.status.message
    assert view.drawings.kept == [entry]


def test_a_lost_step_is_reported_once(app: App, tmp_path: Path) -> None:
    [entry] = kept(tmp_path, [4])
    view = view_of(app)
    view.thumbnails.select([entry])
    view.relabel(7)
    wait_for(app, view)
    for path in list_kept_files(tmp_path):
        path.unlink()
    app.undo()
    wait_until(lambda: app.status.message.startswith("Not undone: "), app)
    wait_for(app, view)
    assert app.session.history.next_undo is None


def test_edits_requested_while_files_move_run_one_after_the_other(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    kept(tmp_path, [4, 4, 4])
    view = view_of(app)
    view.thumbnails.select(view.thumbnails.order[:1])
    view.relabel(9)
    view.relabel(9)
    view.trash()
    app.undo()
    wait_for(app, view)
    assert (counted(tmp_path).kept[4], counted(tmp_path).kept[9]) == (1, 2)
    assert app.status.message == "Undone."
