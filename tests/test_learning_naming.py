"""Networks are called by what people remember of them, not by their files."""

from __future__ import annotations

import json
from pathlib import Path

from learning.naming import called, described, made, run_called

CARD = {"corrections": 12, "kept": {"before": 0.5, "after": 0.75, "count": 12}}


def test_a_kept_version_says_when_from_how_many_and_what_it_gained(tmp_path: Path) -> None:
    version = tmp_path / "20260615T120000123456.keras"
    version.with_suffix(".json").write_text(json.dumps(CARD))
    words = described(version)
    assert words.startswith("fine-tuned network of 15 Jun 2026, ")
    assert words.endswith(": 12 drawings learnt, 3 more of 12 read right")
    for broken in ("{", "[]", '{"corrections": "x", "kept": {"before": "y"}}'):
        version.with_suffix(".json").write_text(broken)
        assert described(version) == called(version)


def test_a_run_is_called_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "20260615T120000-wide"
    folder.mkdir()
    assert called(folder / "model.keras").startswith(
        "network of the training “wide” of 15 Jun 2026"
    )
    (folder / "note.json").write_text('{"name": "the best"}')
    assert run_called(folder).startswith("training “the best” of 15 Jun 2026, ")
    assert run_called(tmp_path / "elsewhere") == "training elsewhere"


def test_another_network_is_called_by_its_file(tmp_path: Path) -> None:
    network = tmp_path / "mine.keras"
    network.touch()
    assert called(network) == described(network) == "mine.keras" and "20" in made(network)
    assert described(tmp_path / "99999999T999999.keras").endswith("99999999T999999")
