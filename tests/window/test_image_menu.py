"""Pictures in the window: from the clipboard, from files, from a folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from window_support import UserInput, wait_until

from number_recognition.window.app import App
from number_recognition.window.toolkit.clipboard import paste_image

ON_X11 = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="X11 and Wayland alone")


def clipboard(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> None:
    """Let a stand-in for xclip print this content, or fail where there is none."""
    programs, file = folder / "programs", folder / "content"
    programs.mkdir()
    if content is not None:
        file.write_bytes(content)
    (programs / "xclip").write_text(f"#!/bin/sh\nexec cat {file}\n")
    (programs / "gs").write_text(f"#!/bin/sh\ntouch {folder / 'ran'}\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", os.environ.get("DISPLAY", ":0"))


@ON_X11
def test_a_picture_on_the_clipboard_is_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasterized(drawing(7)).save(tmp_path / "a.png")
    clipboard(tmp_path, monkeypatch, (tmp_path / "a.png").read_bytes())
    assert np.array_equal(paste_image(), rasterized(drawing(7)))


@ON_X11
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "The clipboard contains no image"),
        (b"", "The clipboard contains no image"),
        (b"\x89PNG\r\n\x1a\n", "The clipboard: expected an image, found a broken PNG"),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n%%EndComments\nshowpage\n",
            "The clipboard: expected an image, found another file",
        ),
    ],
    ids=["none", "empty", "broken", "a program"],
)
def test_what_is_no_picture_on_the_clipboard_is_refused_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    clipboard(tmp_path, monkeypatch, content)
    with pytest.raises(ValueError, match=words):
        paste_image()
    assert not (tmp_path / "ran").exists()


@ON_X11
def test_the_keys_paste_a_picture(
    app: App, user: UserInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasterized(drawing(7)).save(tmp_path / "a.png")
    clipboard(tmp_path, monkeypatch, (tmp_path / "a.png").read_bytes())
    user.press("ctrl+v")
    wait_until(lambda: app.pad.image is not None, app)
    assert app.status.message == "Pasted."
