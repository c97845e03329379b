"""Versions of the network: fine-tuned from the kept drawings, with a card of gains and losses."""

from __future__ import annotations

import dataclasses
import functools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import Progress, Report, Stopped, ignore, never
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.datasets import counterexamples, mnist, synthetic
from number_recognition.digits.drawing import variation
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.data.samples import Samples, read_images
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.fine_tuning.report_files import KeptCard, read_card
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.storage.files import atomic_write, write_json
from number_recognition.storage.settings import FineTuningSettings

_VALIDATION_SAMPLES = 5000
"""Samples that judge what was forgotten: of fewer, a tenth of a point would be a few by chance."""
_SYNTHETIC_SAMPLES = 2000
"""Generated digits, half of them to rehearse and half to judge by."""
_COUNTEREXAMPLES = 600
"""Likewise, of what is no digit, for a network that can answer so."""
_HOLD_OUT_FROM = 60
"""From so many corrections on, a sixth of them is held out."""


@dataclass(frozen=True)
class Change:
    """One figure before and after, as parts of 1, over so many samples."""

    before: float
    after: float
    count: int


@dataclass(frozen=True)
class FineTuningReport:
    """What a fine-tuning gained and lost.

    Attributes:
        network: the file of the candidate.
        parent: the file of the network it was made from.
        corrections: how many were learnt from.
        kept: all readable kept drawings.
        held_out: those not learnt from, None where there were too few to hold any out.
        mnist_test: None where MNIST is not at hand.
        original: a fixed sample of the original task, not trained on.
        worst_digit: the digit of that sample (or of MNIST's test set) that lost most.
        worst_change: its change of recall, as a part of 1.
        changed: of the fixed sample: true label, answer before, answer after, where they differ.
        refused: files that could not be read, and why.
        keep: whether keeping it is advised; `why` says it in one sentence.
        seconds: what it took.
    """

    network: Path
    parent: Path
    corrections: int
    kept: Change
    original: Change
    worst_digit: int
    worst_change: float
    keep: bool
    why: str
    seconds: float
    mix: float
    held_out: Change | None = None
    mnist_test: Change | None = None
    changed: list[tuple[int, int, int]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """The card as plain values."""
        values = dataclasses.asdict(self)
        return {**values, "network": str(self.network), "parent": str(self.parent)}


def prepare_worker() -> None:
    """Import what `fine_tune_job` needs and paint its rehearsal, before one is asked for."""
    import number_recognition.learning.fine_tuning.fine_tuning  # noqa: F401

    _synthetic_samples()
    _counterexample_samples()


def fine_tune_job(
    model: Path,
    images: Path,
    mnist_file: Path | None,
    settings: FineTuningSettings,
    versions: Path,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> FineTuningReport:
    """Fine-tune a network on the kept drawings and judge what came of it.

    The candidate is a new file in `versions`; the network in use stays as it is.

    Raises:
        ValueError: there are no kept drawings that can be read, or the network is no such file.
        OSError: the candidate cannot be written.
    """
    from number_recognition.learning.fine_tuning.fine_tuning import fine_tune
    from number_recognition.learning.models.keras_network import load

    clock = time.monotonic()
    before = NumpyNetwork.load(model)
    no_digit = before.outputs > DIGITS
    samples, refused = _read_corrections(images, no_digit)
    training, held_out = _hold_out(samples, settings.seed)
    report(Progress("gathering the rehearsal"))
    known = mnist.load(mnist_file) if mnist_file is not None else None
    digits = Samples(*known[:2]) if known else None
    rehearsal, judges = rehearsal_and_validation(digits, settings, no_digit)
    # What chose how far to go is no fair judge of where that led.
    split = [samples.split(0.5, settings.seed) for samples in judges]
    judges = [half for half, _ in split]
    unseen = sum((half for _, half in split), Samples.empty())
    tuned = fine_tune(
        load(str(model)),
        training,
        rehearsal,
        judges,
        settings,
        report=report,
        stopped=stopped,
    )
    report(Progress("judging", 1.0))
    candidate = versions / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}.keras"
    atomic_write(candidate, tuned.network.save)
    after = NumpyNetwork.load(candidate)
    test = Samples(*known[2:]) if known else Samples.empty()
    return _report(
        _BeforeAndAfter(before, after),
        candidate,
        model,
        (training, samples, held_out, unseen, test),
        [reason for _, reason in refused],
        settings.max_drop,
        tuned.mix,
        clock,
    )


def _read_corrections(images: Path, no_digit: bool) -> tuple[Samples, list[tuple[Path, str]]]:
    """The kept digits, and where the network can answer "no digit" what is none, too."""
    listed, problems = Corrections(images).list_kept()
    kept = [
        (entry.path, NO_DIGIT if entry.label is None else entry.label)
        for entry in listed
        if entry.label is not None or no_digit
    ]
    samples, refused = read_images([path for path, _ in kept], [label for _, label in kept])
    refused += problems.items()
    if refused and not len(samples):
        raise ValueError(
            f"{images}: expected kept drawings to learn from, found none that can be read; the "
            f"first: {refused[0][1]}"
        )
    if not len(samples):
        raise ValueError(
            f"{images}: expected kept drawings to learn from, found none; draw a digit and press "
            "the key of the digit it is"
        )
    return samples, refused


def _hold_out(samples: Samples, seed: int) -> tuple[Samples, Samples]:
    if len(samples) < _HOLD_OUT_FROM:
        return samples, Samples.empty()
    return samples.split(1 / 6, seed)


class _BeforeAndAfter:
    """Two networks side by side."""

    def __init__(self, before: NumpyNetwork, after: NumpyNetwork) -> None:
        self.networks = (before, after)

    def evaluations(self, samples: Samples) -> tuple[Evaluation, Evaluation]:
        def judged(network: NumpyNetwork) -> Evaluation:
            return Evaluation.of(samples.labels, network.predict_in_batches(samples.pixels))

        with ThreadPoolExecutor(2) as threads:
            before, after = threads.map(judged, self.networks)
        return before, after

    def change(self, samples: Samples) -> Change | None:
        if not len(samples):
            return None
        before, after = self.evaluations(samples)
        return Change(before.right, after.right, len(samples))


def _report(
    judged: _BeforeAndAfter,
    candidate: Path,
    parent: Path,
    sets: tuple[Samples, Samples, Samples, Samples, Samples],
    refused: list[str],
    max_drop: float,
    mix: float,
    clock: float,
) -> FineTuningReport:
    training, kept, held_out, judges, test = sets
    before, after = judged.evaluations(judges)
    differ = np.flatnonzero(before.predictions != after.predictions)
    original = Change(before.right, after.right, len(judges))
    tested = judged.evaluations(test) if len(test) else None
    worst_digit, worst_change = _worst(*(tested or (before, after)))
    mnist_test = Change(tested[0].right, tested[1].right, len(test)) if tested else None
    kept_change = judged.change(kept)
    assert kept_change is not None, "there is at least one kept drawing"
    keep, why = advice(kept_change, mnist_test or original, max_drop, mix)
    return FineTuningReport(
        network=candidate,
        parent=parent,
        corrections=len(training),
        kept=kept_change,
        original=original,
        worst_digit=worst_digit,
        worst_change=worst_change,
        keep=keep,
        why=why,
        seconds=time.monotonic() - clock,
        mix=mix,
        held_out=judged.change(held_out),
        mnist_test=mnist_test,
        changed=[
            (int(before.labels[i]), int(before.predictions[i]), int(after.predictions[i]))
            for i in differ
        ],
        refused=refused,
    )


def _worst(before: Evaluation, after: Evaluation) -> tuple[int, float]:
    changes = [
        (new or 0.0) - (old or 0.0) for old, new in zip(before.recall, after.recall, strict=True)
    ]
    digit = int(np.argmin(changes))
    return digit, changes[digit]


def advice(kept: Change, original: Change, max_drop: float, mix: float = 1.0) -> tuple[bool, str]:
    """Whether to keep a fine-tuned network, and why, in one sentence."""
    if not mix and kept.before == 1:
        return False, "It reads every kept drawing right already, so that nothing was changed."
    if not mix:
        return False, (
            "It could learn nothing without forgetting more than the limit, so it is as it was."
        )
    drop = 100 * (original.before - original.after)
    if drop > max_drop + 1e-9:
        return False, (
            f"It would forget: {drop:.2f} points of the original task, more than {max_drop:g}."
        )
    if kept.after <= kept.before:
        return False, "It reads no more of the kept drawings than before."
    won = round((kept.after - kept.before) * kept.count)
    return (
        True,
        f"It reads {won} more of the {pluralize(kept.count, 'kept drawing')} and forgets nothing of "
        "note.",
    )


def rehearsal_and_validation(
    known: Samples | None, settings: FineTuningSettings, no_digit: bool = False
) -> tuple[Samples, list[Samples]]:
    """Samples of the original task: to rehearse on, and sets to judge by.

    The last of these sets, MNIST's where it is at hand, judges alone as well as with the others.

    Args:
        known: MNIST's training set where it is at hand, beside which generated digits are
            rehearsed; without it they are all there is.
        settings: the seed.
        no_digit: whether the network can answer "no digit", so that counterexamples belong to it.
    """
    rehearsal, judges = _synthetic_samples().split(1 / 2, settings.seed)
    if no_digit:
        # Not to judge by: a turned hand's digits look like some of them, and none could be learnt.
        rehearsal = rehearsal + _counterexample_samples()
    if known is None:
        return rehearsal, [judges]
    part = min(1 / 6, _VALIDATION_SAMPLES / len(known))
    more, others = known.split(part, settings.seed)
    return rehearsal + more, [judges, others]


@functools.cache
def _counterexample_samples() -> Samples:
    """Counterexamples for rehearsals, painted once in the life of a worker."""
    return Samples(*variation.render_samples(counterexamples.drawings(77), _COUNTEREXAMPLES, 77))


@functools.cache
def _synthetic_samples() -> Samples:
    """Generated digits for rehearsals, painted once in the life of a worker."""
    return Samples(
        *variation.render_samples(synthetic.synthetic_drawings(77), _SYNTHETIC_SAMPLES, 77)
    )


def write_report(card: FineTuningReport) -> None:
    """Keep the card beside its network, so that the list of versions can tell what each one is."""
    write_json(card.network.with_suffix(".json"), card.as_dict())


def discard_version(card: FineTuningReport) -> None:
    """Remove a candidate that is not kept."""
    card.network.unlink(missing_ok=True)


def list_versions(versions: Path) -> list[tuple[Path, KeptCard]]:
    """The kept versions with what their cards tell, the newest first."""
    return [
        (path, read_card(path))
        for path in sorted(versions.glob("*.keras"), reverse=True)
        if path.with_suffix(".json").exists() and not path.name.startswith(".")
    ]
