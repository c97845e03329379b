"""Opens the window, does something in it, and prints what it saw as JSON, for the benchmarks.

python -m benchmarks.probes.window_probe WHAT MODEL FOLDER
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

PROBES = {
    "open": "benchmarks.probes.pad_probe.opening",
    "keep": "benchmarks.probes.pad_probe.keeping",
    "train": "benchmarks.probes.pad_probe.stalls",
    "pen": "benchmarks.probes.pen_probe.drawing",
    "canvas": "benchmarks.probes.pen_probe.plain",
    "tune": "benchmarks.probes.view_probe.fine_tuning",
    "results": "benchmarks.probes.view_probe.cells",
    "runs": "benchmarks.probes.view_probe.table_of_runs",
    "drawings": "benchmarks.probes.view_probe.thumbnails",
    "why": "benchmarks.probes.view_probe.explaining",
}
"""The steps of each."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.probes.window_probe", description=__doc__
    )
    parser.add_argument("what", choices=list(PROBES))
    parser.add_argument("model", type=Path, help="the network")
    parser.add_argument("folder", type=Path, help="where the window keeps its files")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    parser.add_argument("--strokes", type=Path, metavar="FILE", help="a stroke file (.jsonl)")
    parser.add_argument("--writer", type=int, default=1, metavar="N", help="whose drawings")
    parser.add_argument("--seconds", type=float, default=20, metavar="S", help="ticks for so long")
    parser.add_argument("--count", type=int, default=40, metavar="N", help="drawings, or runs")
    parser.add_argument("--view", default="Network", metavar="TITLE", help="the view to open")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="so often")
    parser.add_argument(
        "--niceness", type=int, default=0, metavar="N", help="of the work in the background"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one probe; 0, or 1 and one line where something cannot be read or opened."""
    options = _parser().parse_args(arguments)
    # Imported here: a process that the window starts imports this file once more.
    from tkinter import TclError

    from benchmarks.probes.probe import Probe

    module, _, name = PROBES[options.what].rpartition(".")
    steps = getattr(importlib.import_module(module), name)
    try:
        probe = Probe(options.model, options.folder, options.mnist)
        found = probe.run(steps(probe, options))
    except (OSError, ValueError, TclError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
