"""Read-only installs, other users, other locales and a small screen, with the real window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.faults.home import make_home
from benchmarks.faults.row import Row
from benchmarks.probes.display import SCREEN, own_display
from number_recognition.storage.files import PROJECT_DIR

_SMALL = (640, 480)
_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
_READ_ONLY = (
    "unshare",
    "-m",
    "sh",
    "-c",
    'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec "$@"',
    "sh",
    str(PROJECT_DIR),
)
_LOCALES = ("tr_TR", "ar_EG")
_SECONDS = 300.0


def try_installs(folder: Path) -> Row:
    """Use the window in each of them; what the system does not let one try is left out."""
    row = Row("read-only installs, other users, locales, 640 × 480")
    visits: list[tuple[str, tuple[str, ...], dict[str, str], tuple[int, int]]] = [
        ("640 × 480", (), {}, _SMALL)
    ]
    for locale in _LOCALES:
        if _make_locale(folder, locale):
            changes = {"LOCPATH": str(folder), "LC_ALL": f"{locale}.UTF-8"}
            visits.append((locale, (), changes, SCREEN))
    for name, before, changes, screen in visits:
        home = make_home(folder / name)
        _add(row, name, _visit(home, before, changes, screen), is_writable=True)
    for name, before in (
        ("a read-only install", _READ_ONLY),
        ("another user", _NOBODY),
        ("a read-only install of another user", (*_READ_ONLY, *_NOBODY)),
    ):
        if works(before):
            found = _visit(PROJECT_DIR, before, {"HOME": ""}, SCREEN)
            _add(row, name, found, is_writable=False)
    return row


def _make_locale(folder: Path, name: str) -> bool:
    """Make a locale of the system's sources; whether there are any."""
    if shutil.which("localedef") is None:
        return False
    command = ["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")]
    subprocess.run(command, capture_output=True, check=False)
    return (folder / f"{name}.UTF-8").is_dir()


def works(before: tuple[str, ...]) -> bool:
    """Whether a command can be run so."""
    if shutil.which(before[0]) is None:
        return False
    command = [*before, sys.executable, "-c", "import numpy, tkinter"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _visit(
    home: Path, before: tuple[str, ...], changes: dict[str, str], screen: tuple[int, int]
) -> dict[str, Any] | str:
    """What the window said, or its last words."""
    with own_display(screen) as display:
        done = subprocess.run(
            [*before, sys.executable, "-m", "benchmarks.probes.visit_probe", home / "config.json"],
            cwd=PROJECT_DIR,
            env={**os.environ, "DISPLAY": display, **changes},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    if done.returncode or "Traceback" in done.stderr or not done.stdout:
        return f"exit status {done.returncode}: {done.stderr[-300:]}"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _add(row: Row, name: str, found: dict[str, Any] | str, is_writable: bool) -> None:
    row.tried += 1
    if isinstance(found, str):
        row.failures.append(f"{name}: {found}")
        return
    said = " ".join(found["said"])
    if not found["inside"] or "[Errno" in said or "did not work" in said:
        row.failures.append(f"{name}: in the screen {found['inside']}; {said[:300]}")
    if found["digit"] is None or found["kept"] != is_writable:
        row.failures.append(f"{name}: read {found['digit']}, kept {found['kept']}")
    if not is_writable and "Not kept, and still on the pad" not in said:
        row.failures.append(f"{name}: expected that nothing was kept, found {said[:300]!r}")
