"""Files are written whole or not at all, and a corrupt one is set aside, never deleted."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from number_recognition.storage.values import parse_json, printable

PROJECT_DIR = Path(__file__).resolve().parents[2]
"""The folder of Main.py: relative paths of config.json start here."""


def atomic_write(path: str | Path, write: Callable[[Path], object]) -> None:
    """Call `write` with a temporary name beside `path`, then put that file in its place.

    Whoever reads `path` meanwhile finds the old file or the new one, never a part; when `write`
    raises, or the program is killed, what was there stays. The new file has the mode of the old
    one; a symbolic link stays, and the file that it points to is replaced.

    Raises:
        OSError: the folder is read-only, the disk full, … ; nothing has changed then.
    """
    import tempfile  # most of the time nothing is written while the program starts

    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.chmod(_mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(path: Path) -> int:
    """The mode of the file that is there, or of any new file."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o666 & ~_umask()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def write_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 text file whole (see `atomic_write`); odd names of files as their bytes."""
    content = text.encode("utf-8", "surrogateescape")
    atomic_write(path, lambda temporary: temporary.write_bytes(content))


def write_json(path: str | Path, value: Any) -> None:
    """Write a JSON file whole (see `atomic_write`), indented for people to read."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if printable(text) != text:  # the name of a file that is no UTF-8
        text = json.dumps(value, indent=2)
    write_text(path, text + "\n")


def read_json_object(path: str | Path, any_text: bool = False) -> dict[str, Any]:
    """Read a JSON file that holds an object; for `any_text` see `storage.values.parse_json`.

    Raises:
        ValueError: it holds something else (see `storage.values.parse_json`).
        OSError: it cannot be read.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        kind = "directory" if path.is_dir() else "file that is no regular one"
        raise OSError(f"{path}: expected a JSON file, found a {kind}")
    try:
        # Some editors write a byte order mark.
        value = parse_json(path.read_text(encoding="utf-8-sig"), str(path), any_text)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected JSON, found no text") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected a JSON object, found {type(value).__name__}")
    return value


def quarantine(path: str | Path) -> Path:
    """Rename a file that cannot be read to `<name>.corrupt`, or `.corrupt-2`, …; its new name.

    Raises:
        OSError: it cannot be renamed.
    """
    path = Path(path)
    for number in itertools.count(1):
        aside = path.with_name(f"{path.name}.corrupt" + (f"-{number}" if number > 1 else ""))
        if not aside.exists():
            path.rename(aside)
            return aside
    raise AssertionError("unreachable: count() does not end")
