"""An X server of its own for what opens a window, so that it disturbs nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SCREEN = (1440, 900)
"""Width and height in pixels."""


@contextmanager
def own_display(screen: tuple[int, int] = SCREEN) -> Iterator[str]:
    """Start Xvfb on a free display and end it afterwards; gives the name of the display.

    Args:
        screen: its width and height in pixels.

    Raises:
        OSError: there is no Xvfb, or it did not start.
    """
    if shutil.which("Xvfb") is None:
        raise OSError("expected Xvfb on the path, found none: apt-get install xvfb")
    reading, writing = os.pipe()
    size = f"{screen[0]}x{screen[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise OSError("expected Xvfb to start, found that it ended")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
