"""Uses a window for long and prints as JSON what grows in it, and what becomes slower.

python -m benchmarks.probes.use_probe MODEL FOLDER PART [NAME …]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.probes.activities import ACTIVITIES, LEAST
from benchmarks.probes.probe import Probe, Steps
from benchmarks.probes.use import Use

KEPT = 20_000
"""Drawings that are kept, in the whole of the long use."""


def use_long(use: Use, names: list[str]) -> Steps:
    """Do the activities named, or all."""
    yield from use.probe.network()
    use.app.geometry("1200x700+0+0")
    for name, (rounds, activity) in ACTIVITIES.items():
        if not names or name in names:
            if name.endswith("many"):
                _keep_many(use)
            use.probe.found.pop("shown", None)
            print(name, file=sys.stderr, flush=True)
            yield from use.measure(name, rounds, activity, LEAST.get(name, 0))


def _keep_many(use: Use) -> None:
    """Put many drawings into the folders, as if they had been kept long ago."""
    import numpy as np

    corrections = use.app.session.corrections
    content = corrections.keep(np.eye(28, dtype=np.float32), 4).path.read_bytes()
    for number in range(round(KEPT * use.part)):
        name = f"20250101T000000-{number:012}.png"
        (corrections.folder / str(number % 10) / name).write_bytes(content)
    use.app.corrections_changed()


def main(arguments: list[str]) -> None:
    """Use a window, and print what was found."""
    model, folder, part, *names = arguments
    probe = Probe(Path(model), Path(folder))
    use = Use(probe, Path(model), float(part))
    print(json.dumps(probe.run(use_long(use, names))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
