"""Fixtures for tests that show a single view in a bare window."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from network_files import smooth_network
from window_support import BareContext, close, close_afterwards, open_window, use_network

from number_recognition.session.session import Session
from number_recognition.window.toolkit.theme import apply_theme


@pytest.fixture
def bare_window(display: str) -> Iterator[tk.Tk]:
    """An empty window; an exception in a callback fails the test."""
    root = tk.Tk()
    errors: list[BaseException] = []
    root.report_callback_exception = lambda kind, error, trace: errors.append(error)
    apply_theme(root, "light", 1.0)
    root.geometry("640x760+0+0")
    yield root
    root.update()
    close(root)
    if errors:
        raise errors[0]


@pytest.fixture
def empty_app(
    display: str, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tk.Tk]:
    """The window without MNIST, runs, kept drawings and images."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    yield from close_afterwards(*open_window(network, tmp_path))


@pytest.fixture
def bare_context(
    bare_window: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BareContext:
    """The context of that window: a session with a small network, without MNIST."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    use_network(session, smooth_network())
    return BareContext(bare_window, session)
