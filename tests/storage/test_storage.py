"""config.json, counters.json, and files that are whole or not there."""

from __future__ import annotations

import dataclasses
import errno
import functools
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from number_recognition.storage.config_file import read_config, write_config
from number_recognition.storage.counters import (
    Counters,
    count_fine_tuning,
    count_training,
    read_counters,
    write_counters,
)
from number_recognition.storage.fields import parse, to_text, type_hints
from number_recognition.storage.files import atomic_write, quarantine, write_text
from number_recognition.storage.locks import lock
from number_recognition.storage.settings import (
    Config,
    RecognitionSettings,
    TrainingSettings,
    resolve_path,
)


def config_with(tmp_path: Path, value: Any) -> Path:
    path = tmp_path / "config.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def test_reading_a_missing_config_gives_the_defaults_and_writes_nothing(tmp_path: Path) -> None:
    assert read_config(tmp_path / "mistyped" / "config.json") == Config()
    assert not list(tmp_path.iterdir())


def test_a_config_is_written_with_every_setting(tmp_path: Path) -> None:
    write_config(Config(), tmp_path / "config.json")
    entries = json.loads((tmp_path / "config.json").read_text())
    assert set(entries["training"]) == {f.name for f in dataclasses.fields(TrainingSettings)}


def test_a_config_that_an_editor_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"training": {"epochs": 3}}', encoding="utf-8-sig")
    assert read_config(path).training.epochs == 3


def test_a_missing_key_takes_its_default(tmp_path: Path) -> None:
    config = read_config(config_with(tmp_path, {"training": {"epochs": 3}}))
    assert config == Config(training=TrainingSettings(epochs=3))


@pytest.mark.parametrize(
    ("training", "expected", "found"),
    [
        ({"epoch": 3}, "unknown key 'epoch'", "epochs"),
        ({"epochs": "3"}, "a whole number", "'3'"),
        ({"epochs": 3.0}, "a whole number", "3.0"),
        ({"epochs": True}, "a whole number", "True"),
        ({"epochs": 0}, "at least 1", "0"),
        ({"dropout": 1}, "less than 1", "1"),
        ({"learning_rate": 0}, "more than 0", "0"),
        ({"batch_normalization": 1}, "true or false", "1"),
        ({"activation": "softplus"}, "one of", "'softplus'"),
        ({"hidden_layers": 512}, "a list", "512"),
        ({"hidden_layers": [512, "x"]}, "a whole number", "'x'"),
        ({"hidden_layers": [1] * 17}, "at most 16", "1"),
        ({"sources": ["mnist", "svhn"]}, "one of", "'svhn'"),
        ([], "an object", "[]"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_key(
    tmp_path: Path, training: Any, expected: str, found: str
) -> None:
    path = config_with(tmp_path, {"training": training})
    with pytest.raises(ValueError) as caught:
        read_config(path)
    message = str(caught.value)
    assert str(path) in message and "'training'" in message
    assert expected in message and found in message
    if isinstance(training, dict):
        assert repr(next(iter(training))) in message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        '{"training": {"learning_rate": NaN}}',
        '{"training": {"seed": 3, "seed": 4}}',  # one of which the next save would drop
    ],
)
def test_a_broken_config_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    path = config_with(tmp_path, text)
    with pytest.raises(ValueError, match="expected") as caught:
        read_config(path)
    assert str(path) in str(caught.value) and path.read_text() == text


def test_every_setting_reads_what_it_writes(tmp_path: Path) -> None:
    for entry in dataclasses.fields(TrainingSettings):
        hint = type_hints(TrainingSettings)[entry.name]
        assert parse(entry, hint, to_text(entry.default)) == entry.default, entry.name
    config = Config(training=TrainingSettings(hidden_layers=(), sources=("synthetic",)))
    write_config(config, tmp_path / "config.json")
    assert read_config(tmp_path / "config.json") == config


def test_relative_places_start_beside_config_json(tmp_path: Path) -> None:
    assert resolve_path("models/a.keras", tmp_path / "config.json") == tmp_path / "models/a.keras"
    assert resolve_path("/elsewhere", tmp_path / "config.json") == Path("/elsewhere")


def test_counters_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "counters.json"
    assert read_counters(path) == (Counters(), None)
    counters = Counters(kept=tuple(range(10)), trainings=2)
    write_counters(counters, path)
    assert read_counters(path) == (counters, None)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"kept": [1]}', '{"trainings": -1}', '{"trainings": true}', '{"wins": 1}', "\0"],
)
def test_corrupt_counters_are_set_aside_and_counting_goes_on(tmp_path: Path, text: str) -> None:
    path = tmp_path / "counters.json"
    for aside in ("counters.json.corrupt", "counters.json.corrupt-2"):
        path.write_text(text)
        counters, warning = read_counters(path)
        assert counters == Counters()
        assert str(path) in warning and aside in warning
        assert not path.exists() and (tmp_path / aside).read_text() == text


@pytest.mark.parametrize("count", [count_training, functools.partial(count_fine_tuning, 2)])
def test_counters_that_cannot_be_written_give_a_warning(tmp_path: Path, count: Any) -> None:
    path = tmp_path / "counters.json"
    path.mkdir()
    counters, warning = count(path=path, known=Counters(new=5))
    assert counters.trainings + counters.fine_tunings == 1
    assert str(path) in warning and "directory" in warning


def test_counters_that_cannot_be_read_are_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "counters.json"
    write_counters(Counters(new=5), path)
    content = path.read_bytes()

    def broken(*arguments: object, **options: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", broken)
        _, warning = count_training(path)
    assert "the disk reports an error" in warning and path.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="Windows has other modes")
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_text(path, "new")
    assert path.read_text() == "new" and stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few people make a link")
@pytest.mark.parametrize("content", ["old", None], ids=["a file", "no file yet"])
def test_a_link_stays_a_link_and_its_target_is_replaced(
    tmp_path: Path, content: str | None
) -> None:
    target, link = tmp_path / "elsewhere" / "file.txt", tmp_path / "file.txt"
    target.parent.mkdir()
    if content is not None:
        target.write_text(content)
    link.symlink_to(Path("elsewhere") / "file.txt")
    write_text(link, "new")
    assert link.is_symlink() and target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]


def test_when_writing_fails_the_old_file_stays_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def half(temporary: Path) -> None:
        temporary.write_text("ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        atomic_write(path, half)
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"] and path.read_text() == "old"


def test_a_file_is_made_with_its_folders_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.txt"
    write_text(path, "old, and longer")
    write_text(path, "new")
    assert path.read_text() == "new" and len(list(path.parent.iterdir())) == 1


def test_a_file_set_aside_takes_the_place_of_none(tmp_path: Path) -> None:
    names = []
    for content in ("1", "2", "3"):
        (tmp_path / "x.json").write_text(content)
        names.append(quarantine(tmp_path / "x.json").name)
    assert names == ["x.json.corrupt", "x.json.corrupt-2", "x.json.corrupt-3"]
    assert [(tmp_path / name).read_text() for name in names] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("value", "files"),
    [(None, ()), ("a.jsonl", ("a.jsonl",)), (["a.jsonl", "b.jsonl"], ("a.jsonl", "b.jsonl"))],
)
def test_strokes_may_be_null_one_file_or_a_list(
    tmp_path: Path, value: object, files: tuple[str, ...]
) -> None:
    path = config_with(tmp_path, json.dumps({"paths": {"strokes": value}}))
    assert read_config(path).paths.strokes == files
    write_config(read_config(path), path)
    assert read_config(path).paths.strokes == files


def test_a_wrong_place_of_strokes_is_named(tmp_path: Path) -> None:
    path = config_with(tmp_path, '{"paths": {"strokes": ["a.jsonl", 3]}}')
    with pytest.raises(ValueError, match="'strokes': expected text, found 3"):
        read_config(path)


@pytest.mark.parametrize(
    ("text", "writers"),
    [("4x17", (4, 17)), ("4,17", (4, 17)), ("4,aga-12", (4, "aga-12")), ("none", ())],
)
def test_held_out_writers_are_numbers_or_text(text: str, writers: tuple[int | str, ...]) -> None:
    [entry] = [e for e in dataclasses.fields(TrainingSettings) if e.name == "held_out_writers"]
    hint = type_hints(TrainingSettings)[entry.name]
    assert parse(entry, hint, text) == writers
    assert parse(entry, hint, to_text(writers)) == writers


def test_the_limits_of_recognition_are_read_and_null_is_one(tmp_path: Path) -> None:
    limits = {"unsure_below": 0.8, "refuse_above": 0.5}
    assert read_config(config_with(tmp_path, {"recognition": limits})).recognition == (
        RecognitionSettings(0.8, 0.5)
    )
    path = config_with(tmp_path, {"recognition": {"refuse_above": None}})
    assert read_config(path).recognition.refuse_above is None


def test_a_lock_whose_closing_fails_hides_neither_the_work_nor_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = os.close

    def broken(handle: int) -> None:
        close(handle)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "close", broken)
    with lock(tmp_path / "a.json"):
        pass
    with pytest.raises(ValueError, match="of the work"), lock(tmp_path / "a.json"):
        raise ValueError("an error of the work")


def test_a_disk_that_fails_to_lock_is_told_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def broken(handle: int, operation: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", broken)
    with pytest.raises(OSError, match=r"a\.json: cannot be locked, because the disk"):
        lock(tmp_path / "a.json").__enter__()
