"""settings.json and summary.json of a run, read and checked; errors name file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from number_recognition.storage.fields import from_dict
from number_recognition.storage.files import read_json_object
from number_recognition.storage.renamed_settings import key_in_file, rename_run_keys
from number_recognition.storage.settings import TrainingSettings
from number_recognition.storage.values import short_repr

SETTINGS_FILE = "settings.json"
SUMMARY_FILE = "summary.json"
MODEL_FILE = "model.keras"
_TYPE_NAMES = {dict: "an object", list: "a list", bool: "true or false", str: "text"}
_REQUIRED = {"settings": dict, "history": list, "metrics": dict, "samples": dict, "completed": bool}
_OPTIONAL = {"baseline": dict, "versions": dict, "error": str}
_EPOCH_METRICS = ("epoch", "loss", "accuracy")
"""Metrics of every epoch of a history."""


def read_summary(folder: Path) -> tuple[dict[str, Any], TrainingSettings]:
    """Read summary.json: its plain values, and the settings.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
        OSError: it cannot be read.
    """
    path = folder / SUMMARY_FILE
    written = read_json_object(path)
    summary = rename_run_keys(written)
    for name, kind in {**_REQUIRED, **_OPTIONAL}.items():
        key = key_in_file(name, written)
        if name in _REQUIRED and name not in summary:
            raise ValueError(f"{path}, {key!r}: expected {_TYPE_NAMES[kind]}, found nothing")
        if name in _REQUIRED or summary.get(name) is not None:
            _check(summary[name], kind, path, key)
    for name in ("metrics", "samples", "baseline"):
        _check_numbers(summary.get(name) or {}, path, key_in_file(name, written))
    for name, value in (summary.get("versions") or {}).items():
        _check(value, str, path, f"versions.{name}")
    _check_history(summary["history"], path)
    return summary, from_dict(TrainingSettings, written["settings"], f"{path}, 'settings'")


def read_settings(folder: Path) -> tuple[TrainingSettings, dict[str, Any]]:
    """Read settings.json: the settings of a run, and the paths of its samples by name.

    `learning.data.samples.DataPaths` is made of them. "strokes" may be one file, as older runs have
    it.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
        OSError: it cannot be read.
    """
    path = folder / SETTINGS_FILE
    values = read_json_object(path)
    paths = read_paths(values, path)
    return from_dict(TrainingSettings, values.get("training"), f"{path}, 'training'"), paths


def read_paths(values: dict[str, Any], path: Path) -> dict[str, Any]:
    """The paths of samples in a JSON file, by name.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
    """
    section = key_in_file("paths", values)
    paths = values.get(section, {})
    _check(paths, dict, path, section)
    for key, value in paths.items():
        if key not in ("mnist", "images", "strokes"):
            raise ValueError(f"{path}, {section!r}: expected mnist, images, strokes, found {key!r}")
        for part in value if isinstance(value, list) and key == "strokes" else [value]:
            if part is not None:
                _check(part, str, path, f"{section}.{key}")
    return {key: _data_path(key, value) for key, value in paths.items()}


def _data_path(key: str, value: Any) -> Path | tuple[Path, ...] | None:
    if key == "strokes":
        files = value if isinstance(value, list) else [value]
        return tuple(Path(file) for file in files if file)
    return Path(value) if value else None


def _check(value: object, kind: type, path: Path, key: str) -> None:
    if not isinstance(value, kind):
        raise ValueError(
            f"{path}, {key!r}: expected {_TYPE_NAMES[kind]}, found {short_repr(value)}"
        )


def _check_numbers(values: dict[str, Any], path: Path, key: str) -> None:
    for name, value in values.items():
        if type(value) not in (int, float):
            position = f"{path}, {f'{key}.{name}'!r}"
            raise ValueError(f"{position}: expected a number, found {short_repr(value)}")


def _check_history(history: list[Any], path: Path) -> None:
    for number, row in enumerate(history):
        key = f"history.{number}"
        _check(row, dict, path, key)
        _check_numbers(row, path, key)
        for name in (*_EPOCH_METRICS, *history[0]):
            if name not in row:
                raise ValueError(f"{path}, {f'{key}.{name}'!r}: expected a number, found nothing")
