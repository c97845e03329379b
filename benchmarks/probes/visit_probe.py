"""Opens the window, draws, keeps, changes a setting and opens every view; prints what was said.

python -m benchmarks.probes.visit_probe CONFIG
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.probes.pad_probe import SEVEN
from benchmarks.probes.probe import Probe, Steps
from Recognition import SHIPPED


def visit(probe: Probe) -> Steps:
    """Do a little of everything that writes, and open every view."""
    yield from probe.network()
    app, said = probe.app, [probe.app.status.message]
    probe.draw_line(SEVEN)
    while app.session.prediction.digit is None:
        yield 5
    probe.found["digit"] = app.session.prediction.digit
    app.focus_force()
    probe.canvas.event_generate("<Key-7>")
    said.append(app.status.message)
    app.draw_menu.change_pen(+2)
    app.settings.change("training", "epochs", 7)
    said.append(app.status.message)
    for title in app.views.titles:
        app.choose_view(title)
        yield 100
        said.append(app.status.message)
    probe.found["said"] = said
    right, bottom = app.winfo_rootx() + app.winfo_width(), app.winfo_rooty() + app.winfo_height()
    is_inside = right <= app.winfo_screenwidth() and bottom <= app.winfo_screenheight()
    probe.found["inside"] = is_inside and bool(app.pad.winfo_viewable())
    probe.found["kept"] = len(app.session.corrections.digits())


def main(arguments: list[str]) -> None:
    """Visit the window of a config.json."""
    probe = Probe(SHIPPED, Path(arguments[0]).parent)  # which opens its config.json
    print(json.dumps(probe.run(visit(probe))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
