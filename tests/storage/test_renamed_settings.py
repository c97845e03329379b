"""config.json with the names of an earlier version: read, and rewritten with those of today."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from number_recognition.storage.config_file import read_config, update_config, update_old_names
from number_recognition.storage.fields import parse, type_hints
from number_recognition.storage.settings import Config, TrainingSettings

OLD = Path(__file__).parents[1] / "data" / "config_of_3189801.json"
"""As the version of that commit wrote it."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    values = json.loads(OLD.read_text())
    values["training"] |= {"weight_average": 0.9, "generated_samples": 70, "start": "a.keras"}
    values["places"]["network"] = "mine.keras"
    path.write_text(json.dumps(values))
    return path


def check_values(config: Config) -> None:
    assert config.training.ema_momentum == 0.9
    assert config.training.synthetic_samples == 70
    assert config.training.initial_weights == "a.keras"
    assert config.training.sources == ("mnist", "synthetic")
    assert config.paths.network == "mine.keras"


def test_an_old_config_is_read_and_reading_writes_nothing(old: Path) -> None:
    before = old.read_bytes()
    check_values(read_config(old))
    assert old.read_bytes() == before


def test_an_old_config_is_rewritten_with_the_new_names_and_one_line_says_so(old: Path) -> None:
    message = update_old_names(old)
    assert message is not None and "\n" not in message
    assert message.startswith(f"{old}: ")
    assert "'places' is now 'paths'" in message
    assert "'training.weight_average' is now 'training.ema_momentum'" in message
    assert "'generated' is now 'synthetic'" in message
    values = json.loads(old.read_text())
    assert list(values) == ["training", "fine_tuning", "paths", "window"]
    assert values["training"]["sources"] == ["mnist", "synthetic"]
    assert not {"weight_average", "start", "data", "generated_samples"} & set(values["training"])
    check_values(read_config(old))
    assert update_old_names(old) is None


def test_settings_that_stand_in_no_file_are_not_added(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"training": {"data": ["generated"], "epochs": 3}}')
    path.chmod(0o640)
    assert update_old_names(path)
    assert json.loads(path.read_text()) == {"training": {"sources": ["synthetic"], "epochs": 3}}
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_missing_config_is_not_made(tmp_path: Path) -> None:
    assert update_old_names(tmp_path / "nope" / "config.json") is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text",
    [
        '{"places": {"network": 3}}',
        '{"places": {}, "moon": {}}',
        '{"training": {"start": null, "epochs": "many"}}',
        '{"training": {"data": ["generated", "svhn"]}}',
        '{"training": {"data": "generated"}}',
        '{"training": {"data": ["generated"], "sources": ["mnist"]}}',
        '{"places": [], "training": 4}',
        '{"training": {"start": null}',
        '["places"]',
    ],
)
def test_a_config_with_errors_stays_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text)
    assert update_old_names(path) is None
    assert path.read_text() == text
    with pytest.raises(ValueError, match=r"expected|unknown"):
        read_config(path)


def test_a_config_that_cannot_be_rewritten_is_read_all_the_same(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("number_recognition.storage.config_file.write_json", refuse)
    message = update_old_names(old)
    assert message is not None and message.endswith(
        "it cannot be rewritten (the disk is read-only)"
    )
    check_values(read_config(old))


def test_changing_one_setting_of_an_old_config_keeps_the_others(old: Path) -> None:
    update_config("window", {"zoom": 2.0}, old)
    check_values(read_config(old))
    assert "places" not in json.loads(old.read_text())


def test_an_error_names_the_key_that_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"training": {"generated_samples": 3}}')
    with pytest.raises(ValueError, match="'generated_samples': expected at least 10, found 3"):
        read_config(path)


def test_a_setting_under_both_its_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"training": {"weight_average": 0.5, "ema_momentum": 0.6}}')
    with pytest.raises(
        ValueError, match="expected 'ema_momentum' alone, found its old name 'weight_average', too"
    ):
        read_config(path)


def test_the_old_name_of_a_source_is_read_as_text_too() -> None:
    field = TrainingSettings.__dataclass_fields__["sources"]
    hint = type_hints(TrainingSettings)["sources"]
    assert parse(field, hint, "mnist,generated") == ("mnist", "synthetic")


def test_the_config_of_the_program_has_the_new_names(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "config.json", tmp_path)
    assert update_old_names(tmp_path / "config.json") is None
