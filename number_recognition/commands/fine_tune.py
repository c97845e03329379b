"""The fine-tune command: fine-tune on the kept drawings, and keep the network if advised."""

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
from number_recognition.learning.fine_tuning.fine_tune_job import fine_tune_job
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.fine_tuning.version_store import discard_version, write_report
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.counters import (
    Counters,
    count_fine_tuning,
    counters_problem,
    read_counters,
)
from number_recognition.storage.files import write_bytes
from number_recognition.storage.settings import (
    read_config,
    relative_path,
    resolve_path,
    update_config,
)


def fine_tune(options: argparse.Namespace) -> int:
    """Fine-tune a network and use it from then on, if advised; returns the exit status."""
    config = read_config(options.config)
    settings = config.fine_tuning
    if options.max_drop is not None:
        settings = dataclasses.replace(settings, max_drop=options.max_drop)
    configured = config.paths.mnist and resolve_path(config.paths.mnist, options.config)
    images = options.images or resolve_path(config.paths.images, options.config)
    mnist_file = mnist.find(options.mnist, configured or None)
    check_fine_tuning(options.model, images, mnist_file, options.out)
    import_keras()
    counters_path = Path(options.config).resolve().parent / "counters.json"
    new_drawings = _new_drawings(counters_path)
    line = ProgressLine()
    with interruptible() as stopped:
        try:
            report = fine_tune_job(
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
    if report.keep and not interrupted:
        report = keep(report, options, counters_path, new_drawings)
    else:
        discard_version(report)
    print_json(report.as_dict()) if options.json else print(as_text(report))
    if interrupted:
        print_error("Interrupted: nothing was kept.")
        return INTERRUPTED
    return DONE if report.keep else REFUSED


def _new_drawings(counters_path: Path) -> int:
    """How many drawings were kept since the last fine-tuning; 0 if counters.json is unreadable."""
    try:
        counters, warning = read_counters(counters_path)
    except OSError as error:
        counters, warning = Counters(), counters_problem(counters_path, error)
    if warning:
        print_error(warning)
    return counters.new


def keep(
    report: FineTuningReport, options: argparse.Namespace, counters_path: Path, new_drawings: int
) -> FineTuningReport:
    """Copy the new network to --out, or else use it from now on; returns the report."""
    if options.out is not None:
        write_bytes(options.out, report.network.read_bytes())
        discard_version(report)
        return dataclasses.replace(report, network=options.out)
    write_report(report)
    update_config(
        "paths", {"network": relative_path(report.network, options.config)}, options.config
    )
    _, warning = count_fine_tuning(new_drawings, counters_path)
    if warning:
        print_error(warning)
    return report


def as_text(report: FineTuningReport) -> str:
    """The report as text."""
    lines = [f"{pluralize(report.corrections, 'correction')} trained on in {report.seconds:.1f} s"]
    for name, change in (
        ("MNIST test", report.mnist_test),
        ("original task", report.original),
        ("kept drawings", report.kept),
        ("held-out corrections", report.held_out),
    ):
        if change is not None:
            lines.append(f"{name:<18} {_change(change)}")
    worst = f"{report.worst_digit}, by {100 * report.worst_change:+.2f} points"
    lines.append(f"worst digit        {worst} (of the {report.worst_digit_of})")
    changed = f"{len(report.changed):,} of {report.original.count:,} predictions"
    lines.append(f"changed            {changed} (of the original task)")
    lines += [f"skipped            {reason}" for reason in report.skipped]
    lines.append(report.why)
    lines.append(
        f"Kept as {report.network}" if report.keep else "Discarded; --max-drop sets the limit."
    )
    return "\n".join(lines)


def _change(change: Change) -> str:
    return f"{percent(change.before):>9} -> {percent(change.after):>9}  of {change.count:,}"
