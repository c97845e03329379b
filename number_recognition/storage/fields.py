"""Settings classes: fields with a help text and limits, checked when read from JSON or text."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import field
from typing import Any, get_type_hints

from number_recognition.storage.renamed_settings import current_name, rename_value
from number_recognition.storage.values import check_text, is_number, short_repr

_OPTIONAL = {str | None: str, float | None: float}
_LISTS = {tuple[int, ...]: int, tuple[str, ...]: str, tuple[int | str, ...]: int | str}


def setting(default: Any, help: str, **checks: Any) -> Any:
    """A field of a settings class: its default, one line of help, and its limits.

    `checks`: `low` and `high` (included), `above` and `below` (excluded), `choices`; of a list,
    `least` and `most` values, and `lone`: a single value is accepted in place of a list, and null
    in place of an empty one. In a list of choices, each occurs once.
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
        each.name: (
            as_dict(value)
            if dataclasses.is_dataclass(value := getattr(settings, each.name))
            else _plain(value)
        )
        for each in dataclasses.fields(settings)
    }


def from_dict(kind: type, values: Any, where: str, problems: list[str] | None = None) -> Any:
    """Build settings from plain JSON values, each checked; a missing one has its default.

    Old names of settings are accepted (see `storage.renamed_settings`).

    Args:
        kind: a dataclass whose fields were made with `setting` or are such dataclasses.
        values: a dictionary, as JSON gives it.
        where: the file and the section in it, for errors.
        problems: a list that errors are added to, instead of being raised; defaults are used then.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
    """
    if not isinstance(values, dict):
        _add_problem(f"{where}: expected an object, found {short_repr(values)}", problems)
        return kind()
    known = {each.name: each for each in dataclasses.fields(kind)}
    types, valid = type_hints(kind), {}
    for key, value in values.items():
        position, name = f"{where}, {key!r}", current_name(key, known)
        if name not in known:
            message = f"unknown key {short_repr(key)}; known are {', '.join(sorted(known))}"
            _add_problem(f"{where}: {message}", problems)
        elif name != key and name in values:
            message = f"expected {name!r} alone, found its old name {key!r}, too"
            _add_problem(f"{where}: {message}", problems)
        elif dataclasses.is_dataclass(types[name]):
            valid[name] = from_dict(types[name], value, position, problems)
        else:
            try:
                valid[name] = check(known[name], types[name], value, position)
            except ValueError as error:
                _add_problem(str(error), problems)
    return kind(**valid)


def _add_problem(problem: str, problems: list[str] | None) -> None:
    if problems is None:
        raise ValueError(problem)
    problems.append(problem)


def check(entry: dataclasses.Field[Any], hint: Any, value: Any, where: str) -> Any:
    """Check one value of a setting against its type and limits; returns it.

    Raises:
        ValueError: names the setting, what was expected and what was found.
    """
    rules = entry.metadata
    if hint in _LISTS:
        value = rename_value(entry.name, value)
        return _check_list(value, _LISTS[hint], rules, where)
    return _check_one(value, hint, rules, where)


def parse(entry: dataclasses.Field[Any], hint: Any, text: str) -> Any:
    """Parse one value of a setting, as typed on the command line or in the window.

    Lists are written 512x256 (numbers) or mnist,synthetic (text); an empty one is "none".

    Raises:
        ValueError: names the setting, what was expected and what was found.
    """
    where = repr(entry.name)
    if hint in _LISTS:
        value: Any = [] if text.strip() in ("", "none") else _parts(text, hint, where)
    elif hint is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{where}: expected true or false, found {short_repr(text)}")
        value = text.lower() == "true"
    else:
        kind = _OPTIONAL.get(hint, hint)
        absent = hint in _OPTIONAL and text.strip() in ("", "none")
        value = None if absent else _number(text, kind, where) if kind in (int, float) else text
    return check(entry, hint, value, where)


def _parts(text: str, hint: Any, where: str) -> list[Any]:
    """The values of a list; of numbers where all can be parsed so."""
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
        expected = "a whole number" if kind is int else "a number"
        raise ValueError(f"{where}: expected {expected}, found {short_repr(text)}") from None


def to_text(value: Any) -> str:
    """A value of a setting in the form that `parse` reads."""
    if isinstance(value, tuple):
        numbers = all(isinstance(part, int) for part in value)
        return ("x" if numbers else ",").join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


@functools.cache
def type_hints(kind: type) -> dict[str, Any]:
    """The type of each field of a settings class."""
    return get_type_hints(kind)


def _check_list(value: Any, kind: Any, rules: Any, where: str) -> tuple[Any, ...]:
    most = rules.get("most", 1000)
    if rules.get("lone") and not isinstance(value, (list, tuple)):
        value = [] if value is None else [value]
    if not isinstance(value, (list, tuple)) or len(value) > most:
        raise ValueError(
            f"{where}: expected a list of at most {most} values, found {short_repr(value)}"
        )
    if len(value) < rules.get("least", 0):
        raise ValueError(f"{where}: expected at least {rules['least']} value, found none")
    if "choices" in rules and len(set(map(str, value))) < len(value):
        raise ValueError(f"{where}: expected each once, found {short_repr(value)}")
    return tuple(_check_one(part, kind, rules, where) for part in value)


def _check_one(value: Any, hint: Any, rules: Any, where: str) -> Any:
    if hint == int | str:
        hint = str if type(value) is str else int
    optional = hint in _OPTIONAL
    if optional and value is None:
        return None
    kind = _OPTIONAL.get(hint, hint)
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    fits = type(value) is kind or (kind is float and type(value) is int)
    if not fits or (kind in (int, float) and not is_number(value)):
        expected = names[kind] + (" or null" if optional else "")
        raise ValueError(f"{where}: expected {expected}, found {short_repr(value)}")
    if kind is str:
        check_text(value, where)
    _check_limits(value, rules, where)
    return float(value) if kind is float else value


def _check_limits(value: Any, rules: Any, where: str) -> None:
    if "choices" in rules and value not in rules["choices"]:
        choices = ", ".join(map(repr, rules["choices"]))
        raise ValueError(f"{where}: expected one of {choices}, found {short_repr(value)}")
    limits: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
        ("low", "at least", lambda limit: value >= limit),
        ("above", "more than", lambda limit: value > limit),
        ("high", "at most", lambda limit: value <= limit),
        ("below", "less than", lambda limit: value < limit),
    )
    for name, relation, holds in limits:
        if name in rules and not holds(rules[name]):
            raise ValueError(
                f"{where}: expected {relation} {rules[name]}, found {short_repr(value)}"
            )
