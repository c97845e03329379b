"""Many trainings with different settings, one beside the other, through any `Executor`."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learning.cluster import Files, joined, work_away
from learning.errands import Errand, gathered
from learning.jobs import serve_quietly
from learning.progress import (
    Pace,
    Progress,
    Report,
    Stopped,
    TrainingFailed,
    WorkStopped,
    ignore,
    never,
)
from learning.runs import Run, begin_run, forget_if_empty, new_folder, read_run, train_in
from learning.samples import Places, tell_of_refused, unreadable
from learning.shelf import describe
from storage.fields import as_dict, written
from storage.settings import TrainingSettings

_TRIES = 3
_crew: dict[str, Any] = {}
"""What a process of the crew was given when it started; empty in every other process."""


@dataclass(frozen=True)
class Outcome:
    """What came of one run of an experiment: the run, or why there is none."""

    settings: TrainingSettings
    run: Run | None = None
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Settings, figures, seconds and folder as plain values."""
        return {
            "settings": as_dict(self.settings),
            "figures": self.run.figures if self.run else {},
            "seconds": self.run.figures.get("seconds") if self.run else None,
            "folder": str(self.run.folder) if self.run else None,
            "completed": bool(self.run and self.run.completed),
            "error": self.error or None,
        }


Work = Callable[[Errand], Run | tuple[Run, Files]]


def combinations(
    base: TrainingSettings, choices: Mapping[str, Sequence[Any]]
) -> list[TrainingSettings]:
    """Every combination of the values chosen, the rest as in `base`, in the order given."""
    names = list(choices)
    return [
        dataclasses.replace(base, **dict(zip(names, values, strict=True)))
        for values in itertools.product(*(choices[name] for name in names))
    ]


def experiment(
    settings: Sequence[TrainingSettings],
    places: Places,
    *,
    runs: Path,
    name: str = "experiment",
    workers: int = 1,
    cluster: str | None = None,
    heard: Callable[[Outcome], None] | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> list[Outcome]:
    """Train a network for each of the settings; the outcomes in the order of finishing.

    Args:
        settings: one for each run.
        places: where the samples come from.
        runs: the folder that gets a folder for each run.
        name: what to call them.
        workers: how many processes of this machine train at a time.
        cluster: the address of a Dask scheduler, to train there instead.
        heard: hears each outcome as soon as it is there.
        report: hears how many are done; `details` holds the `outcomes` so far, as plain values.
            Before that, once, the kept drawings that cannot be read, see `learning.samples.gather`.
        stopped: once it is true, what has not started is left out, and what runs on this machine
            is stopped and keeps its best.

    Raises:
        ValueError, OSError: the cluster cannot be reached.
    """
    if any("corrections" in each.data for each in settings):
        tell_of_refused(unreadable(places), report)  # workers leave them out without a word
    runs.mkdir(parents=True, exist_ok=True)
    errands = [Errand(each, places, new_folder(runs, name), runs.name + name + str(time.time()))
               for each in settings]  # fmt: skip
    errands = [dataclasses.replace(e, experiment=errands[0].experiment) for e in errands]
    for errand, title in zip(errands, _titles(settings), strict=True):
        begin_run(errand.folder, errand.settings, places)
        if title:
            describe(errand.folder, name=title)
    if cluster is not None:
        with joined(cluster) as executor:
            sweep = _Sweep(lambda: executor, work_away)
            outcomes = sweep.run(errands, heard, report, stopped)
    else:
        sweep = _Sweep(lambda: local_crew(workers), work, stop_crew)
        try:
            outcomes = sweep.run(errands, heard, report, stopped)
        except BaseException:
            end_crew()
            raise
    for errand in errands:
        forget_if_empty(errand.folder)  # it was never started
    return outcomes


def _titles(settings: Sequence[TrainingSettings]) -> list[str]:
    """What tells each of the settings from the others; empty where nothing does."""
    names = [
        entry.name
        for entry in dataclasses.fields(TrainingSettings)
        if len({getattr(each, entry.name) for each in settings}) > 1
    ]
    return [", ".join(written(getattr(each, name)) for name in names) for each in settings]


class _Sweep:
    """Errands on their way through an executor; those of a worker that died are sent again."""

    def __init__(
        self,
        hire: Callable[[], Executor],
        job: Work,
        stop_all: Callable[[], None] = lambda: None,
    ) -> None:
        self._hire = hire
        self._job = job
        self._stop_all = stop_all
        self._sent: dict[Future[Any], tuple[Errand, int]] = {}
        self.outcomes: list[Outcome] = []

    def run(
        self,
        errands: Iterable[Errand],
        heard: Callable[[Outcome], None] | None,
        report: Report,
        stopped: Stopped,
    ) -> list[Outcome]:
        for errand in errands:
            self._send(errand, 1)
        total, pace, is_stopping = len(self._sent), Pace(), False
        while self._sent:
            done, _ = wait(self._sent, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = self._receive(future, is_stopping)
                if outcome is not None:
                    self.outcomes.append(outcome)
                    if heard is not None:
                        heard(outcome)
            if stopped() and not is_stopping:
                is_stopping = True
                self._stop()
            self._tell(total, pace, report)
        return self.outcomes

    def _send(self, errand: Errand, attempt: int) -> None:
        try:
            future = self._hire().submit(self._job, errand)
        except BrokenExecutor:
            _dismiss()
            future = self._hire().submit(self._job, errand)
        self._sent[future] = (errand, attempt)

    def _receive(self, future: Future[Any], is_stopping: bool) -> Outcome | None:
        """The outcome of an errand; None where there is none, or it was sent once more."""
        errand, attempt = self._sent.pop(future)
        try:
            return Outcome(errand.settings, future.result())
        except (WorkStopped, CancelledError):
            return None
        except BrokenExecutor as error:
            if is_stopping:
                return None
            if attempt < _TRIES:
                self._send(errand, attempt + 1)
                return None
            return Outcome(errand.settings, error=f"its worker died {_TRIES} times ({error})")
        except (TrainingFailed, ValueError, OSError) as error:
            return Outcome(errand.settings, error=str(error))
        except Exception as error:
            # A cluster raises errors of its own kinds: one run less, not the end of all.
            return Outcome(errand.settings, error=f"{type(error).__name__}: {error}")

    def _stop(self) -> None:
        for future in reversed(list(self._sent)):
            future.cancel()
        self._stop_all()

    def _tell(self, total: int, pace: Pace, report: Report) -> None:
        if not pace.due(0.2):
            return
        count = len(self.outcomes)
        done = count / total
        report(
            Progress(
                f"{count} of {total} runs done",
                done,
                pace.seconds_left(done),
                {"outcomes": [outcome.as_dict() for outcome in self.outcomes]},
            )
        )


@functools.lru_cache(maxsize=1)
def local_crew(workers: int) -> Executor:
    """Processes of this machine, which stay warm from one experiment to the next."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    _crew["stop"] = stop
    threads = max(1, (os.cpu_count() or 1) // workers)
    crew = _crew["executor"] = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_join, initargs=(stop, threads)
    )
    return crew


def stop_crew() -> None:
    """Ask the trainings that run here to stop and to keep their best."""
    _crew["stop"].set()
    _dismiss()


def end_crew() -> None:
    """End the processes at once: whoever leaves this one does not wait for their trainings."""
    crew = _crew.get("executor")
    if crew is not None:
        for process in list((crew._processes or {}).values()):
            process.kill()
    _dismiss()


def _dismiss() -> None:
    """Let the processes go when they are done; the next experiment hires others."""
    crew = _crew.pop("executor", None)
    local_crew.cache_clear()
    if crew is not None:
        crew.shutdown(wait=False)


def _join(stop: Any, threads: int) -> None:
    """What a process of the crew does first."""
    _crew["stop"] = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who hired it stops it
    serve_quietly()
    from learning.quiet import import_keras

    import_keras()
    if threads < (os.cpu_count() or 1):
        hold_to(threads)


def hold_to(threads: int) -> None:
    """Hold TensorFlow to so many threads; before it has computed anything."""
    from learning.training import limit_threads

    limit_threads(threads)


def work(errand: Errand) -> Run:
    """Run an errand here, on from its checkpoint where a worker that died had left one."""
    stop = _crew.get("stop")
    stopped = stop.is_set if stop is not None else never
    if stopped():
        raise WorkStopped("before it had started")
    samples = gathered(errand)
    if (errand.folder / "summary.json").exists():
        return read_run(errand.folder)
    return train_in(errand.folder, errand.settings, samples, stopped=stopped)
