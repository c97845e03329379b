"""Imports TensorFlow without the lines it writes to standard error whatever one asks of it."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def import_keras() -> None:
    """Import Keras and TensorFlow; what they write to standard error is shown if that fails."""
    with _silent_errors():
        importlib.import_module("keras")
        importlib.import_module("tensorflow")


@contextmanager
def _silent_errors() -> Iterator[None]:
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), 2)
        try:
            yield
        except BaseException:
            heard.seek(0)
            os.write(saved, heard.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
