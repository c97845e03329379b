"""Measures the pen: corners of a zigzag that are lost, and the time from an event to its ink.

xdotool draws through the X server while every processor is busy, with each view open and with
many strokes on the pad: `python -m benchmarks.pen`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.probes.pen_probe import CORNERS, PACES
from benchmarks.probes.probing import has_display, probed
from benchmarks.tables.figure import Figure
from number_recognition.window.layout.view_tabs import VIEWS
from Recognition import SHIPPED

STROKES = 300
FRAME = 1000 / 60


def pen(model: Path, view: str, strokes: int, rounds: int, niceness: int) -> list[Figure]:
    """Corners lost and milliseconds to the ink at each pace, with a view open and strokes there."""
    words = [*("--view", view, "--count", str(strokes)), *_words(rounds, niceness)]
    found = probed("pen", model, *words)
    figures = []
    for pace in PACES:
        name = f"{view}, {strokes} strokes, {pace} ms a point"
        lost = max(found[str(pace)]["lost"])
        figures.append(Figure(f"{name}: most lost of {CORNERS} corners", lost, "corners", "none"))
        figures.append(_late("  from a motion to its ink", found[str(pace)]["took"]))
        held = max(found[str(pace)]["held"])
        figures.append(Figure("  computes between two looks at its events: most", held, "ms"))
    return figures


def canvas(model: Path, rounds: int, niceness: int) -> list[Figure]:
    """Milliseconds to the ink on a bare canvas: what the machine alone costs."""
    found = probed("canvas", model, *_words(rounds, niceness))
    return [
        _late(f"a bare canvas of Tk, {pace} ms a point", found[str(pace)]["took"]) for pace in PACES
    ]


def _words(rounds: int, niceness: int) -> list[str]:
    return ["--rounds", str(rounds), "--niceness", str(niceness)]


def _late(name: str, took: list[float]) -> Figure:
    value = float(np.quantile(took, 0.99))
    return Figure(f"{name}: 99th percentile", value, "ms", f"at most {FRAME:.1f}")


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
        help="of the processes that keep the processors busy; a training has 5",
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
    model, views = options.model.resolve(), options.view or titles
    measures: list[Callable[[], Iterable[Figure]]] = [
        lambda: canvas(model, options.rounds, options.niceness)
    ]
    for view, strokes in [*((view, 0) for view in views), (views[0], STROKES)]:
        measures.append(partial(pen, model, view, strokes, options.rounds, options.niceness))
    for measure in measures:
        for figure in measure():
            if not options.json:
                print(figure, flush=True)
            yield figure


if __name__ == "__main__":
    sys.exit(main())
