"""Measures the pen: corners of a zigzag that are lost, and the time from an event to its ink.

xdotool draws through the X server while every processor is busy, with each view open and with
many strokes on the pad: `python -m benchmarks.pen`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.pen_probe import CORNERS, PACES
from benchmarks.probing import has_display, probed
from Recognition import SHIPPED
from window.views import VIEWS

STROKES = 300
FRAME = 1000 / 60


def pen(model: Path, view: str, strokes: int, rounds: int, niceness: int) -> list[Figure]:
    """Corners lost and milliseconds to the ink at each pace, with a view open and strokes there."""
    words = [
        *("--view", view, "--count", str(strokes)),
        *("--rounds", str(rounds), "--niceness", str(niceness)),
    ]
    found = probed("pen", model, *words)
    figures = []
    for pace in PACES:
        lost, took = found[str(pace)]["lost"], np.array(found[str(pace)]["took"])
        name = f"{view}, {strokes} strokes, {pace} ms a point"
        figures += [
            Figure(f"{name}: most corners lost of {CORNERS}", max(lost), "corners", "none"),
            Figure(
                "  from a motion to its ink: 99th percentile",
                float(np.quantile(took, 0.99)),
                "ms",
                f"at most {FRAME:.1f}",
            ),
        ]
    return figures


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0, or 1 where nothing can be measured."""
    titles = [title for title, _, _ in VIEWS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pen", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument("--view", action="append", choices=titles, help="of several; default: all")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="zigzags at each pace")
    parser.add_argument(
        "--niceness",
        type=int,
        default=0,
        metavar="N",
        help="of the processes that keep the processors busy; a training has 10",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if not has_display():
        return 1
    if shutil.which("xdotool") is None:
        print("The pen is not measured: expected xdotool, found none.", file=sys.stderr)
        return 1
    try:
        figures = list(_measured(options, titles))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False))
    return 0


def _measured(options: argparse.Namespace, titles: list[str]) -> Iterator[Figure]:
    views = options.view or titles
    for view, strokes in [*((view, 0) for view in views), (views[0], STROKES)]:
        for figure in pen(options.model.resolve(), view, strokes, options.rounds, options.niceness):
            if not options.json:
                print(figure, flush=True)
            yield figure


if __name__ == "__main__":
    sys.exit(main())
