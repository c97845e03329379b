"""`fine-tune`: learns the kept drawings, and keeps what came of it unless it would forget."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from number_recognition.commands.checks import check_fine_tuning
from number_recognition.commands.output import (
    DONE,
    INTERRUPTED,
    REFUSED,
    ProgressLine,
    print_error,
    print_json,
)
from number_recognition.commands.train import interruptible
from number_recognition.core.formatting import percent, pluralize
from number_recognition.core.progress import WorkStopped
from number_recognition.digits.datasets import mnist
from number_recognition.learning.fine_tuning.fine_tune_job import (
    Change,
    FineTuningReport,
    discard_version,
    fine_tune_job,
    write_report,
)
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.counters import (
    Counters,
    count_fine_tuning,
    not_counted,
    read_counters,
)
from number_recognition.storage.files import atomic_write
from number_recognition.storage.settings import (
    read_config,
    relative_path,
    resolve_path,
    update_config,
)


def fine_tune(options: argparse.Namespace) -> int:
    """Fine-tune the network in use; the version kept becomes the network in use."""
    config = read_config(options.config)
    settings = config.fine_tuning
    if options.max_drop is not None:
        settings = dataclasses.replace(settings, max_drop=options.max_drop)
    known = config.paths.mnist and resolve_path(config.paths.mnist, options.config)
    images = options.images or resolve_path(config.paths.images, options.config)
    mnist_file = mnist.find(options.mnist, known or None)
    check_fine_tuning(options.model, images, mnist_file, options.out)
    import_keras()
    counters_path = Path(options.config).resolve().parent / "counters.json"
    learnt = _new_drawings(counters_path)
    line = ProgressLine()
    with interruptible() as stopped:
        try:
            card = fine_tune_job(
                options.model,
                images,
                mnist_file,
                settings,
                resolve_path(config.paths.models, options.config) / "versions",
                report=line,
                stopped=stopped,
            )
        except WorkStopped:
            line.end()
            print_error("Interrupted: nothing was kept.")
            return INTERRUPTED
        line.end()
        interrupted = stopped()
    if card.keep and not interrupted:
        card = keep(card, options, counters_path, learnt)
    else:
        discard_version(card)
    print_json(card.as_dict()) if options.json else print(as_text(card))
    if interrupted:
        print_error("Interrupted: nothing was kept.")
        return INTERRUPTED
    return DONE if card.keep else REFUSED


def _new_drawings(counters_path: Path) -> int:
    """How many drawings were kept since the last fine-tuning, as far as counters.json tells."""
    try:
        counters, warning = read_counters(counters_path)
    except OSError as error:
        counters, warning = Counters(), not_counted(counters_path, error)
    if warning:
        print_error(warning)
    return counters.new


def keep(
    card: FineTuningReport, options: argparse.Namespace, counters_path: Path, learnt: int
) -> FineTuningReport:
    """Save the new network where it was asked for, or as a version that is used from now on."""
    if options.out is not None:
        atomic_write(
            options.out, lambda temporary: temporary.write_bytes(card.network.read_bytes())
        )
        discard_version(card)
        return dataclasses.replace(card, network=options.out)
    write_report(card)
    update_config("paths", {"network": relative_path(card.network, options.config)}, options.config)
    _, warning = count_fine_tuning(learnt, counters_path)
    if warning:
        print_error(warning)
    return card


def as_text(card: FineTuningReport) -> str:
    """The card for people to read."""
    lines = [f"{pluralize(card.corrections, 'correction')} learnt in {card.seconds:.1f} s"]
    for name, change in (
        ("MNIST test", card.mnist_test),
        ("original task", card.original),
        ("kept drawings", card.kept),
        ("held out of those", card.held_out),
    ):
        if change is not None:
            lines.append(f"{name:<18} {_change(change)}")
    lines.append(f"worst digit        {card.worst_digit}, by {100 * card.worst_change:+.2f} points")
    lines.append(f"changed its mind   on {len(card.changed)} of {card.original.count}")
    lines += [f"left out           {reason}" for reason in card.refused]
    lines.append(card.why)
    lines.append(
        f"Kept as {card.network}" if card.keep else "Discarded; --max-drop sets the limit."
    )
    return "\n".join(lines)


def _change(change: Change) -> str:
    return f"{percent(change.before):>9} -> {percent(change.after):>9}  of {change.count:,}"
