"""The n-th call of the system fails, for every operation: a full, read-only or broken disk."""

from __future__ import annotations

import builtins
import contextlib
import errno
import importlib
import io
import os
import re
import shutil
import traceback
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.faults.home import check, make_home, open_corrections, open_session
from benchmarks.faults.operations import OPERATIONS
from benchmarks.faults.row import Row

ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
CALLS = (
    "write",
    "fsync",
    "ftruncate",
    "replace",
    "rename",
    "unlink",
    "rmdir",
    "mkdir",
    "chmod",
    "open",
    "close",
    "read",
    "stat",
    "fstat",
    "lstat",
    "scandir",
    "listdir",
)
"""Functions of the module os. Python's own open calls them too: see `_opened_with_os`."""
_MOST = 40
_BARE = re.compile(r"^\[Errno \d+\]")


@dataclass(frozen=True)
class Fault:
    """A call of the system that fails during an operation.

    Attributes:
        operation: which one of `OPERATIONS`.
        call: the function, one of `CALLS`.
        number: which of its calls fails, from 1.
        code: the error.
        lasting: whether all later calls of the function fail as well.
    """

    operation: str
    call: str
    number: int
    code: int
    lasting: bool

    def __str__(self) -> str:
        lasting = " and all later" if self.lasting else ""
        which = f"call {self.number} of {self.call}{lasting}"
        return f"{self.operation}, {which}: {errno.errorcode[self.code]}"

    def random(self, seed: int) -> int:
        """A random number of this case, which no other case changes."""
        return zlib.crc32(f"{seed} {self}".encode())

    def fails(self, count: int) -> bool:
        """Whether the call of this number, from 1, fails."""
        return count >= self.number if self.lasting else count == self.number


class _Counted:
    """Counts the calls of a function for files below a folder, and lets them fail."""

    def __init__(self, call: str, home: Path, fault: Fault | None = None) -> None:
        self.count = 0
        self._call, self._home, self._fault = call, str(home), fault
        self._real: Callable[..., Any] = getattr(os, call)

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        """Stand in for the function while the work inside runs."""
        with mock.patch.object(os, self._call, self._do):
            yield

    def _do(self, *arguments: Any, **options: Any) -> Any:
        target = arguments[0] if arguments else ""
        is_file = isinstance(target, (str, os.PathLike))
        if is_file and not os.fspath(target).startswith(self._home):
            return self._real(*arguments, **options)
        self.count += 1
        if self._fault is None or not self._fault.fails(self.count):
            return self._real(*arguments, **options)
        if self._call == "close":  # it is closed all the same
            self._real(*arguments, **options)
        name = os.fspath(target) if is_file else None
        raise OSError(self._fault.code, os.strerror(self._fault.code), name)


@contextlib.contextmanager
def _opened_with_os(home: Path) -> Iterator[None]:
    """Let open use the functions of os for files below a folder, as Python's own version does."""
    real, opened_by_python = io.open, importlib.import_module("_pyio").open

    def opened(file: Any, *arguments: Any, **options: Any) -> Any:
        is_inside = isinstance(file, int) or os.fspath(file).startswith(str(home))
        return (opened_by_python if is_inside else real)(file, *arguments, **options)

    with mock.patch.object(io, "open", opened), mock.patch.object(builtins, "open", opened):
        yield


def fail_calls(folder: Path, seed: int, cases: slice) -> Row:
    """Let calls fail during the operations, and check what is left.

    Each of the first 40 calls of each function during each operation is a case with each of the
    errors, once and lasting. The seed gives the order of the cases.

    Args:
        folder: where the files lie.
        seed: of the order, and of what the operations do.
        cases: which of them are tried.
    """
    row = Row("the n-th write, rename, stat, … fails")
    home, prepared = folder / f"fail-{seed}", folder / f"prepared-{seed}"
    _prepare(home, seed)
    shutil.copytree(home, prepared)
    faults = _faults(folder, seed)
    row.notes["cases"] = len(faults)
    for index in range(len(faults))[cases]:
        shutil.rmtree(home)
        shutil.copytree(prepared, home)
        has_failed, problems = _fail_once(home, faults[index], faults[index].random(seed))
        row.tried += 1
        row.notes["not reached"] = row.notes.get("not reached", 0) + (not has_failed)
        row.failures += [f"seed {seed}, case {index}, {faults[index]}: {each}" for each in problems]
    return row


def _faults(folder: Path, seed: int) -> Sequence[Fault]:
    """All cases, in an order that stays where a change of the program adds a few."""
    faults = [
        Fault(name, call, number, code, lasting)
        for name in OPERATIONS
        for call, count in _counts(folder / f"count-{seed}-{name}", name).items()
        for number in range(1, min(_MOST, count) + 1)
        for code in ERRORS
        for lasting in (False, True)
    ]
    return sorted(faults, key=lambda fault: fault.random(seed))


def _counts(home: Path, name: str) -> dict[str, int]:
    """How often each of the functions is called during an operation."""
    _prepare(home, 1)
    counted = {call: _Counted(call, home) for call in CALLS}
    with contextlib.ExitStack() as stack:
        stack.enter_context(_opened_with_os(home))
        for each in counted.values():
            stack.enter_context(each.active())
        _do(home, name, 2)
    return {call: each.count for call, each in counted.items()}


def _prepare(home: Path, seed: int) -> None:
    """Make a settings folder with a few kept drawings."""
    make_home(home)
    session, random = open_session(home), np.random.default_rng(seed)
    for _ in range(4):
        OPERATIONS["keep"](session, random)


def _fail_once(home: Path, fault: Fault, seed: int) -> tuple[bool, list[str]]:
    """Let one call fail; whether it did, and what does not hold then or when it is done again."""
    kept = _names(home)
    counted = _Counted(fault.call, home, fault)
    with _opened_with_os(home), counted.active():
        problem = _do(home, fault.operation, seed + 1)
    problems = [problem] if problem else []
    removed = set() if fault.operation != "undo" else kept - _names(home)
    problems += check(home, kept, removed)
    again = _do(home, fault.operation, seed + 2, may_refuse=False)
    return counted.count >= fault.number, [*problems, *([f"not again: {again}"] if again else [])]


def _do(home: Path, name: str, seed: int, may_refuse: bool = True) -> str:
    """Do an operation; what is wrong with its error, if it is no message for a user."""
    try:
        session = open_session(home)
        OPERATIONS[name](session, np.random.default_rng(seed))
    except (OSError, ValueError) as error:
        if not may_refuse:
            return f"refused: {error}"
        bare = _BARE.match(str(error)) or not str(error)
        return f"no message for a user: {error}" if bare else ""
    except Exception:
        return traceback.format_exc().strip().replace("\n", " | ")[-400:]
    bare_warnings = [warning for warning in session.warnings if _BARE.match(warning)]
    return f"no message for a user: {bare_warnings[0]}" if bare_warnings else ""


def _names(home: Path) -> set[str]:
    corrections = open_corrections(home)
    return {each.path.name for each in (*corrections.list_kept()[0], *corrections.list_trash()[0])}
