"""The n-th call of the system fails, for every operation: a full, read-only or broken disk."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
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
    """Let calls fail during the operations, one each round, and check what is left.

    Each of the first 40 calls of each function during each operation is a case with each of the
    errors; `rounds` of them are tried, in random order. Half of them fail once, the others from
    then on.
    """
    row = Row("the n-th write, rename, stat, … fails")
    random = np.random.default_rng(seed)
    home, prepared = folder / f"fail-{seed}", folder / f"prepared-{seed}"
    _prepare(home, seed)
    shutil.copytree(home, prepared)
    cases = [
        (name, call, number, code)
        for name in OPERATIONS
        for call, count in zip(CALLS, _counts(folder / f"count-{seed}-{name}", name), strict=True)
        for number in range(1, min(_MOST, count) + 1)
        for code in ERRORS
    ]
    row.notes["cases"] = len(cases)
    for index in random.permutation(len(cases))[:rounds]:
        name, (module, function), number, code = cases[index]
        fault = Fault(function, number, code, bool(random.integers(2)))
        shutil.rmtree(home)
        shutil.copytree(prepared, home)
        problems = _fail_once(home, name, module, fault, int(random.integers(1 << 30)))
        row.tried += 1
        row.failures += [f"seed {seed}, {name}, {fault}: {each}" for each in problems]
    return row


def _counts(home: Path, name: str) -> list[int]:
    """How often each of the functions is called during an operation."""
    _prepare(home, 1)
    faults = [Fault(function, 0, 0, False) for _, function in CALLS]
    with contextlib.ExitStack() as stack:
        for fault, (module, _) in zip(faults, CALLS, strict=True):
            stack.enter_context(fault.active(module, home))
        _do(home, name, 2)
    return [fault.count for fault in faults]


def _prepare(home: Path, seed: int) -> None:
    """Make a settings folder with a few kept drawings."""
    make_home(home)
    session, random = open_session(home), np.random.default_rng(seed)
    for _ in range(4):
        OPERATIONS["keep"](session, random)


def _fail_once(home: Path, name: str, module: Any, fault: Fault, seed: int) -> list[str]:
    """Let one call fail; what does not hold then, or when the operation is done again."""
    kept = _names(home)
    with fault.active(module, home):
        problem = _do(home, name, seed + 1)
    problems = [problem] if problem else []
    removed = set() if name != "undo" else kept - _names(home)
    problems += check(home, kept, removed)
    again = _do(home, name, seed + 2)
    return [*problems, *([f"not again: {again}"] if again else [])]


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
