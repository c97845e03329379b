"""Versions and glossary: small windows, by keys."""

from __future__ import annotations

import json
import re
import shutil
import tkinter as tk
from pathlib import Path

import pytest
from window_support import SEVEN, Hand, wait_until

from number_recognition.window.app import App
from number_recognition.window.dialogs.glossary import TERMS, VIEW_TERMS, Glossary
from number_recognition.window.dialogs.model_versions import VersionsDialog, list_networks


def toplevels(app: App, kind: type[tk.Toplevel]) -> list[tk.Toplevel]:
    return [child for child in app.winfo_children() if isinstance(child, kind)]


def kept_version(home: Path, network: Path, name: str, card: str) -> Path:
    path = home / "models" / "versions" / f"{name}.keras"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(network, path)
    path.with_suffix(".json").write_text(card)
    return path


CARD = json.dumps(
    {
        "corrections": 12,
        "kept": {"before": 0.5, "after": 0.75, "count": 12},
        "mnist_test": {"before": 0.99, "after": 0.9912, "count": 10000},
    }
)


def test_versions_are_listed_and_taken_into_use(
    app: App, hand: Hand, network: Path, tmp_path: Path
) -> None:
    old = kept_version(tmp_path, network, "20260101T000000", CARD)
    new = kept_version(tmp_path, network, "20260202T000000", "{ broken")
    kept_version(tmp_path, network, "20251231T000000", '{"kept": [3], "mnist_test": 1}')
    content = network.read_bytes()
    app.model_menu.show_versions()
    app.update()
    [window] = toplevels(app, VersionsDialog)
    rows = window.table.get_children()
    assert [str(new), str(old)] == [row for row in rows if "versions" in row][:2]
    assert "2025" in window.table.set(rows[-2], "made")
    assert window.table.set(str(old), "mnist") == "99.12 %"
    assert window.table.set(str(old), "kept") == "75.0 % of 12 (before: 50.0 %)"
    assert [window.table.set(row, "note") for row in rows].count("in use") == 1
    window.table.selection_set(str(old))
    window.table.focus_force()
    hand.press("Return")
    wait_until(lambda: not toplevels(app, VersionsDialog), app)
    assert app.session.network_path == old and "12 drawings learnt" in app.status.message
    assert "fine-tuned network of" in app.title() and old.name not in app.title()
    assert network.read_bytes() == content
    listed = list_networks(tmp_path / "models", network, old)
    assert listed[-1].path == network and listed[-1].name == "came with the program"


@pytest.mark.parametrize("term", TERMS)
def test_each_word_is_explained_in_two_sentences(term: str) -> None:
    assert len(re.findall(r"[.!?](?:\s|$)", TERMS[term])) == 2


def test_the_views_name_words_that_there_are(app: App) -> None:
    assert set(VIEW_TERMS.values()) <= set(TERMS) and set(app.views.titles) >= {"Results"}


def test_f1_explains_the_view_that_has_the_focus(app: App, hand: Hand) -> None:
    hand.draw(SEVEN)
    hand.press("F1")
    assert not toplevels(app, Glossary) and toplevels(app, tk.Toplevel)
    for dialog in toplevels(app, tk.Toplevel):
        dialog.destroy()
    app.focus_force()
    view = app.show_view("Results")
    view.matrix.focus_force()
    app.update()
    hand.press("F1")
    [glossary] = toplevels(app, Glossary)
    assert glossary.term == "Confusion matrix"
    app.help_menu.show_glossary("Loss")
    assert toplevels(app, Glossary) == [glossary] and glossary.term == "Loss"
    glossary.focus_force()
    app.update()
    hand.press("Escape")
    wait_until(lambda: not toplevels(app, Glossary), app)
