"""Any JSON in the place of the program's files is read or refused with a message."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from number_recognition.learning.fine_tuning.version_store import read_report
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.runs.run_files import read_settings, read_summary
from number_recognition.learning.runs.run_list import list_runs
from number_recognition.learning.sweeps.sweep_file import read_sweep
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import read_counters
from number_recognition.storage.values import parse_json

KEYS = (
    *("training", "window", "paths", "epochs", "hidden_layers", "settings", "metrics", "samples"),
    *("history", "completed", "baseline", "error", "versions", "runs", "folder", "title", "kept"),
    *("before", "after", "count", "mnist_test", "name", "note", "stamps", "run", "new", "strokes"),
    "parent",
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
RUN = "20260101T000000-a"
READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "config": ("config.json", read_config),
    "counters": ("counters.json", read_counters),
    "summary": (f"{RUN}/summary.json", lambda path: read_summary(path.parent)),
    "settings": (f"{RUN}/settings.json", lambda path: read_settings(path.parent)),
    "note": (f"{RUN}/note.json", lambda path: list_runs(path.parents[1])),
    "index": (".index.json", lambda path: list_runs(path.parent)),
    "sweep": (f".sweeps/{RUN}/sweep.json", read_sweep),
    "report": ("a.json", lambda path: read_report(path.with_suffix(".keras"))),
    "recipe": ("recipe.json", load_recipe),
}


@pytest.mark.parametrize(
    ("text", "place"),
    [('{"pen": 4,\n "epochs" 3}', "line 2, column 11"), ('{"epochs": "ten",\n', "at its end")],
)
def test_a_fault_is_named_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ValueError, match=f"^a file, {place}: expected JSON, found a fault: expect"):
        parse_json(text, "a file")


@pytest.mark.parametrize("name", READERS)
@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=VALUES)
def test_any_json_is_read_or_refused(tmp_path: Path, name: str, value: Any) -> None:
    place, read = READERS[name]
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    try:
        read(path)
    except ValueError as error:
        assert str(path) in str(error)


def test_a_whole_number_too_large_for_a_float_is_infinite_anywhere_in_a_file() -> None:
    digits = "9" * 309
    for before in range(30):
        assert parse_json(f"{' ' * before}[1, {digits}]", "a file") == [1, float("inf")]


def test_a_key_given_twice_is_told_but_not_looked_for_in_a_derived_file() -> None:
    text = '{"pen": 3, "pen": 4}'
    with pytest.raises(ValueError, match=r"each key once .* 'pen'"):
        parse_json(text, "config.json")
    assert parse_json(text, "an index", derived=True) == {"pen": 4}
