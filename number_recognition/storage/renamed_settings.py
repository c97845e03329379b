"""Old names of settings and of JSON keys, used wherever settings and runs are read."""

from __future__ import annotations

from typing import Any

SETTINGS = {
    "places": "paths",
    "weight_average": "ema_momentum",
    "start": "initial_weights",
    "data": "sources",
    "generated_samples": "synthetic_samples",
}
"""Old name -> current name, of settings and of the sections of config.json."""
SOURCES = {"generated": "synthetic"}
"""Old name -> current name, of sources of samples and of recipes."""
RUN_KEYS = {"figures": "metrics", "beside": "baseline", "places": "paths"}
"""Old name -> current name, of keys in settings.json, summary.json, sweep.json, exported runs."""


def current_name(old: str, known: Any) -> str:
    """The current name of a setting, where `known` has none of the given name."""
    return old if old in known else SETTINGS.get(old, old)


def rename_value(setting: str, value: Any) -> Any:
    """The value of a setting with current names of sources."""
    if setting != "sources" or not isinstance(value, (list, tuple)):
        return value
    return [SOURCES.get(part, part) if isinstance(part, str) else part for part in value]


def rename_settings(values: Any, changes: list[str] | None = None, section: str = "") -> Any:
    """Settings and sections of settings with their current names.

    Args:
        values: plain values, as JSON gives them; anything but an object is returned unchanged.
        changes: a list that a note for each renamed setting is added to.
        section: the section of the settings with a dot at its end, for the notes.
    """
    if not isinstance(values, dict):
        return values
    renamed = {}
    notes: list[str] = []
    for key, value in values.items():
        name = current_name(key, ())
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
    """The key that a JSON file of a run has for a current name, for messages."""
    return next((old for old, new in RUN_KEYS.items() if new == name and old in values), name)


def rename_run_keys(values: dict[str, Any]) -> dict[str, Any]:
    """The content of a JSON file of a run with current names of keys, settings and sources."""
    renamed = {RUN_KEYS.get(key, key): value for key, value in values.items()}
    if "settings" in renamed:
        renamed["settings"] = rename_settings(renamed["settings"])
    samples = renamed.get("samples")
    if isinstance(samples, dict):
        renamed["samples"] = {SOURCES.get(name, name): count for name, count in samples.items()}
    return renamed
