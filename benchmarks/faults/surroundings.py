"""Odd surroundings: paths, locales, no home, no display, a full disk, servers that fail."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np

from benchmarks.faults.home import check, digit, make_home, open_session
from benchmarks.faults.installs import works
from benchmarks.faults.operations import OPERATIONS
from benchmarks.faults.row import Row
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.storage.files import PROJECT_DIR
from Recognition import SHIPPED

_NAMES = (
    "with space",
    "quote'\"",
    "日本語",
    "عربى",
    "new\nline",
    "-dash",
    "=1+1",
    "%s {0}",
    "a" * 200,
)
_LOCALES = ("C", "tr_TR.UTF-8", "ar_EG.UTF-8", "")
_TIMEOUT = 0.3
_WAYS = ("--mnist", "config.json")
"""What a message about MNIST names: each is a way on without a download."""
_INSTEAD = "draw digits"
_NO_NETWORK = ("unshare", "-n")


def try_places(folder: Path) -> Row:
    """Run commands in odd folders and surroundings: they work, or say in one line why not."""
    row = Row("odd places, locales, no home, no display")
    for name in (*_NAMES, os.fsdecode(b"caf\xe9")):
        home = _home_with_network(folder / name)
        picture = home / f"{name[:50]}.png"
        rasterize(digit(3)).save(picture)
        problem = _command({}, "--config", str(home / "config.json"), "predict", str(picture))
        _add(row, f"{name[:20]!r}", problem)
        for each in ("keep", "relabel", "undo"):
            OPERATIONS[each](open_session(home), np.random.default_rng(1))
        row.failures += [f"{name[:20]!r}: {problem}" for problem in check(home, set(), set())]
    home = _home_with_network(folder / "plain")
    picture = home / "a.png"
    rasterize(digit(3)).save(picture)
    predict = ("--config", str(home / "config.json"), "predict", str(picture))
    for locale in _LOCALES:
        _add(row, f"locale {locale!r}", _command({"LC_ALL": locale, "PYTHONUTF8": "0"}, *predict))
    _add(row, "no HOME", _command({"HOME": "", "USER": "", "LOGNAME": ""}, *predict))
    _add(row, "no display", _command({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, expected=1))
    _add(row, "a display that is gone", _command({"DISPLAY": ":1234"}, expected=1))
    _add(row, "files of tomorrow", _clock_set_back(make_home(folder / "clock")))
    _add(row, "a full disk", _full_disk(folder / "full"))
    for gone in ("images", "images/fine_tuning_originals", "models", "."):
        for name in OPERATIONS:
            place = f"gone-{name}-{gone.replace('/', '-')}"
            _add(row, f"{gone} gone, {name}", _folder_gone(folder / place, gone, name))
    return row


def _home_with_network(folder: Path) -> Path:
    home = make_home(folder)
    (home / "models").mkdir(exist_ok=True)
    shutil.copyfile(SHIPPED, home / "models" / "digits.keras")
    return home


def _add(row: Row, name: str, problem: str) -> None:
    row.tried += 1
    row.failures += [f"{name}: {problem}"] if problem else []


def _command(changes: dict[str, str], *arguments: str, expected: int = 0) -> str:
    """Run Main.py in a changed environment, "" removes a variable; what is wrong, if anything."""
    environment = {
        name: value for name, value in {**os.environ, **changes}.items() if changes.get(name, "set")
    }
    done = subprocess.run(
        [sys.executable, "Main.py", *arguments],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        timeout=120,
    )
    errors = done.stderr.decode("utf-8", "replace").strip()
    lines = errors.splitlines()
    if done.returncode != expected or "Traceback" in errors or len(lines) > (expected > 0):
        return f"exit status {done.returncode}: {errors[-300:]}"
    return ""


def _clock_set_back(home: Path) -> str:
    """The clock was set back: every file is of tomorrow."""
    session, random = open_session(home), np.random.default_rng(1)
    OPERATIONS["keep"](session, random)
    tomorrow = time.time() + 86400
    for path in home.rglob("*"):
        os.utime(path, (tomorrow, tomorrow))
    for name in ("keep", "note", "relabel", "undo", "start"):
        OPERATIONS[name](open_session(home), random)
    return "; ".join(check(home, set(), set()))


def _folder_gone(home: Path, gone: str, name: str) -> str:
    """A folder is deleted while the program runs: a message or a result, and it goes on."""
    session, random = open_session(make_home(home)), np.random.default_rng(1)
    OPERATIONS["keep"](session, random)
    shutil.rmtree(home / gone)
    try:
        OPERATIONS[name](session, random)
    except OSError as error:
        if "[Errno" in str(error):
            return f"no message for a user: {error}"
    make_home(home)
    kept = OPERATIONS["keep"](session, random)
    return "; ".join(check(home, set(kept), set()))


def _full_disk(folder: Path) -> str:
    """Keep drawings until a small disk is full, free some space, and keep more."""
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)], capture_output=True
    ).returncode:
        return ""  # only an administrator may
    try:
        return _fill(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def _fill(folder: Path) -> str:
    home, random = make_home(folder / "home"), np.random.default_rng(1)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(40_000))
    kept: set[str] = set()
    message = ""
    for _ in range(200):
        try:
            kept |= set(OPERATIONS["keep"](open_session(home), random))
        except OSError as error:
            message = str(error)
            break
    if "because the disk is full. Free some space" not in message:
        return f"no message for a user: {message!r}"
    ballast.unlink()
    kept |= set(OPERATIONS["keep"](open_session(home), random))
    return "; ".join(check(home, kept, set()))


def try_servers(folder: Path) -> Row:
    """Download from servers that refuse, stall, break off or send another file."""
    row = Row("no network, stalled and wrong downloads")
    with (
        mock.patch.dict(os.environ, KERAS_HOME=str(folder)),
        mock.patch.object(mnist, "TIMEOUT", _TIMEOUT),
    ):
        _fetch(row, "nothing listens", f"http://127.0.0.1:{_free_port()}/mnist.npz")
        _fetch(row, "no such host", "http://mnist.invalid/mnist.npz")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            _fetch(row, "it stalls", f"http://127.0.0.1:{silent.getsockname()[1]}/mnist.npz")
        for name in ("wrong", "short", "stalls", "gone"):
            with _server() as address:
                _fetch(row, f"{name} answer", f"{address}/{name}")
        if works(_NO_NETWORK):
            _add(row, "no network", _evaluate_without_network(make_home(folder / "no-network")))
    return row


def _evaluate_without_network(home: Path) -> str:
    """A command that needs MNIST says in one line what to do."""
    options = ("--config", str(home / "config.json"), "--model", str(SHIPPED))
    done = subprocess.run(
        [*_NO_NETWORK, sys.executable, "Main.py", "evaluate", *options],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    says_ways = (
        all(way in done.stderr for way in (*_WAYS, "--images")) and "[Errno" not in done.stderr
    )
    is_told = done.returncode == 1 and says_ways and len(done.stderr.splitlines()) == 1
    return "" if is_told else f"exit status {done.returncode}: {done.stderr[-300:]}"


def _fetch(row: Row, name: str, address: str) -> None:
    begin = time.monotonic()
    try:
        mnist.fetch(address=address, instead=_INSTEAD)
        problem = "it was taken"
    except mnist.MnistMissing as error:
        problem = "" if all(way in str(error) for way in (*_WAYS, _INSTEAD)) else str(error)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    row.note_most("slowest s", time.monotonic() - begin)
    left = [path.name for path in mnist.cache_file().parent.glob("*") if path.is_file()]
    _add(row, name, problem or (f"left {left}" if left else ""))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers by the last part of the path."""

    def do_GET(self) -> None:
        if self.path.endswith("gone"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", "4" if self.path.endswith("wrong") else "1000")
        self.end_headers()
        self.wfile.write(b"four")
        if self.path.endswith("stalls"):
            time.sleep(3 * _TIMEOUT)

    def log_message(self, format: str, *arguments: object) -> None:
        """Write nothing."""


@contextmanager
def _server() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
