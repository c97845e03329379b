"""`fine-tune`: learns the kept drawings, and keeps what came of it unless it would forget."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from commands.checks import check_fine_tuning
from commands.output import DONE, INTERRUPTED, REFUSED, ProgressLine, complain, print_json
from commands.train import interruptible
from digits import mnist
from learning.progress import WorkStopped
from learning.quiet import import_keras
from learning.versions import Card, Change, discard, fine_tune_run, write_card
from learning.words import counted, percent
from storage.counters import Counters, fine_tuned, not_counted, read_counters
from storage.files import write_whole
from storage.settings import change_config, place, placed, read_config


def fine_tune(options: argparse.Namespace) -> int:
    """Fine-tune the network in use; the version kept becomes the network in use."""
    config = read_config(options.config)
    settings = config.fine_tuning
    if options.max_drop is not None:
        settings = dataclasses.replace(settings, max_drop=options.max_drop)
    known = config.places.mnist and place(config.places.mnist, options.config)
    images = options.images or place(config.places.images, options.config)
    mnist_file = mnist.find(options.mnist, known or None)
    check_fine_tuning(options.model, images, mnist_file, options.out)
    import_keras()
    counters_path = Path(options.config).resolve().parent / "counters.json"
    learnt = _new_drawings(counters_path)
    line = ProgressLine()
    with interruptible() as stopped:
        try:
            card = fine_tune_run(
                options.model,
                images,
                mnist_file,
                settings,
                place(config.places.models, options.config) / "versions",
                report=line,
                stopped=stopped,
            )
        except WorkStopped:
            line.end()
            complain("Interrupted: nothing was kept.")
            return INTERRUPTED
        line.end()
        interrupted = stopped()
    if card.keep and not interrupted:
        card = keep(card, options, counters_path, learnt)
    else:
        discard(card)
    print_json(card.as_dict()) if options.json else print(as_text(card))
    if interrupted:
        complain("Interrupted: nothing was kept.")
        return INTERRUPTED
    return DONE if card.keep else REFUSED


def _new_drawings(counters_path: Path) -> int:
    """How many drawings were kept since the last fine-tuning, as far as counters.json tells."""
    try:
        counters, warning = read_counters(counters_path)
    except OSError as error:
        counters, warning = Counters(), not_counted(counters_path, error)
    if warning:
        complain(warning)
    return counters.new


def keep(card: Card, options: argparse.Namespace, counters_path: Path, learnt: int) -> Card:
    """Save the new network where it was asked for, or as a version that is used from now on."""
    if options.out is not None:
        write_whole(options.out, lambda temporary: temporary.write_bytes(card.network.read_bytes()))
        discard(card)
        return dataclasses.replace(card, network=options.out)
    write_card(card)
    change_config("places", {"network": placed(card.network, options.config)}, options.config)
    _, warning = fine_tuned(learnt, counters_path)
    if warning:
        complain(warning)
    return card


def as_text(card: Card) -> str:
    """The card for people to read."""
    lines = [f"{counted(card.corrections, 'correction')} learnt in {card.seconds:.1f} s"]
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
