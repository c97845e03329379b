"""The dialogs: network versions and the glossary, used with keys."""

from __future__ import annotations

import json
import re
import shutil
import tkinter as tk
from dataclasses import replace
from functools import partial
from pathlib import Path
from tkinter import font as tkfont

import pytest
from digit_images import write_mnist
from visible_text import cut_off, values_cut_off
from window_support import UserInput, visible_texts, wait_until

from number_recognition.core.formatting import percent
from number_recognition.learning.evaluation.evaluate_job import MNIST
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.runs.run import Run, write_run
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog
from number_recognition.window.dialogs.glossary import TERMS, VIEW_TERMS, Glossary
from number_recognition.window.dialogs.model_versions import VersionsDialog, list_networks
from number_recognition.window.dialogs.skipped_files import show_skipped_files
from number_recognition.window.toolkit.theme import BODY


def toplevels(app: App, kind: type[tk.Toplevel]) -> list[tk.Toplevel]:
    return [child for child in app.winfo_children() if isinstance(child, kind)]


def add_version(home: Path, network: Path, name: str, report: str) -> Path:
    path = home / "models" / "versions" / f"{name}.keras"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(network, path)
    path.with_suffix(".json").write_text(report)
    return path


REPORT = json.dumps(
    {
        "corrections": 12,
        "kept": {"before": 0.5, "after": 0.75, "count": 12},
        "mnist_test": {"before": 0.99, "after": 0.9912, "count": 10000},
    }
)


def test_versions_are_listed_and_used(
    app: App, user: UserInput, network: Path, tmp_path: Path
) -> None:
    app.session.preferences.change("paths", {"mnist": str(write_mnist(tmp_path / "mnist.npz"))})
    run = tmp_path / "models" / "runs" / "20251225T000000-wide"
    run.mkdir(parents=True)
    shutil.copy(network, run / "model.keras")
    metrics = {"mnist_test": 0.9834, "weights": 1.0, "seconds": 1.0}
    write_run(Run(run, TrainingSettings(), metrics=metrics, completed=True))
    of_run = json.dumps({**json.loads(REPORT), "parent": str(run / "model.keras")})
    old = add_version(tmp_path, network, "20260101T000000", of_run)
    new = add_version(tmp_path, network, "20260202T000000", "{ broken")
    oldest = add_version(tmp_path, network, "20251231T000000", '{"kept": [3], "mnist_test": 1}')
    of_old = json.dumps({**json.loads(REPORT), "parent": str(old)})
    newest = add_version(tmp_path, network, "20260303T000000", of_old)
    content = network.read_bytes()
    results = app.show_view("Results")
    results.evaluate_on(MNIST)
    wait_until(lambda: results.result is not None and not app.jobs.running, app, 60)
    app.model_menu.show_versions()
    app.update()
    [dialog] = toplevels(app, VersionsDialog)
    rows = dialog.table.get_children()
    assert [str(newest), str(new), str(old)] == [row for row in rows if "versions" in row][:3]
    assert "2025" in dialog.table.set(str(oldest), "created")
    assert dialog.table.set(str(old), "base").startswith("network of the training “wide” of 2")
    assert dialog.table.set(str(newest), "base").startswith("fine-tuned network of ")
    assert {dialog.table.set(str(each), "base") for each in (new, oldest, network)} == {"–"}
    assert rows[-2] == str(run / "model.keras"), "what was fine-tuned can be used again"
    measure = tkfont.nametofont(BODY, app).measure
    widths = {measure(dialog.table.set(row, "created")) for row in rows}
    assert max(widths) + 8 < dialog.table.column("created", "width"), "with the space beside it"
    assert dialog.table.set(str(old), "mnist") == "99.12 %"
    measured = percent(results.result.evaluation.accuracy)
    assert dialog.table.set(str(network), "mnist") == measured
    assert dialog.table.set(str(old), "kept") == "75.0 % of 12 (before: 50.0 %)"
    assert [dialog.table.set(row, "note") for row in rows].count("in use") == 1
    dialog.table.selection_set(str(old))
    dialog.table.focus_force()
    user.press("Return")
    wait_until(lambda: not toplevels(app, VersionsDialog), app)
    assert app.session.network_path == old and "trained on 12 drawings" in app.status.message
    assert "fine-tuned network of" in app.title() and old.name not in app.title()
    assert network.read_bytes() == content
    listed = list_networks(tmp_path / "models", network, old)
    assert listed[-1].path == network and listed[-1].name == "bundled network"
    assert listed[-2].path == run / "model.keras" and listed[-2].mnist == "98.3 %"
    assert list_networks(tmp_path, network, run / "model.keras")[0].mnist == "98.3 %"


@pytest.mark.parametrize("term", TERMS)
def test_each_term_has_two_sentences(term: str) -> None:
    assert len(re.findall(r"[.!?](?:\s|$)", TERMS[term])) == 2


def test_views_have_existing_terms(app: App) -> None:
    assert set(VIEW_TERMS.values()) <= set(TERMS)
    assert set(VIEW_TERMS) <= set(app.views.titles)


def test_shift_f1_explains_the_view_that_has_the_focus_and_f1_helps(
    app: App, user: UserInput
) -> None:
    view = app.show_view("Results")
    view.matrix.focus_force()
    app.update()
    user.press("F1")
    [dialog] = toplevels(app, tk.Toplevel)
    assert dialog.title() == "Help"
    dialog.destroy()
    view.matrix.focus_force()
    app.update()
    user.press("shift+F1")
    [glossary] = toplevels(app, Glossary)
    assert glossary.term == "Confusion matrix"
    app.focus_force()
    app.help_menu.show_glossary()
    assert toplevels(app, Glossary) == [glossary] and glossary.term == ""
    glossary.focus_force()
    app.update()
    user.press("Escape")
    wait_until(lambda: not toplevels(app, Glossary), app)


def result_with_much_to_say(folder: Path) -> FineTuningReport:
    gain, loss = Change(0.5, 0.9, 12), Change(0.9921, 0.9917, 3000)
    skipped = [f"{folder}/{n}/a picture.png: expected an image" for n in range(5)]
    return FineTuningReport(
        *(folder, folder, 12, gain, loss, 4, -0.0034, True, "It reads more of your drawings."),
        *(20.0, 1.0, gain, None, [(1, 2, 3)], skipped),
    )


def test_the_result_of_a_fine_tuning_says_which_samples_its_figures_are_of(
    app: App, tmp_path: Path
) -> None:
    report = result_with_much_to_say(tmp_path)
    test = Change(0.9988, 0.9986, 10000)
    for each, worst in (
        (report, "Largest drop of a digit in the original task: 4, by 0.34 points."),
        (
            replace(report, mnist_test=test),
            "Largest drop of a digit in the MNIST test set: 4, by 0.34 points.",
        ),
    ):
        dialog = FineTuningResultDialog(app, each)
        app.update()
        texts = set(visible_texts(dialog))
        assert {"Your 12 kept drawings, trained on", "Original task, 3,000 samples", worst} <= texts
        assert ("MNIST test set, 10,000 samples" in texts) == (each.mnist_test is not None)
        assert "1 of the 3,000 predictions of the original task changed." in texts
        [samples] = [text for text in texts if text.startswith("Original task: ")]
        assert ("MNIST's training set" in samples) == (each.mnist_test is not None)
        dialog.destroy()


@pytest.mark.parametrize("screen", [None, (1024, 600)])
def test_no_dialog_is_larger_than_the_screen(
    app: App,
    network: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    screen: tuple[int, int] | None,
) -> None:
    if screen:
        monkeypatch.setattr(tk.Misc, "winfo_screenwidth", lambda self: screen[0])
        monkeypatch.setattr(tk.Misc, "winfo_screenheight", lambda self: screen[1])
    app.view_menu.zoom_to(1.75 if screen else 3.0)
    menu = app.help_menu
    add_version(tmp_path, network, "20260101T000000", REPORT)
    folder = tmp_path / ("a-folder-of-a-long-name" * 4)
    folder.mkdir()
    shutil.copy(network, folder / "the-network.keras")
    app.model_menu.use_network(folder / "the-network.keras")
    skipped = partial(show_skipped_files, app, [f"{folder}/a.png: expected an image"] * 40)
    result = partial(FineTuningResultDialog, app, result_with_much_to_say(folder))
    for show in (menu.show, menu.show_shortcuts, menu.show_glossary, app.settings.open,
                 menu.show_about, app.model_menu.show_versions, skipped, result):  # fmt: skip
        show()
        app.update()
        [dialog] = toplevels(app, tk.Toplevel)
        assert dialog.winfo_width() <= app.winfo_screenwidth(), dialog.title()
        assert dialog.winfo_height() <= app.winfo_screenheight(), dialog.title()
        assert not cut_off(dialog) and not values_cut_off(dialog), dialog.title()
        dialog.destroy()
