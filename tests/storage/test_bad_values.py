"""Every kind of file with bad values in it: one clear error each, and the rest goes on."""

from __future__ import annotations

import errno
import functools
import json
import math
import operator
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from digit_images import drawing
from network_files import random_network

from number_recognition.digits.corrections.imports import read_image_list
from number_recognition.digits.drawing.stroke_files import format_line, parse_line, read_strokes
from number_recognition.learning.fine_tuning.version_store import read_report
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.display_names import (
    description,
    display_name,
    run_display_name,
)
from number_recognition.learning.runs.recipes import find_recipe, load_recipe, recipe_names
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import Counters, read_counters
from number_recognition.storage.fields import as_dict
from number_recognition.storage.files import read_json_object, write_json
from number_recognition.storage.settings import Config, PathSettings, TrainingSettings, resolve_path
from number_recognition.window.dialogs.model_versions import list_networks

DIGITS = "9" * 400
BAD = {
    "400 digits": DIGITS,
    "5000 digits": "9" * 5000,
    "not a number": "NaN",
    "infinite": "1e999",
    "true": "true",
    "null": "null",
    "half a character": r'"\ud800"',
    "NUL": r'"a\u0000b"',
    "text": '"text"',
    "list": "[1, [2]]",
    "object": '{"a": {"b": 1}}',
    "deep": "[" * 900 + "]" * 900,
    "too deep": "[" * 100_000 + "]" * 100_000,
    "negative": "-1",
}
"""JSON values that a damaged or hand-written file can hold."""
bad_values = pytest.mark.parametrize("value", BAD.values(), ids=BAD)


def with_value(values: Any, path: tuple[str, ...], text: str) -> str:
    """Values as JSON in which a piece of JSON stands at one place."""
    copied = json.loads(json.dumps(values))
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = "@here@"
    return json.dumps(copied).replace('"@here@"', text)


def places_in(values: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where values stand in an object."""
    found = []
    for key, value in values.items():
        found.append((*path, key))
        if isinstance(value, dict):
            found += places_in(value, (*path, key))
    return found


def is_same(taken: Any, given: Any) -> bool:
    """Whether a setting is what was given; one path is a list of it, and null a list of none."""
    return taken == given or taken == ([] if given is None else [given])


def is_clear(message: str, path: Path) -> bool:
    return (
        str(path) in message
        and len(message.replace(str(path), "")) < 2000
        and message.isprintable()
    )


SUMMARY = {
    "settings": as_dict(TrainingSettings()),
    "metrics": {"validation": 0.9, "seconds": 3.0, "weights": 100},
    "samples": {"mnist": 100},
    "baseline": {"validation": 0.8},
    "completed": True,
    "error": None,
    "versions": {"python": "3.11"},
    "history": [],
}
CARD = {
    "corrections": 30,
    "kept": {"before": 0.1, "after": 0.9, "count": 30},
    "mnist_test": {"after": 0.98},
}


@bad_values
def test_a_bad_setting_is_told_and_the_others_hold(tmp_path: Path, value: str) -> None:
    path = tmp_path / "config.json"
    whole = as_dict(Config())
    whole["window"]["pen"] = 7.0
    for where in places_in(whole):
        path.write_text(with_value(whole, where, value))
        problems: list[str] = []
        if value == BAD["too deep"]:
            with pytest.raises(ValueError, match="nested too deeply"):
                read_config(path, problems)
            continue
        config = read_config(path, problems)
        assert all(is_clear(problem, path) for problem in problems)
        taken = functools.reduce(operator.getitem, where, as_dict(config))
        assert len(problems) == 1 or is_same(taken, json.loads(value)), where
        assert where[-1] == "pen" or where == ("window",) or config.window.pen == 7.0
        assert math.isfinite(config.window.zoom)
        resolve_path(config.paths.network, path)


@bad_values
@pytest.mark.parametrize("name", ["summary.json", "settings.json", "note.json", ".index.json"])
def test_a_bad_value_in_one_run_hides_no_other(tmp_path: Path, name: str, value: str) -> None:
    begun = {"training": SUMMARY["settings"], "paths": {"mnist": "a"}, "versions": {}}
    for run in ("20260101T000000-bad", "20260102T000000-good"):
        write_json(tmp_path / run / "settings.json", begun)
        write_json(tmp_path / run / "note.json", {"name": "a", "note": "b"})
        if name != "settings.json" or run.endswith("good"):
            write_json(tmp_path / run / "summary.json", SUMMARY)
    run_list.list_runs(tmp_path)
    path = tmp_path / name if name.startswith(".") else tmp_path / "20260101T000000-bad" / name
    whole = json.loads(path.read_text())
    for number, where in enumerate(places_in(whole), start=1):
        path.write_text(with_value(whole, where, value))
        os.utime(path, ns=(1, number))  # each is another version of the file
        good, bad = run_list.list_runs(tmp_path)
        assert good.state == "done" and (good.name == "a" or name == ".index.json")
        assert bad.state != "damaged" or "expected" in bad.error or "unknown key" in bad.error
        assert (bad.error + bad.name + bad.note).replace("\0", "").isprintable()
        json.dumps(bad.metrics)
        run_display_name(path.parent)


@bad_values
def test_a_bad_card_is_told_and_the_others_listed(tmp_path: Path, value: str) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    for stem in ("20260101T000000000000", "20260102T000000000000"):
        (folder / f"{stem}.keras").touch()
        write_json(folder / f"{stem}.json", CARD)
    network = folder / "20260101T000000000000.keras"
    path = network.with_suffix(".json")
    for where in places_in(CARD):
        path.write_text(with_value(CARD, where, value))
        good, bad = list_networks(tmp_path, tmp_path / "none", network)
        assert good.problem == "" and good.name == "fine-tuned, 30 drawings"
        unread = value in ("null", "-1") or (len(where) == 1 and value == BAD["object"])
        assert unread or is_clear(bad.problem, path)
        assert description(network).isprintable()


def test_a_card_that_says_no_more_than_true_is_told(tmp_path: Path) -> None:
    network = tmp_path / "20260101T000000000000.keras"
    write_json(network.with_suffix(".json"), {"kept": True, "corrections": 3})
    card = read_report(network)
    assert card.corrections == 3
    assert "'kept': expected an object, found True" in card.problem
    assert "trained on 3 drawings" in description(network)


@bad_values
def test_bad_counters_are_set_aside(tmp_path: Path, value: str) -> None:
    path = tmp_path / "counters.json"
    for key in ("kept", "new", "trainings"):
        path.write_text(f'{{"{key}": {value}}}')
        counters, warning = read_counters(path)
        assert counters == Counters() and is_clear(warning, path)


@bad_values
def test_a_bad_recipe_is_refused_in_words(tmp_path: Path, value: str) -> None:
    path = tmp_path / "recipe.json"
    for key in as_dict(TrainingSettings()):
        path.write_text(f'{{"settings": {{"{key}": {value}}}}}')
        try:
            settings = load_recipe(path)
        except ValueError as error:
            assert is_clear(str(error), path)
        else:
            json.dumps(as_dict(settings)).encode()


@bad_values
def test_a_bad_line_of_a_stroke_file_is_refused_with_its_number(tmp_path: Path, value: str) -> None:
    path = tmp_path / "strokes.jsonl"
    sound = json.loads(format_line(drawing(4).drawing, 4, 1))
    for key in ("label", "writer", "width", "strokes"):
        path.write_text(json.dumps(sound) + "\n" + with_value(sound, (key,), value) + "\n")
        try:
            read_strokes(path)
        except ValueError as error:
            message = str(error)
            assert message.startswith(f"{path}, line 2: ") and "expected" in message
            assert len(message) < 500
        else:
            good = {"label": ("null",), "writer": ("-1", '"text"', "null")}
            assert value in good.get(key, ())


def test_points_far_beyond_the_pad_are_refused() -> None:
    for far in ("1e300", DIGITS, "-2e6"):
        with pytest.raises(ValueError, match="none beyond 1e"):
            parse_line(f'{{"label": 1, "strokes": [[[0, {far}], [1, 1]]]}}')


@bad_values
def test_a_network_with_bad_values_is_refused_in_words(tmp_path: Path, value: str) -> None:
    sound = random_network(tmp_path / "sound.keras")
    with zipfile.ZipFile(sound) as archive:
        config = json.loads(archive.read("config.json"))
        weights = archive.read("model.weights.h5")
    path = tmp_path / "bad.keras"
    for number, layer in enumerate(config["config"]["layers"]):
        for key in layer["config"]:
            text = json.dumps(config)
            changed = json.loads(text)
            changed["config"]["layers"][number]["config"][key] = "@here@"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("config.json", json.dumps(changed).replace('"@here@"', value))
                archive.writestr("model.weights.h5", weights)
            try:
                network = NumpyNetwork.load(path)
            except ValueError as error:
                assert str(path) in str(error)
            else:
                assert np.isfinite(network(np.zeros((1, 28, 28), np.float32))).all()


def test_a_run_in_a_folder_that_is_no_utf8_is_listed_with_the_others(tmp_path: Path) -> None:
    odd = os.fsdecode(b"20260101T000000-caf\xe9")
    for name in (odd, "20260102T000000-good"):
        write_json(tmp_path / name / "summary.json", SUMMARY)
    for _ in range(2):  # anew, and with the index
        good, bad = run_list.list_runs(tmp_path)
        assert (good.state, bad.state) == ("done", "done")
        assert bad.folder == odd and bad.name == r"caf\udce9"
    assert display_name(tmp_path / odd / "model.keras").isprintable()


def test_the_place_of_a_file_that_is_no_utf8_is_written_and_read(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9")
    write_json(tmp_path / "a.json", {"mnist": odd})
    assert read_json_object(tmp_path / "a.json") == {"mnist": odd}


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    with pytest.raises(OSError, match="found a special file"):
        read_config(tmp_path / "config.json")
    for read in (read_strokes, lambda path: read_image_list(path, [])):
        with pytest.raises(ValueError, match="expected a regular file"):
            read(tmp_path / "config.json")


@pytest.mark.parametrize(
    ("read", "size"),
    [
        (load_recipe, 6_000_000),
        (read_strokes, 5_000_000),
        (lambda path: read_image_list(path, []), 21_000_000),
    ],
    ids=["a recipe", "a line of a stroke file", "a table"],
)
def test_a_text_file_that_is_far_too_large_is_refused_unread(
    tmp_path: Path, read: Callable[[Path], object], size: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"[" * size)
    with pytest.raises(ValueError, match=r"expected .*at most [0-9,]+ (byte|char)") as caught:
        read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("line", ["a\n", "\n"])
def test_a_table_with_hardly_an_image_is_refused_before_its_end(tmp_path: Path, line: str) -> None:
    path, skipped = tmp_path / "labels.csv", list[str]()
    path.write_text("file,label\na.png,3\n" + line * 200_000)
    with pytest.raises(ValueError, match="found 1 such in its first 100,002 lines"):
        read_image_list(path, skipped)
    assert len(skipped) < 100_000


def test_the_recipes_that_come_with_the_program_can_be_read() -> None:
    assert recipe_names() == ["shipped", "synthetic"]
    for name in recipe_names():
        load_recipe(find_recipe(name))


def test_a_network_in_a_folder_that_may_not_be_searched_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    network = PathSettings().network_file(tmp_path / "config.json")
    assert network == tmp_path / "models" / "digits.keras"
