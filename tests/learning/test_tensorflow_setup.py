"""How TensorFlow and Keras are imported."""

from __future__ import annotations

import subprocess
import sys

from number_recognition.storage.files import PROJECT_DIR


def test_keras_is_imported_without_matplotlib_and_garbage_collection_which_work_later() -> None:
    code = """
import gc, sys
from number_recognition.learning.fine_tuning import fine_tune_job
fine_tune_job.synthetic_samples = fine_tune_job.counterexample_samples = list
gc.set_threshold(700, 1000, 1000)  # a collection makes new objects no older than by one step
collected = []
gc.callbacks.append(lambda phase, info: collected.append(phase))
fine_tune_job.import_keras()
assert collected.count("start") <= 1 and gc.isenabled()
assert len(gc.get_objects(generation=2)) > 100_000 and not gc.get_freeze_count()
fine_tune_job.prepare_worker()
assert "keras" in sys.modules and "matplotlib" not in sys.modules
import matplotlib.pyplot
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
