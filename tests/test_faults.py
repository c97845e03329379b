"""The benchmark of faults tries each row, and says what does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.faults.__main__ import main
from benchmarks.faults.files.overwrites import write_over
from number_recognition.learning.runs import run_list


def test_rows_that_need_no_training_hold(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("calls", "mutations", "overwrites", "locks", "servers")
    chosen = [argument for name in names for argument in ("--row", name)]
    assert main([*chosen, "--rounds", "4", "--seed", "3", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["seed"] == 3 and len(result["rows"]) == len(names)
    assert all(row["tried"] > 0 and row["failures"] == [] for row in result["rows"])


def test_a_file_that_is_written_over_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_list, "quarantine_unless", lambda path, is_understood: None)
    row = write_over(tmp_path, seed=1, rounds=24)
    assert row.failures and all("note.json" in failure for failure in row.failures)
