"""Import and set up TensorFlow: quiet imports, the number of threads, whether XLA works."""

from __future__ import annotations

import functools
import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def import_keras() -> None:
    """Import Keras and TensorFlow; what they write to standard error is shown only if that fails.

    TensorFlow's C++ code writes there whatever its log level. Matplotlib, which Keras imports to
    draw pictures of its own, is left out: it is a fifth of the time. So is the collection of
    garbage: it would go through 300,000 new objects again and again, for a seventh of the time.
    """
    if "keras" in sys.modules and "tensorflow" in sys.modules:
        return
    with _capture_standard_error(), _not_imported("matplotlib"), _garbage_not_collected():
        importlib.import_module("keras")
        importlib.import_module("tensorflow")


def limit_threads(count: int) -> None:
    """Let TensorFlow use at most `count` threads in this process; call before any computation."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)


@functools.cache
def xla_available() -> bool:
    """Whether this build of TensorFlow can compile functions with XLA; some come without it."""
    import tensorflow as tf

    try:
        tf.function(lambda x: x + 1.0, jit_compile=True, autograph=False)(tf.zeros(2))
    except (tf.errors.OpError, ValueError):
        return False
    return True


@contextmanager
def _not_imported(name: str) -> Iterator[None]:
    """Let a module that is not imported yet seem to be missing, for those that can do without."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # the documented way to make it missing
    try:
        yield
    finally:
        del sys.modules[name]


@contextmanager
def _garbage_not_collected() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Together they make all objects old, without a look at them: as new ones, they would be
        # gone through twice more before they are left alone.
        gc.freeze()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


@contextmanager
def _capture_standard_error() -> Iterator[None]:
    """Hold back standard error of this process, and write it after all if the block fails."""
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as captured:
        os.dup2(captured.fileno(), 2)
        try:
            yield
        except BaseException:
            captured.seek(0)
            os.write(saved, captured.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
