"""Steps of the benchmarks in the window: fine-tuning and the views."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.probes.pad_probe import Pen
from benchmarks.probes.probe import TICK, Probe, Steps
from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD
from number_recognition.digits.drawing.stroke_files import read_strokes
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.learning.evaluation.evaluate_job import MNIST
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run_files import SETTINGS_FILE, SUMMARY_FILE
from number_recognition.storage.fields import as_dict
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog

if TYPE_CHECKING:
    from number_recognition.window.experiments.runs_page import RunsPage

FIVE = 5


def fine_tuning(probe: Probe, options: argparse.Namespace) -> Steps:
    """Keep drawings with keys, then fine-tune: from F6 to the report, with a warm worker."""
    from number_recognition.learning.fine_tuning.fine_tune_job import prepare_worker

    drawings = five_of_each_digit(options.strokes, options.writer)
    yield from probe.network()
    app = probe.app
    warm = app.jobs.warm_up(prepare_worker)
    app.focus_force()
    for each in drawings:
        probe.draw(each.drawing)
        probe.canvas.event_generate(f"<Key-{each.label}>")
        probe.update()
    probe.check_kept(len(drawings))
    if warm is not None:
        while not warm.done():
            yield TICK
        warm.result()
    start = time.perf_counter()
    probe.canvas.event_generate("<F6>")
    if not app.jobs.running:
        raise ValueError(app.status.message)
    yield from probe.job()
    while not _card_is_shown(probe):
        yield 1
    probe.update()
    probe.found |= {"tuned": time.perf_counter() - start, "corrections": len(drawings)}


def five_of_each_digit(strokes: Path, writer: int) -> list[LabelledDrawing]:
    """The first five drawings of each digit by a writer, rotated by a quarter turn, for the pad.

    Raises:
        ValueError: there are none by that writer.
        OSError: the file cannot be read.
    """
    chosen, seen = [], [0] * 10
    for each in read_strokes(strokes):
        if each.writer != writer or each.label is None:
            continue
        if seen[each.label] < FIVE:
            seen[each.label] += 1
            turned = each.drawing.mapped(lambda points: points[:, ::-1] * (-1, 1))
            chosen.append(replace(each, drawing=fit_to_canvas(turned, 0.65 * PAD, DEFAULT_PEN)))
    if not chosen:
        raise ValueError(f"{strokes}: expected drawings by the writer {writer}, found none")
    return chosen


def _card_is_shown(probe: Probe) -> bool:
    cards = (
        child for child in probe.app.winfo_children() if isinstance(child, FineTuningResultDialog)
    )
    return any(card.winfo_viewable() for card in cards)


def cells(probe: Probe, options: argparse.Namespace) -> Steps:
    """Evaluate on MNIST and click every line of the confusion matrix: from there to its images."""
    yield from probe.network()
    view = probe.app.show_view("Results")
    # Imported once the view is built, so that building it takes as long as without a probe.
    from number_recognition.window.results.results_view import ResultsView

    assert isinstance(view, ResultsView)
    view.evaluate_on(MNIST)
    yield from probe.job()
    probe.update()
    took = []
    for row, column in itertools.product(range(-1, 10), repeat=2):
        cell = (row, column)
        x, y = map(round, view.matrix.middle(cell))
        start = time.perf_counter()
        view.matrix.event_generate("<Button-1>", x=x, y=y)
        probe.update()
        took.append(time.perf_counter() - start)
        if view.matrix.selected != cell or not view.images.caption:
            raise RuntimeError(f"expected the images of {cell}, found {view.images.caption!r}")
    result = view.result
    probe.found |= {"took": took, "images": len(result.pixels) if result is not None else 0}


def table_of_runs(probe: Probe, options: argparse.Namespace) -> Steps:
    """Open the table of many runs: in a new window, again, and where each must be read again.

    In a new window the newest run is selected as soon as it is there, until its curves are drawn.
    """
    runs = options.folder / "models" / "runs"
    for number in range(options.count):
        _write_run(runs / f"20250101T{number:06}-run", number)
    run_list.list_runs(runs)  # as the window that trained the last of them did
    yield from probe.network()
    for name in ("new", "again", "unread"):
        probe.app.choose_view("Network")
        probe.update()
        if name == "unread":
            _touch(runs)
        start, computed = time.perf_counter(), time.thread_time()
        page = _open_table(probe, options.count)
        probe.found[name] = time.perf_counter() - start
        probe.found[f"{name}_computing"] = time.thread_time() - computed
        if name == "new":
            page.select([page.runs[0].folder])
            _wait_for_curves(probe, page)
            probe.found["curves"] = time.perf_counter() - start


def _open_table(probe: Probe, count: int) -> RunsPage:
    """Press what shows the table of runs, and wait until its rows are on the screen."""
    exposed = []
    probe.app.bind_class("Treeview", "<Expose>", lambda event: exposed.append(event.widget))
    before = _runs_page(probe)
    listed = None if before is None else before.runs
    probe.app.choose_view("Experiments")
    while True:
        # What comes after the table is drawn does not count.
        probe.one_event()
        page = _runs_page(probe)
        if page is None or page.runs is listed or page.table.tree not in exposed:
            continue
        if len(page.table.tree.get_children()) == count:
            _finish_drawing(probe)
            return page


def _wait_for_curves(probe: Probe, page: RunsPage) -> None:
    """Wait until the curves of the runs that are selected are on the screen."""
    while "curves" not in vars(page.plots):  # asking for them would build them
        probe.one_event()
    drawn: list[object] = []
    page.plots.curves.figure.canvas.mpl_connect("draw_event", drawn.append)
    while not drawn:
        probe.one_event()
    _finish_drawing(probe)


def _finish_drawing(probe: Probe) -> None:
    """Draw what is due, and wait until the X server has done so."""
    probe.app.update_idletasks()
    probe.app.winfo_pointerxy()


def _runs_page(probe: Probe) -> RunsPage | None:
    """The page with the table of runs; None before the view is built."""
    view = probe.app.views.current
    # Imported only by the window: its import is part of the time.
    module = sys.modules.get("number_recognition.window.experiments.experiments_view")
    if module is None or not isinstance(view, module.ExperimentsView):
        return None
    page: RunsPage = view.runs_page
    return page


def thumbnails(probe: Probe, options: argparse.Namespace) -> Steps:
    """Open the Drawings view over many kept drawings: from the key to the first thumbnails."""
    corrections = probe.app.session.corrections
    content = corrections.keep(np.eye(28, dtype=np.float32), 4).path.read_bytes()
    for number in range(1, options.count):
        name = f"20250101T000000-{number:012}.png"
        (corrections.folder / str(number % 10) / name).write_bytes(content)
    yield from probe.network()
    start = time.perf_counter()
    view = probe.app.show_view("Drawings")
    # Imported once the view is built: its import is part of the time.
    from number_recognition.window.drawings.drawings_view import DrawingsView

    assert isinstance(view, DrawingsView)
    while len(view.thumbnails.order) != options.count:
        probe.update()
    probe.app.update_idletasks()
    probe.found["shown_drawings"] = time.perf_counter() - start


def explaining(probe: Probe, options: argparse.Namespace) -> Steps:
    """Draw while the Network view shows why: from a move of the pen to a window that shows it."""
    yield from probe.network()
    probe.app.show_view("Network")
    probe.update()
    pen = Pen(probe)
    took = []
    for _ in range(options.count):
        start = time.perf_counter()
        pen.move()
        probe.update()
        took.append(time.perf_counter() - start)
    probe.found["moves"] = took


def _touch(runs: Path) -> None:
    """Let every run be changed, so that what is known of it holds no longer."""
    for summary in runs.glob(f"*/{SUMMARY_FILE}"):
        summary.touch()


def _write_run(folder: Path, seed: int) -> None:
    """A run as a training of twenty epochs leaves it, without its network."""
    columns = ("accuracy", "loss", "val_accuracy", "val_loss", "learning_rate", "seconds")
    settings = as_dict(TrainingSettings(seed=seed))
    summary = {
        "settings": settings,
        "metrics": {"validation": 0.99, "mnist_test": 0.99, "seconds": 60.0, "weights": 669706},
        "samples": {"mnist": 54000},
        "completed": True,
        "history": [{"epoch": n, **dict.fromkeys(columns, 0.123456789)} for n in range(1, 21)],
    }
    folder.mkdir(parents=True)
    (folder / SUMMARY_FILE).write_text(json.dumps(summary, indent=2))
    (folder / SETTINGS_FILE).write_text(json.dumps({"training": settings, "paths": {}}, indent=2))
