"""The n-th call of the system fails, for every operation: a full, read-only or broken disk."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.faults.home import check, make_home, open_corrections, open_session
from benchmarks.faults.operations import OPERATIONS
from benchmarks.faults.row import Row

ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
CALLS = (
    (os, "write"),
    (os, "fsync"),
    (os, "replace"),
    (os, "rename"),
    (os, "unlink"),
    (os, "mkdir"),
    (os, "open"),
    (os, "stat"),
    (os, "scandir"),
    (os, "listdir"),
    (io, "open"),
)
_MOST = 40
_BARE = re.compile(r"^\[Errno \d+\]")


class Fault:
    """Lets one call, or all from that one on, fail with an error; counts the calls."""

    def __init__(self, name: str, number: int, code: int, lasting: bool) -> None:
        """Let call `number` of a function fail, from 1; 0: none, they are counted."""
        self.count = 0
        self._name, self._number, self._code, self._lasting = name, number, code, lasting

    def __str__(self) -> str:
        which = f"call {self._number} of {self._name}"
        lasting = " and all later" if self._lasting else ""
        return f"{which}{lasting}: {errno.errorcode[self._code]}"

    @contextlib.contextmanager
    def active(self, module: Any, home: Path) -> Iterator[None]:
        """Wrap the function while the work inside runs."""
        real = getattr(module, self._name)
        with mock.patch.object(module, self._name, self._wrapped(real, str(home))):
            yield

    def _wrapped(self, real: Callable[..., Any], home: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            target = arguments[0] if arguments else ""
            is_file = isinstance(target, (str, os.PathLike))
            if not is_file or os.fspath(target).startswith(home):
                self.count += 1
                if self._number and self._fails():
                    name = os.fspath(target) if is_file else None
                    raise OSError(self._code, os.strerror(self._code), name)
            return real(*arguments, **options)

        return call

    def _fails(self) -> bool:
        return self.count >= self._number if self._lasting else self.count == self._number


def fail_calls(folder: Path, seed: int, rounds: int) -> Row:
    """Let calls fail at random during each operation, and check what is left."""
    row = Row("the n-th write, rename, stat, … fails")
    random = np.random.default_rng(seed)
    names = list(OPERATIONS)
    for number in range(rounds):
        name = names[number % len(names)]
        home = folder / f"fail-{seed}-{number}"
        problems, calls = _fail_once(home, name, np.random.default_rng(random.integers(1 << 30)))
        row.tried += calls
        row.failures += [f"seed {seed}, round {number}, {name}: {each}" for each in problems]
    return row


def _fail_once(home: Path, name: str, random: np.random.Generator) -> tuple[list[str], int]:
    """Let one call fail; what does not hold, and 1 where there was such a call."""
    make_home(home)
    session = open_session(home)
    for _ in range(4):
        OPERATIONS["keep"](session, random)
    module, function = CALLS[int(random.integers(len(CALLS)))]
    seed = int(random.integers(1 << 30))
    counted = Fault(function, 0, 0, False)
    with counted.active(module, home):
        _do(home, name, seed)
    if not counted.count:
        return [], 0
    kept = _names(home)
    fault = Fault(
        function,
        int(random.integers(1, min(_MOST, counted.count) + 1)),
        ERRORS[int(random.integers(len(ERRORS)))],
        bool(random.integers(2)),
    )
    with fault.active(module, home):
        problem = _do(home, name, seed + 1)
    problems = [problem] if problem else []
    removed = set() if name != "undo" else kept - _names(home)
    problems += check(home, kept, removed)
    again = _do(home, name, seed + 2)
    problems += [f"not again: {again}"] if again else []
    return [f"{fault}: {each}" for each in problems], 1


def _do(home: Path, name: str, seed: int) -> str:
    """Do an operation; what is wrong with its error, if it is no message for a user."""
    try:
        session = open_session(home)
        OPERATIONS[name](session, np.random.default_rng(seed))
    except (OSError, ValueError) as error:
        bare = _BARE.match(str(error)) or not str(error)
        return f"no message for a user: {error}" if bare else ""
    except Exception:
        return traceback.format_exc().strip().replace("\n", " | ")[-400:]
    bare_warnings = [warning for warning in session.warnings if _BARE.match(warning)]
    return f"no message for a user: {bare_warnings[0]}" if bare_warnings else ""


def _names(home: Path) -> set[str]:
    corrections = open_corrections(home)
    return {each.path.name for each in (*corrections.list_kept()[0], *corrections.list_trash()[0])}
