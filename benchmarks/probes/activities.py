"""What a person does with the window again and again: one round of each activity."""

from __future__ import annotations

import math

from PIL import Image

from benchmarks.probes.probe import Steps
from benchmarks.probes.use import Activity, Use
from number_recognition.digits.corrections.correction import Correction
from number_recognition.session.undo_history import MAX_STEPS
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog

STROKES = 40
"""Strokes on the pad before it is cleared."""
_DIALOGS = (
    "settings.open",
    "help_menu.show",
    "help_menu.show_glossary",
    "help_menu.show_shortcuts",
    "help_menu.show_about",
    "model_menu.show_versions",
)


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
    some = app.session.corrections.digits()[:3]
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

_STEPS = {"strokes": STROKES, "undoing": 10, "keeping": 2, "keeping among many": 2, "pictures": 3}
"""The steps of a round that can be undone, at least."""

LEAST = {name: 2 * math.ceil(MAX_STEPS / steps) for name, steps in _STEPS.items()}
"""The least rounds of a part: they fill the undo history in the first half.

Until then, memory and objects grow by its steps; of pictures, by two pictures each round.
"""
