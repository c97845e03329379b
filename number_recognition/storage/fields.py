"""Fields of settings: plain values, checked against the type and limits that a field declares."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import field
from typing import Any, get_type_hints

from number_recognition.storage.values import check_text, is_number, shown

_OPTIONAL = {str | None: str, float | None: float}
_LISTS = {tuple[int, ...]: int, tuple[str, ...]: str, tuple[int | str, ...]: int | str}


def setting(default: Any, help: str, **checks: Any) -> Any:
    """A field of a settings class: its default, one line of help, and what is allowed.

    `checks`: `low` and `high` (both included), `above` and `below` (excluded), `choices`, and of a
    list `least` and `most`, how many values it may have, and `lone`: one value may stand for a
    list of it, and null for an empty one. A list of choices has each once.
    """
    metadata = {"help": help, **checks}
    if isinstance(default, (list, dict)):
        raise TypeError("a default must be immutable")
    return field(default=default, metadata=metadata)


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def as_dict(settings: Any) -> dict[str, Any]:
    """Settings as plain JSON values, in the order of their fields."""
    return {
        entry.name: (
            as_dict(value)
            if dataclasses.is_dataclass(value := getattr(settings, entry.name))
            else _plain(value)
        )
        for entry in dataclasses.fields(settings)
    }


def from_dict(kind: type, values: Any, where: str, problems: list[str] | None = None) -> Any:
    """Build settings of a class from plain JSON values, each checked; a missing one is default.

    Args:
        kind: a dataclass whose fields were made with `setting` or are such dataclasses.
        values: a dictionary, as JSON gives it.
        where: what to call it in errors: the file, and the section in it.
        problems: what is wrong is added here, and the default stands in its place.

    Raises:
        ValueError: names the place and key, what was expected and what was found; not where there
            are `problems`.
    """
    if not isinstance(values, dict):
        _refuse(f"{where}: expected an object, found {shown(values)}", problems)
        return kind()
    known = {entry.name: entry for entry in dataclasses.fields(kind)}
    types, sound = type_hints(kind), {}
    for key, value in values.items():
        place = f"{where}, {key!r}"
        if key not in known:
            words = f"unknown key {shown(key)}; known are {', '.join(sorted(known))}"
            _refuse(f"{where}: {words}", problems)
        elif dataclasses.is_dataclass(types[key]):
            sound[key] = from_dict(types[key], value, place, problems)
        else:
            try:
                sound[key] = check(known[key], types[key], value, place)
            except ValueError as error:
                _refuse(str(error), problems)
    return kind(**sound)


def _refuse(problem: str, problems: list[str] | None) -> None:
    if problems is None:
        raise ValueError(problem)
    problems.append(problem)


def check(entry: dataclasses.Field[Any], hint: Any, value: Any, where: str) -> Any:
    """One value of a setting, checked against its type and its limits.

    Raises:
        ValueError: names the place, what was expected and what was found.
    """
    rules = entry.metadata
    if hint in _LISTS:
        return _check_list(value, _LISTS[hint], rules, where)
    return _check_one(value, hint, rules, where)


def parse(entry: dataclasses.Field[Any], hint: Any, text: str) -> Any:
    """One value of a setting from text, as the command line and the window's entries give it.

    Lists are written 512x256 (numbers) or mnist,generated (words); an empty one is "none".

    Raises:
        ValueError: names the setting, what was expected and what was found.
    """
    where = repr(entry.name)
    if hint in _LISTS:
        value: Any = [] if text.strip() in ("", "none") else _parts(text, hint, where)
    elif hint is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{where}: expected true or false, found {shown(text)}")
        value = text.lower() == "true"
    else:
        kind = _OPTIONAL.get(hint, hint)
        absent = hint in _OPTIONAL and text.strip() in ("", "none")
        value = None if absent else _number(text, kind, where) if kind in (int, float) else text
    return check(entry, hint, value, where)


def _parts(text: str, hint: Any, where: str) -> list[Any]:
    """The values of a list; one of numbers or text is of numbers where it can be read so."""
    if hint == tuple[int | str, ...]:
        try:
            return _parts(text, tuple[int, ...], where)
        except ValueError:
            return [int(p) if p.isdecimal() else p for p in map(str.strip, text.split(","))]
    if hint == tuple[str, ...]:
        return [part.strip() for part in text.replace("+", ",").split(",")]
    parts = [p for part in text.replace("-", ",").split(",") for p in part.split("x")]
    return [_number(part.strip(), int, where) for part in parts]


def _number(text: str, kind: type, where: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        words = "a whole number" if kind is int else "a number"
        raise ValueError(f"{where}: expected {words}, found {shown(text)}") from None


def to_text(value: Any) -> str:
    """A value of a setting as `parse` reads it."""
    if isinstance(value, tuple):
        numbers = all(isinstance(part, int) for part in value)
        return ("x" if numbers else ",").join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


@functools.cache
def type_hints(kind: type) -> dict[str, Any]:
    """The type of each field of a settings class."""
    return get_type_hints(kind)


def _check_list(value: Any, kind: type, rules: Any, where: str) -> tuple[Any, ...]:
    most = rules.get("most", 1000)
    if rules.get("lone") and not isinstance(value, (list, tuple)):
        value = [] if value is None else [value]
    if not isinstance(value, (list, tuple)) or len(value) > most:
        raise ValueError(f"{where}: expected a list of at most {most} values, found {shown(value)}")
    if len(value) < rules.get("least", 0):
        raise ValueError(f"{where}: expected at least {rules['least']} value, found none")
    if "choices" in rules and len(set(map(str, value))) < len(value):
        raise ValueError(f"{where}: expected each once, found {shown(value)}")
    return tuple(_check_one(part, kind, rules, where) for part in value)


def _check_one(value: Any, hint: Any, rules: Any, where: str) -> Any:
    if hint == int | str:
        hint = str if type(value) is str else int
    optional = hint in _OPTIONAL
    if optional and value is None:
        return None
    kind = _OPTIONAL.get(hint, hint)
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    fits = type(value) is kind or (kind is float and type(value) is int)
    if not fits or (kind in (int, float) and not is_number(value)):
        expected = words[kind] + (" or null" if optional else "")
        raise ValueError(f"{where}: expected {expected}, found {shown(value)}")
    if kind is str:
        check_text(value, where)
    _check_limits(value, rules, where)
    return float(value) if kind is float else value


def _check_limits(value: Any, rules: Any, where: str) -> None:
    if "choices" in rules and value not in rules["choices"]:
        choices = ", ".join(map(repr, rules["choices"]))
        raise ValueError(f"{where}: expected one of {choices}, found {shown(value)}")
    limits: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
        ("low", "at least", lambda limit: value >= limit),
        ("above", "more than", lambda limit: value > limit),
        ("high", "at most", lambda limit: value <= limit),
        ("below", "less than", lambda limit: value < limit),
    )
    for name, words, holds in limits:
        if name in rules and not holds(rules[name]):
            raise ValueError(f"{where}: expected {words} {rules[name]}, found {shown(value)}")
