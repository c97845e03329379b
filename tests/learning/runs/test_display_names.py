"""Networks are called by what people remember of them, not by their files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from number_recognition.learning.fine_tuning.report import Change, advice
from number_recognition.learning.runs.display_names import (
    created_at,
    description,
    display_name,
    run_display_name,
)
from number_recognition.learning.runs.run import Run
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.dialogs.model_versions import list_networks
from number_recognition.window.training.training_result import metric_rows

CARD = {"corrections": 12, "kept": {"before": 0.5, "after": 0.75, "count": 12}}


def test_a_kept_version_says_when_from_how_many_and_what_it_gained(tmp_path: Path) -> None:
    version = tmp_path / "20260615T120000123456.keras"
    version.with_suffix(".json").write_text(json.dumps(CARD))
    words = description(version)
    assert words.startswith("fine-tuned network of 15 Jun 2026, ")
    assert words.endswith(": trained on 12 drawings, 3 more of 12 read correctly")
    for broken in ("{", "[]", '{"corrections": "x", "kept": {"before": "y"}}'):
        version.with_suffix(".json").write_text(broken)
        assert description(version) == display_name(version)


def test_one_drawing_is_no_drawings(tmp_path: Path) -> None:
    version = tmp_path / "versions" / "20260615T120000123456.keras"
    version.parent.mkdir()
    version.touch()
    version.with_suffix(".json").write_text(json.dumps({**CARD, "corrections": 1}))
    assert ": trained on 1 drawing" in description(version)
    [listed] = list_networks(tmp_path, tmp_path / "none.keras", version)
    assert listed.name == "fine-tuned, 1 drawing"
    assert "the 1 kept drawing " in advice(Change(0, 1, 1), Change(1, 1, 9), max_drop=0.1)[1]


@pytest.mark.parametrize("wrong", ["Infinity", "NaN", "1" + "0" * 400])
def test_what_is_no_number_in_a_card_is_called_so(tmp_path: Path, wrong: str) -> None:
    version = tmp_path / "versions" / "20260615T120000123456.keras"
    version.parent.mkdir()
    version.touch()
    card = '{"corrections": 2, "kept": {"before": 0.5, "after": %s, "count": 2}}'
    version.with_suffix(".json").write_text(card % wrong)
    assert description(version).endswith(": trained on 2 drawings, gain: not a number")
    [listed] = list_networks(tmp_path, tmp_path / "none.keras", version)
    assert listed.kept.startswith("not a number of 2")


@pytest.mark.parametrize("wrong", [float("inf"), float("nan"), 10**400])
def test_what_is_no_number_in_a_run_is_called_so(wrong: float) -> None:
    metrics = {"validation": wrong, "weights": wrong, "seconds": wrong}
    run = Run(Path("run"), TrainingSettings(), metrics=metrics, baseline={"validation": 0.9})
    assert [row[1] for row in metric_rows(run)[1:]] == ["not a number"] * 3


def test_a_run_is_called_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "20260615T120000-wide"
    folder.mkdir()
    assert display_name(folder / "model.keras").startswith(
        "network of the training “wide” of 15 Jun 2026"
    )
    (folder / "note.json").write_text('{"name": "the best"}')
    assert run_display_name(folder).startswith("training “the best” of 15 Jun 2026, ")
    assert run_display_name(tmp_path / "elsewhere") == "training elsewhere"


def test_another_network_is_called_by_its_file(tmp_path: Path) -> None:
    network = tmp_path / "mine.keras"
    network.touch()
    assert display_name(network) == description(network) == "mine.keras" and "20" in created_at(
        network
    )
    assert description(tmp_path / "99999999T999999.keras").endswith("99999999T999999")
