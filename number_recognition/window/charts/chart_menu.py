"""The menu of a chart, with the keys that do the same while the chart has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from number_recognition.window.toolkit.shortcuts import key_sequences
from number_recognition.window.widgets.context_menu import ContextMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from number_recognition.window.charts.actions import ChartActions

KEYS = {
    "zoom_in": "Prior",
    "zoom_out": "Next",
    "show_all": "Home",
    "log": "L",
    "copy": "Ctrl+C",
    "save": "Ctrl+S",
}
"""The key of each command, as Tk names it."""
_SHOWN = {"Prior": "Page Up", "Next": "Page Down"}


class ChartMenu(ContextMenu):
    """The commands of a chart; lines and the scale are there where the chart has them."""

    def __init__(self, chart: ChartActions) -> None:
        super().__init__(chart.widget, self._add_entries)
        self._chart = chart
        on_mac = chart.widget.tk.call("tk", "windowingsystem") == "aqua"
        commands: dict[str, Callable[[], object]] = {
            "zoom_in": lambda: chart.zoom_by(+1),
            "zoom_out": lambda: chart.zoom_by(-1),
            "show_all": chart.show_all,
            "log": chart.toggle_log,
            "copy": chart.copy,
            "save": chart.save,
        }
        for name, command in commands.items():
            for sequence in key_sequences(KEYS[name], on_mac):
                chart.widget.bind(sequence, _handler(command), add=True)

    def _add_entries(self, menu: ContextMenu) -> None:
        chart = self._chart
        menu.add("Zoom in", lambda: chart.zoom_by(+1), _shown("zoom_in"))
        menu.add("Zoom out", lambda: chart.zoom_by(-1), _shown("zoom_out"), chart.is_zoomed)
        menu.add("Show all", chart.show_all, _shown("show_all"), chart.is_zoomed)
        if chart.has_log:
            self.menu.add_separator()
            menu.add_check("Log scale", chart.is_log, chart.toggle_log, _shown("log"))
        if chart.line_names:
            lines = menu.add_submenu("Lines")
            for name in chart.line_names:
                menu.add_check(name, name not in chart.hidden, _toggler(chart, name), menu=lines)
        self.menu.add_separator()
        menu.add("Copy picture", chart.copy, _shown("copy"))
        menu.add("Save picture or values …", chart.save, _shown("save"))


def _handler(command: Callable[[], object]) -> Callable[[object], str]:
    def on_key(event: object) -> str:
        command()
        return "break"

    return on_key


def _toggler(chart: ChartActions, name: str) -> Callable[[], None]:
    return lambda: chart.toggle_line(name)


def _shown(name: str) -> str:
    return _SHOWN.get(KEYS[name], KEYS[name])
