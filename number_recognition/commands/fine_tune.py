"""The fine-tune command: fine-tune on the kept drawings, and keep the network if advised."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from number_recognition.commands.checks import check_fine_tuning
from number_recognition.commands.output import (
    DONE,
    FAILED,
    INTERRUPTED,
    REFUSED,
    ProgressLine,
    print_error,
    print_json,
)
from number_recognition.commands.train import copy_network, interruptible
from number_recognition.commands.usage import check_file, check_writable
from number_recognition.core.formatting import percent, pluralize
from number_recognition.core.progress import WorkStopped
from number_recognition.digits.datasets import mnist
from number_recognition.learning.fine_tuning.fine_tune_job import fine_tune_job
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.fine_tuning.version_store import discard_version, write_report
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.config_file import read_config, update_config
from number_recognition.storage.counters import (
    Counters,
    count_fine_tuning,
    counters_problem,
    read_counters,
)
from number_recognition.storage.settings import (
    CONFIG,
    Config,
    FineTuningSettings,
    relative_path,
    resolve_path,
)


def fine_tune(options: argparse.Namespace) -> int:
    """Fine-tune a network and use it from then on, if advised; returns the exit status."""
    config = read_config(options.config)
    settings = _settings(options, config)
    configured = config.paths.mnist and resolve_path(config.paths.mnist, options.config)
    images = options.images or resolve_path(config.paths.images, options.config)
    mnist_file = mnist.find(options.mnist, configured or None)
    check_fine_tuning(options.model, images, mnist_file, options.out)
    versions = resolve_path(config.paths.models, options.config) / "versions"
    check_writable(versions)
    if options.out is None:
        _check_config(options.config)
    import_keras()
    counters_path = Path(options.config).resolve().parent / "counters.json"
    new_drawings = _new_drawings(counters_path)
    line = ProgressLine()
    with interruptible() as stopped:
        try:
            report = fine_tune_job(
                options.model, images, mnist_file, settings, versions, report=line, stopped=stopped
            )
        except WorkStopped:
            return _interrupted(line)
        if stopped():
            discard_version(report)
            return _interrupted(line)
        line.end()
    if not report.keep:
        discard_version(report)
        _print(report, options)
        return REFUSED
    report, is_in_place = keep(report, options, counters_path, new_drawings)
    _print(report, options, is_used=is_in_place and options.out is None)
    return DONE if is_in_place else FAILED


def _settings(options: argparse.Namespace, config: Config) -> FineTuningSettings:
    drop = options.max_drop
    return config.fine_tuning if drop is None else replace(config.fine_tuning, max_drop=drop)


def _check_config(path: Path) -> None:
    """Check that the network can be named in config.json; a file that is named is not created.

    Raises:
        OSError: it is missing, or its folder is read-only.
    """
    if path != CONFIG:
        check_file(path, "a configuration (.json)")
    check_writable(path.parent)


def _interrupted(line: ProgressLine) -> int:
    line.end()
    print_error("Interrupted: nothing was kept.")
    return INTERRUPTED


def _print(report: FineTuningReport, options: argparse.Namespace, is_used: bool = False) -> None:
    """Print the report as text or JSON; of a network that was discarded, without its file."""
    if options.json:
        print_json({**report.as_dict(), **({} if report.keep else {"network": None})})
    else:
        print(as_text(report, is_used))


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
) -> tuple[FineTuningReport, bool]:
    """Copy the new network to --out, or else use it from now on.

    Returns:
        The report with the file of the network, and whether it is copied or used; where it is not,
        why is printed, and the network stays among the versions.
    """
    if options.out is not None:
        if not copy_network(report.network, options.out):
            return report, False
        discard_version(report)
        return replace(report, network=options.out), True
    network = relative_path(report.network, options.config)
    try:
        write_report(report)
        _check_config(options.config)
        update_config("paths", {"network": network}, options.config)
    except (OSError, ValueError) as error:
        print_error(f"The network is kept, but not used from now on: {error}")
        return report, False
    _, warning = count_fine_tuning(new_drawings, counters_path)
    if warning:
        print_error(warning)
    return report, True


def as_text(report: FineTuningReport, is_used: bool = False) -> str:
    """The report as text; `is_used`: whether the network is used from now on."""
    count = pluralize(report.corrections, "kept drawing")
    lines = [f"{count} trained on in {report.seconds:.1f} s"]
    for name, change in (
        ("MNIST test", report.mnist_test),
        ("original task", report.original),
        ("kept drawings", report.kept),
        ("held-out drawings", report.held_out),
    ):
        if change is not None:
            lines.append(f"{name:<18} {_change(change)}")
    worst = f"{report.worst_digit}, by {100 * report.worst_change:+.2f} points"
    lines.append(f"worst digit        {worst} (of the {report.worst_digit_of})")
    changed = f"{len(report.changed):,} of {report.original.count:,} predictions"
    lines.append(f"changed            {changed} (of the original task)")
    lines += [f"skipped            {reason}" for reason in report.skipped]
    lines.append(report.why)
    kept = f"Kept as {report.network}" + (", and used from now on." if is_used else "")
    nothing_to_learn = report.kept.before == 1
    limit = "Discarded." if nothing_to_learn else "Discarded; --max-drop sets the limit."
    lines.append(kept if report.keep else limit)
    return "\n".join(lines)


def _change(change: Change) -> str:
    return f"{percent(change.before):>9} -> {percent(change.after):>9}  of {change.count:,}"
