"""MNIST is found, checked and downloaded; no other file is changed."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from digit_images import write_mnist

from number_recognition.digits.datasets import mnist
from number_recognition.digits.datasets.mnist import MnistMissing


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras's cache, empty and in a folder of the test's own."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras" / "datasets" / "mnist.npz"


class Server(SimpleHTTPRequestHandler):
    """Serves files; of one whose name starts with "cut" it sends half of what it announced."""

    def log_message(self, *arguments: object) -> None:
        pass

    def copyfile(self, source: object, output: object) -> None:
        content = source.read()
        is_cut = "/cut" in self.path
        output.write(content[: len(content) // 2] if is_cut else content)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a server on this machine."""
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def left_behind(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir()] if target.parent.exists() else []


def test_a_download_reports_progress_and_stays_in_keras_cache(
    served: tuple[str, Path], cache: Path
) -> None:
    address, folder = served
    file = write_mnist(folder / "mnist.npz")
    on_progress: list[float] = []

    arrays = mnist.fetch(
        on_progress=lambda done, message: on_progress.append(done),
        address=f"{address}/mnist.npz",
        sha256=sha256(file),
    )

    assert arrays[0].shape == (200, 28, 28)
    assert len(on_progress) > 1 and on_progress == sorted(on_progress) and on_progress[-1] == 1
    assert left_behind(cache) == ["mnist.npz"]
    assert mnist.fetch(address="http://127.0.0.1:1/")[0].shape == (200, 28, 28)


@pytest.mark.parametrize(
    ("name", "words"), [("whole.npz", "SHA-256"), ("cut.npz", "bytes"), ("absent.npz", "404")]
)
def test_a_failed_download_leaves_nothing_and_says_what_to_do(
    served: tuple[str, Path], cache: Path, name: str, words: str
) -> None:
    address, folder = served
    write_mnist(folder / "whole.npz")
    write_mnist(folder / "cut.npz")

    with pytest.raises(MnistMissing, match=words) as caught:
        mnist.fetch(address=f"{address}/{name}", instead="draw digits")

    assert left_behind(cache) == []
    for way in ("--mnist", str(cache.parent), ", or draw digits."):
        assert way in str(caught.value)
    assert "cannot be written" not in str(caught.value)


def test_an_error_of_the_connection_has_no_number(cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    with pytest.raises(MnistMissing, match=r"\(Connection refused\)"):
        mnist.fetch(address=f"http://127.0.0.1:{free}/mnist.npz")


def test_a_server_that_does_not_answer_is_given_up(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(MnistMissing, match="timed out"):
            mnist.fetch(address=f"http://127.0.0.1:{port}/mnist.npz")
    assert left_behind(cache) == []


def test_the_path_given_comes_first_then_config_json_then_the_cache(
    tmp_path: Path, cache: Path
) -> None:
    given, configured = tmp_path / "given.npz", tmp_path / "configured.npz"
    cache.parent.mkdir(parents=True)
    for path in (given, configured, cache):
        write_mnist(path)
    assert mnist.find(given, configured) == given
    assert mnist.find(None, configured) == configured
    assert mnist.find() == cache
    with pytest.raises(FileNotFoundError, match="absent"):
        mnist.find(tmp_path / "absent.npz", configured)


@pytest.mark.parametrize(
    "changes",
    [
        {"x_train": np.zeros((200, 32, 32), np.uint8)},
        {"x_test": np.zeros((20, 28, 28), np.float32)},
        {"y_train": np.zeros(199, np.uint8)},
        {"y_test": np.full(20, 10, np.uint8)},
        {"y_test": np.zeros(20, np.float32)},
        {"x_train": np.array([None] * 200, dtype=object)},
    ],
    ids=["size", "float pixels", "number of labels", "label 10", "float labels", "pickled"],
)
def test_a_file_of_other_arrays_is_rejected_and_not_changed(
    tmp_path: Path, changes: dict[str, np.ndarray]
) -> None:
    path = write_mnist(tmp_path / "mine.npz", **changes)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"mine\.npz: expected"):
        mnist.fetch(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"<html>Not found</html>"])
def test_another_file_in_the_cache_is_rejected_and_not_changed(cache: Path, content: bytes) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_bytes(content)
    with pytest.raises(ValueError, match="broken file"):
        mnist.fetch(address="http://127.0.0.1:1/")
    assert cache.read_bytes() == content


def test_a_file_that_unpacks_to_far_more_than_mnist_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_mnist(tmp_path / "mnist.npz")
    assert len(mnist.load(path)[0]) == 200
    monkeypatch.setattr(mnist, "MAX_BYTES", 100_000)
    with pytest.raises(ValueError, match="expected MNIST"):
        mnist.load(path)
