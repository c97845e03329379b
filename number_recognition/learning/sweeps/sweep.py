"""Running a sweep: its runs are sent to workers, and sent again when a worker dies."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    wait,
)
from typing import Any

from number_recognition.core.progress import Progress, ProgressTimer, Report, Stopped, ignore, never
from number_recognition.learning.data.gather import report_skipped
from number_recognition.learning.data.sources import unreadable_corrections
from number_recognition.learning.runs.run import remove_if_empty
from number_recognition.learning.sweeps.executor import SweepExecutor, open_executor
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec, mark_failed
from number_recognition.learning.sweeps.sweep_file import Sweep
from number_recognition.storage.settings import TrainingSettings

_TRIES = 3
_STOP_SECONDS = 2.0
"""Time that stopped runs have to save their best network; each has a checkpoint anyway."""


def combinations(
    base: TrainingSettings, values: dict[str, Sequence[Any]]
) -> list[TrainingSettings]:
    """The settings for every combination of values, in the order given; the rest is `base`."""
    names = list(values)
    return [
        dataclasses.replace(base, **dict(zip(names, combination, strict=True)))
        for combination in itertools.product(*values.values())
    ]


def run_sweep(
    sweep: Sweep,
    *,
    workers: int = 1,
    cluster: str | None = None,
    on_outcome: Callable[[Outcome], None] | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> list[Outcome]:
    """Train every run of a sweep that is not finished.

    Args:
        sweep: a new one, or one that was stopped or killed.
        workers: the number of processes of this machine.
        cluster: the address of a Dask scheduler, to train there instead.
        on_outcome: called with each new outcome.
        report: called with the number of finished runs; `details` has the `outcomes` so far, as
            plain values, and `preparing` what runs of this machine do before they are trained, by
            the names of their folders. Called once before that with the kept drawings that cannot
            be read, see `learning.data.gather.gather`.
        stopped: asked often; once it is true, runs not yet begun are left out, and the others are
            stopped and keep their best network. A run that needs more than a few seconds for that
            keeps the checkpoint of its last epoch.

    Returns:
        The outcomes: first those of runs that were finished before, then the others in the order
        in which they ended, stopped ones included.

    Raises:
        ValueError, OSError: the cluster cannot be reached or was lost, or another process runs
            the sweep.
    """
    with open_executor(workers, cluster) as executor, sweep.claimed():
        if any("corrections" in spec.settings.sources for spec in sweep.specs):
            # Workers skip them without a report.
            report_skipped(unreadable_corrections(sweep.specs[0].paths), report)
        outcomes = _SweepLoop(executor, sweep, on_outcome, report).run(stopped)
    for spec in sweep.specs:
        remove_if_empty(spec.folder)  # stopped before its first epoch was done
    return outcomes


class _SweepLoop:
    """Sends the runs of a sweep to an executor and collects the outcomes."""

    def __init__(
        self,
        executor: SweepExecutor,
        sweep: Sweep,
        on_outcome: Callable[[Outcome], None] | None,
        report: Report,
    ) -> None:
        self._executor = executor
        self._specs = sweep.unfinished()
        self._total = len(sweep.specs)
        self._on_outcome = on_outcome
        self._report = report
        self._timer = ProgressTimer()
        self._futures: dict[Future[Outcome | None], tuple[RunSpec, int]] = {}
        self._stopping = False
        self.outcomes = sweep.finished()
        self._before, self._last_end = len(self.outcomes), 0.0

    def run(self, stopped: Stopped) -> list[Outcome]:
        """Submit every unfinished run and wait for the outcomes.

        Raises:
            OSError: the cluster was lost.
        """
        for spec in self._specs:
            self._submit(spec, 1)
        end = float("inf")
        try:
            while self._futures and time.monotonic() < end:
                self._wait()
                if stopped() and not self._stopping:
                    self._stopping, end = True, time.monotonic() + _STOP_SECONDS
                    self._executor.cancel()
        finally:
            for future in self._futures:
                future.cancel()
        self._report_progress(at_once=True)
        return self.outcomes

    def _submit(self, spec: RunSpec, attempt: int) -> None:
        self._futures[self._executor.submit(spec)] = (spec, attempt)

    def _wait(self) -> None:
        done, _ = wait(self._futures, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in done:
            spec, attempt = self._futures.pop(future)
            outcome = self._receive(future, spec, attempt)
            if outcome is not None:
                self._add(outcome, spec)
        self._report_progress()

    def _receive(
        self, future: Future[Outcome | None], spec: RunSpec, attempt: int
    ) -> Outcome | None:
        """The outcome of a run; None where there is none, or it was submitted again."""
        try:
            return future.result()
        except CancelledError:
            if self._stopping:
                return None
            raise OSError(
                f"the cluster was lost after {len(self.outcomes)} of {self._total} runs; expected "
                "its scheduler to run; finished runs are kept, and the experiment can be resumed"
            ) from None
        except BrokenExecutor as error:
            if self._stopping:
                return None
            if attempt < _TRIES:
                self._submit(spec, attempt + 1)
                return None
            return Outcome(spec.settings, error=f"its worker died {_TRIES} times ({error})")
        except Exception as error:  # of a worker without the program, for example
            return Outcome(spec.settings, error=f"{type(error).__name__}: {error}")

    def _add(self, outcome: Outcome, spec: RunSpec) -> None:
        if outcome.error:
            mark_failed(spec, outcome.error)
        self.outcomes.append(outcome)
        self._last_end = self._timer.seconds()
        if self._on_outcome is not None:
            self._on_outcome(outcome)

    def _report_progress(self, at_once: bool = False) -> None:
        if not self._timer.ready(0.0 if at_once else 0.2):
            return
        finished = sum(outcome.finished for outcome in self.outcomes)
        failed = sum(bool(outcome.error) for outcome in self.outcomes)
        message = f"{finished - failed} of {self._total} runs done"
        done = finished / self._total
        details: dict[str, Any] = {"outcomes": [each.as_dict() for each in self.outcomes]}
        message += f", {failed} failed" if failed else ""
        preparing = {name: each.message for name, each in self._executor.preparing().items()}
        details["preparing"] = preparing
        message = "; ".join([message, *list(preparing.values())[:1]])
        self._report(Progress(message, done, self._seconds_left(), details))

    def _seconds_left(self) -> float | None:
        """As long as the runs that ended took; None without one, and where it is taking longer."""
        ended = len(self.outcomes) - self._before
        if not ended:
            return None
        left = self._last_end / ended * (self._total - self._before) - self._timer.seconds()
        return left if left > 0 else None
