"""Gather the samples of a training from all its sources."""

from __future__ import annotations

from collections.abc import Sequence

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import (
    Progress,
    Report,
    Stopped,
    ignore,
    never,
    progress_callback,
)
from number_recognition.learning.data.samples import DataPaths, GatheredSamples, Samples
from number_recognition.learning.data.sources import SOURCES
from number_recognition.storage.settings import TrainingSettings


def gather(
    settings: TrainingSettings,
    paths: DataPaths,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> GatheredSamples:
    """Gather the samples of every source in `settings.sources`, each split for validation.

    A part `validation_split` of each source is for validation: of stroke files by writer, so that
    no writer is in both; of the other sources at random.

    Kept drawings that cannot be read are skipped. The last report lists them in its `details` as
    `skipped`, a line each.

    Raises:
        ValueError: a source has no samples, or its file has another format.
        FileNotFoundError: a file is missing; for MNIST see `digits.datasets.mnist.MnistMissing`.
        WorkStopped: it was stopped.
    """
    on_progress = progress_callback(report, stopped)
    gathered = GatheredSamples(Samples.empty(), Samples.empty(), Samples.empty())
    for name in (*settings.sources, *(["counterexamples"] if settings.no_digit else [])):
        part = SOURCES[name](settings, paths, on_progress)
        gathered = GatheredSamples(
            gathered.training + part.training.with_source(name),
            gathered.validation + part.validation.with_source(name),
            gathered.test + part.test.with_source(name),
            gathered.skipped + part.skipped,
        )
    report_skipped(gathered.skipped, report)
    return gathered


def report_skipped(skipped: Sequence[str], report: Report) -> None:
    """Report the kept drawings that could not be read, if there are any."""
    if skipped:
        count = pluralize(len(skipped), "kept drawing")
        report(Progress(f"{count} left out, since unreadable", details={"skipped": list(skipped)}))
