"""Uses a window for long and prints as JSON what grows in it, and what becomes slower.

python -m benchmarks.faults.use_probe MODEL FOLDER PART [NAME …]
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from PIL import Image

from benchmarks.pad_probe import SEVEN, resident_megabytes
from benchmarks.probe import Probe, Steps
from number_recognition.digits.corrections.correction import Correction
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog

STROKES = 40
"""Strokes on the pad before it is cleared."""
KEPT = 20_000
"""Drawings that are kept, in the whole of the long use."""
_LEAST_ROUNDS = 8
_DIALOGS = (
    "settings.open",
    "help_menu.show",
    "help_menu.show_glossary",
    "help_menu.show_shortcuts",
    "help_menu.show_about",
    "model_menu.show_versions",
)

Activity = Callable[["Use", int], Steps]


class Use:
    """Does each activity for many rounds, and notes what the second half of them changed."""

    def __init__(self, probe: Probe, model: Path, part: float) -> None:
        """Use the window of a probe; `part`: the part of all rounds that is done."""
        self.probe, self.app, self.model, self.part = probe, probe.app, model, part
        self.busy_seconds: list[float] = []

    def measure(self, name: str, rounds: int, activity: Activity) -> Steps:
        """Do an activity; what has grown over the last half of its rounds is found."""
        count = max(_LEAST_ROUNDS, round(rounds * self.part))
        half, took, before = count // 2, [], Counter[str]()
        types: Counter[str] = Counter()
        for number in range(count):
            if number == half:
                yield from self.settled()
                before, types = self.sizes(), _types()
            reference = _reference()
            start = time.process_time()
            yield from activity(self, number)
            took.append((time.process_time() - start) / reference)
        yield from self.settled()
        after = self.sizes()
        self.probe.found[name] = {
            "rounds": count,
            "growth": {key: round(after[key] - before[key], 3) for key in after},
            "megabytes": after["MB"],
            "first": statistics.median(took[count // 10 : half]),
            "last": statistics.median(took[half:]),
            "types": dict((_types() - types).most_common(5)),
        }

    def settled(self) -> Steps:
        """Let the window finish what it has begun."""
        for _ in range(20):
            yield 20
        while self.app.edit_menu.is_busy or not gc.isenabled():
            yield 5
        gc.collect()

    def sizes(self) -> Counter[str]:
        """How much there is of everything that could grow."""
        tk = self.app.tk

        def length(*command: str) -> int:
            return len(tk.splitlist(tk.call(*command)))

        return Counter(
            {
                "MB": resident_megabytes(),
                "commands of Tk": length("info", "commands"),
                "images": length("image", "names"),
                "fonts": length("font", "names"),
                "calls after": length("after", "info"),
                "variables": length("info", "vars", "::*"),
                "threads": threading.active_count(),
                "open files": len(os.listdir("/proc/self/fd")),
                "objects": len(gc.get_objects()),
            }
        )

    def stroke(self, number: int) -> None:
        """Draw a seven, each elsewhere."""
        dx, dy = 7 * (number % 9) - 28, 5 * (number % 11) - 25
        send = self.probe.send
        send("<ButtonPress-1>", SEVEN[0][0] + dx, SEVEN[0][1] + dy)
        for x, y in SEVEN[1:]:
            send("<B1-Motion>", x + dx, y + dy)
        send("<ButtonRelease-1>", SEVEN[-1][0] + dx, SEVEN[-1][1] + dy)
        self.probe.update()

    def until(self, holds: Callable[[], object]) -> Steps:
        """Wait until something holds."""
        while not holds():
            yield 2


def strokes(use: Use, number: int) -> Steps:
    """Fill the pad with strokes, and clear it."""
    for each in range(STROKES):
        use.stroke(each)
        yield 1
    yield 60
    use.app.draw_menu.clear()
    yield 10


def undoing(use: Use, number: int) -> Steps:
    """Draw ten strokes, undo all, redo all, and clear."""
    for each in range(10):
        use.stroke(each)
    for step in (use.app.undo, use.app.redo):
        for _ in range(10):
            step()
            yield 1
    use.app.draw_menu.clear()
    yield 10


def keeping(use: Use, number: int) -> Steps:
    """Keep a drawing with a key; every second one is taken back."""
    use.stroke(number)
    yield from use.until(lambda: use.app.session.prediction.digit is not None)
    use.app.focus_force()
    use.probe.canvas.event_generate(f"<Key-{number % 10}>")
    use.probe.update()
    if number % 2:
        use.app.undo()
        yield from use.until(lambda: not use.app.edit_menu.is_busy)
        use.app.draw_menu.clear()
    yield 5


def relabelling(use: Use, number: int) -> Steps:
    """Give three kept drawings another label, and undo that."""
    app = use.app
    some = list(app.session.corrections)[:3]
    app.edit_menu.request(lambda: _relabel(use, some, number % 10))
    yield from use.until(lambda: not app.edit_menu.is_busy)
    app.undo()
    yield from use.until(lambda: not app.edit_menu.is_busy)
    yield 5


def _relabel(use: Use, some: list[Correction], label: int) -> bool:
    use.app.edit_menu.relabel([each for each in some if each.label != label], label)
    return True


def views(use: Use, number: int) -> Steps:
    """Open every view, with a drawing on the pad."""
    if not use.app.session.content:
        use.stroke(number)
    for title in use.app.views.titles:
        use.app.choose_view(title)
        for _ in range(3):
            yield 15


def drawings(use: Use, number: int) -> Steps:
    """Open the Drawings view and another one."""
    for title in ("Drawings", "Network"):
        use.app.choose_view(title)
        for _ in range(8):
            yield 15


def dialogs(use: Use, number: int) -> Steps:
    """Open and close every dialog."""
    app, before = use.app, set(use.app.winfo_children())
    for name in _DIALOGS:
        menu, _, method = name.partition(".")
        getattr(getattr(app, menu), method)()
        yield 10
        for child in set(app.winfo_children()) - before:
            child.destroy()
    yield 5


def appearance(use: Use, number: int) -> Steps:
    """Change the theme, the size of the text, the mode and the tool, and change it all back."""
    app = use.app
    for _ in range(2):
        app.view_menu.toggle_theme()
        app.view_menu.toggle_simple()
        yield 10
    for step in (+1, -1):
        app.view_menu.zoom(step)
        yield 10
    for tool, width in (("eraser", +2), ("pen", -2)):
        app.draw_menu.set_tool(tool)
        app.draw_menu.change_pen(width)
    yield 5


def networks(use: Use, number: int) -> Steps:
    """Use another network."""
    path = use.app.session.home / f"network-{number % 2}.keras"
    if not path.exists():
        path.write_bytes(use.model.read_bytes())
    use.app.model_menu.use_network(path)
    yield 20


def pictures(use: Use, number: int) -> Steps:
    """Put a picture on the pad, draw on it, and clear the pad."""
    image = Image.new("L", (900, 700), 250)
    image.paste(20, (300 + number % 7, 200, 360, 500))
    use.app.put_on_pad(image)
    yield 40
    use.stroke(number)
    yield 40
    use.app.draw_menu.clear()
    yield 5


def fine_tuning(use: Use, number: int) -> Steps:
    """Fine-tune, and keep every second network."""
    app = use.app
    app.model_menu.fine_tune()
    if not app.jobs.running:
        raise ValueError(app.status.message)
    yield from use.probe.job()
    yield from use.until(lambda: _result(use) is not None)
    dialog = _result(use)
    assert dialog is not None, "it is open"
    dialog.buttons["Keep" if number % 2 else "Discard"].invoke()
    yield 20


def _result(use: Use) -> FineTuningResultDialog | None:
    open_ones = [
        each for each in use.app.winfo_children() if isinstance(each, FineTuningResultDialog)
    ]
    return open_ones[0] if open_ones else None


ACTIVITIES: dict[str, tuple[int, Activity]] = {
    "strokes": (8000 // STROKES, strokes),
    "undoing": (200, undoing),
    "keeping": (400, keeping),
    "relabelling": (200, relabelling),
    "views": (200, views),
    "dialogs": (200, dialogs),
    "appearance": (200, appearance),
    "networks": (200, networks),
    "pictures": (200, pictures),
    "fine-tuning": (100, fine_tuning),
    "keeping among many": (400, keeping),
    "drawings among many": (200, drawings),
}
"""How many rounds the whole of each activity has, and what it does."""


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
            yield from use.measure(name, rounds, activity)


def _keep_many(use: Use) -> None:
    """Put many drawings into the folders, as if they had been kept long ago."""
    import numpy as np

    corrections = use.app.session.corrections
    content = corrections.keep(np.eye(28, dtype=np.float32), 4).path.read_bytes()
    for number in range(round(KEPT * use.part)):
        name = f"20250101T000000-{number:012}.png"
        (corrections.folder / str(number % 10) / name).write_bytes(content)
    use.app.corrections_changed()


def _types() -> Counter[str]:
    return Counter(type(each).__qualname__ for each in gc.get_objects())


def _reference() -> float:
    """Processor seconds of a fixed piece of work: how fast this processor is now."""
    best = 1.0
    for _ in range(3):
        start = time.process_time()
        sum(number * number for number in range(20_000))
        best = min(best, time.process_time() - start)
    return best


def main(arguments: list[str]) -> None:
    """Use a window, and print what was found."""
    model, folder, part, *names = arguments
    probe = Probe(Path(model), Path(folder))
    use = Use(probe, Path(model), float(part))
    print(json.dumps(probe.run(use_long(use, names))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
