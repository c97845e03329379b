"""Old names of settings and of keys in JSON files: the one table that every reader uses."""

from __future__ import annotations

from typing import Any

SETTINGS = {
    "places": "paths",
    "weight_average": "ema_momentum",
    "start": "initial_weights",
    "data": "sources",
    "generated_samples": "synthetic_samples",
}
"""Old name -> name, of settings and of the sections of config.json."""
SOURCES = {"generated": "synthetic"}
"""Old name -> name, of sources of samples and of the recipe that has no other source."""
RUN_KEYS = {"figures": "metrics", "beside": "baseline", "places": "paths"}
"""Old name -> name, of the keys of settings.json, summary.json, sweep.json and exported runs."""


def current_name(old: str, known: Any) -> str:
    """The name of a setting today, where `known` has no setting of the name given."""
    return old if old in known else SETTINGS.get(old, old)


def rename_value(setting: str, value: Any) -> Any:
    """The value of a setting, the sources in it by their names of today."""
    if setting != "sources" or not isinstance(value, (list, tuple)):
        return value
    return [SOURCES.get(part, part) if isinstance(part, str) else part for part in value]


def rename_settings(values: Any, changes: list[str] | None = None, section: str = "") -> Any:
    """The settings of a JSON file by their names of today; sections of settings are, too.

    Args:
        values: plain values that were checked, as JSON gives them.
        changes: what is called otherwise is added here, in words.
        section: where the settings stand in the file, with a dot at its end.
    """
    if not isinstance(values, dict):
        return values
    renamed = {}
    notes: list[str] = []
    for key, value in values.items():
        name = SETTINGS.get(key, key)
        if name != key:
            notes.append(f"'{section}{key}' is now '{section}{name}'")
        new_value = rename_value(name, value)
        if new_value != value:
            notes.append("its value 'generated' is now 'synthetic'")
        renamed[name] = rename_settings(new_value, notes, f"{name}.")
    if changes is not None:
        changes += notes
    return renamed


def key_in_file(name: str, values: dict[str, Any]) -> str:
    """The key that a JSON file of a run has for a name of today, for messages."""
    return next((old for old, new in RUN_KEYS.items() if new == name and old in values), name)


def rename_run_keys(values: dict[str, Any]) -> dict[str, Any]:
    """What a JSON file of a run holds, its keys, settings and sources by their names of today."""
    renamed = {RUN_KEYS.get(key, key): value for key, value in values.items()}
    if "settings" in renamed:
        renamed["settings"] = rename_settings(renamed["settings"])
    samples = renamed.get("samples")
    if isinstance(samples, dict):
        renamed["samples"] = {SOURCES.get(name, name): count for name, count in samples.items()}
    return renamed
