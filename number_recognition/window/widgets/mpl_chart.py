"""Matplotlib in the window: a figure in its colours, drawn a few times a second at most."""

from __future__ import annotations

import csv
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import font as tkfont
from tkinter import ttk

from matplotlib.axes import Axes
from matplotlib.backend_bases import DrawEvent
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.plot_file import ask_for_plot_file

_INTERVAL = 400
COLOURS = ("#2b8fd6", "#e07020", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Told apart by colour-blind eyes, on light ground and dark.

Source: M. Okabe, K. Ito, "Color universal design", 2008; the first two a little lighter.
"""

Table = Sequence[Sequence[object]]


class Chart(ttk.Frame):
    """A figure of one or more plots.

    Attributes:
        figure: Matplotlib's figure.
        plots: its plots, one above or beside the other.
        animated_lines: lines that change often; they are drawn over a kept picture of all the rest.
        draw_count: how often it was drawn.
    """

    def __init__(self, parent: tk.Misc, rows: int = 1, columns: int = 1) -> None:
        super().__init__(parent)
        self.figure = Figure(dpi=self.winfo_fpixels("1i"))
        self.plots: list[Axes] = list(self.figure.subplots(rows, columns, squeeze=False).flat)
        self._canvas = FigureCanvasTkAgg(self.figure, self)
        widget = self._canvas.get_tk_widget()
        widget.configure(width=scaled(self, 300), height=scaled(self, 200), highlightthickness=0)
        widget.pack(fill="both", expand=True)
        self.animated_lines: list[Line2D] = []
        self.draw_count = 0
        self._still: object | None = None
        self._due: str | None = None
        self._late = False
        self._canvas.mpl_connect("draw_event", self._keep_still)
        self._canvas.mpl_connect("resize_event", lambda event: self._lay_out())
        self.bind("<Destroy>", lambda event: self._cancel())
        self.recolour()

    def redraw(self, animated_only: bool = False) -> None:
        """Draw soon: at once, or when the time since the last drawing is long enough.

        Args:
            animated_only: nothing but the lines in `animated_lines` has changed.
        """
        if not animated_only:
            self._still = None
        if self._due is not None:
            self._late = True
            return
        self._draw()
        self._due = self.after(_INTERVAL, self._again)

    def _again(self) -> None:
        self._due = None
        if self._late:
            self._late = False
            self.redraw(animated_only=True)

    def _draw(self) -> None:
        if self.winfo_viewable():
            self.draw_count += 1
            if self._still is None:
                self._canvas.draw_idle()
            else:
                self._canvas.restore_region(self._still)
                self._draw_animated()
                self._canvas.blit(self.figure.bbox)

    def _keep_still(self, event: DrawEvent) -> None:
        """Drawn whole, without the moving lines: keep the picture, and stop arranging the plots."""
        if event.canvas is not self._canvas:  # saved to a file
            return
        self.figure.set_layout_engine("none")
        if self.animated_lines:
            self._still = self._canvas.copy_from_bbox(self.figure.bbox)
            self._draw_animated()

    def _draw_animated(self) -> None:
        for line in self.animated_lines:
            line.axes.draw_artist(line)

    def _lay_out(self) -> None:
        """Let Matplotlib arrange the plots at the next drawing; it takes longer than to draw."""
        self.figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.08)
        self._still = None

    def _cancel(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
            self._due = None

    def recolour(self) -> None:
        """Take the colours and the text size of the theme."""
        colours = palette(self)
        self._canvas.get_tk_widget().configure(background=colours.background)
        self.figure.set_facecolor(colours.background)
        for plot in self.plots:
            self.style_axes(plot)
        self._dress_legends()
        self._lay_out()
        self._draw()

    @property
    def text_size(self) -> float:
        """The height of small text in points, as Matplotlib counts them."""
        pixels = abs(int(tkfont.nametofont(CAPTION, self)["size"]))
        return 72 * pixels / self.figure.dpi

    def style_axes(self, plot: Axes) -> None:
        """Give a plot the colours of the theme; after each `plot.clear()`."""
        colours, size = palette(self), self.text_size
        plot.set_facecolor(colours.background)
        plot.tick_params(colors=colours.faint, labelsize=size, length=3)
        plot.grid(color=colours.track, linewidth=0.8)
        plot.set_axisbelow(True)
        for name, spine in plot.spines.items():
            spine.set_visible(name in ("left", "bottom"))
            spine.set_color(colours.track)
        for text in (plot.title, plot.xaxis.label, plot.yaxis.label):
            text.set_color(colours.text)
            text.set_fontsize(size)
        legend = plot.get_legend()
        if legend is not None:
            for text in legend.get_texts():
                text.set_color(colours.text)

    def add_legend(self, plot: Axes) -> None:
        """Name the lines of a plot inside it."""
        if plot.get_legend_handles_labels()[1]:
            plot.legend(
                loc="best",
                fontsize=self.text_size,
                frameon=False,
                labelcolor=palette(self).text,
                handlelength=1.6,
            )

    def add_legend_outside(self, place: str, columns: int = 1) -> None:
        """Name the lines of the first plot beside all plots, where the names cover nothing."""
        for legend in self.figure.legends[:]:
            legend.remove()
        lines, names = self.plots[0].get_legend_handles_labels()
        if names:
            self.figure.legend(lines, names, loc=f"outside {place}", ncols=columns,
                               frameon=False, handlelength=1.6, borderpad=0)  # fmt: skip
        self._dress_legends()

    def _dress_legends(self) -> None:
        for legend in self.figure.legends:
            for text in legend.get_texts():
                text.set_color(palette(self).text)
                text.set_fontsize(self.text_size)

    def save(self, name: str, table: Callable[[], Table]) -> str:
        """Ask for a file and save the plots as PNG or SVG, or their numbers as CSV.

        Args:
            name: of the file, to begin with.
            table: the numbers, row by row, the heading first.

        Returns:
            What happened, in a sentence; empty where nothing was chosen.
        """
        path = ask_for_plot_file(self, name)
        if path is None:
            return ""
        try:
            self.write(path, table)
        except (OSError, ValueError) as error:
            return f"Not saved: {error}"
        return f"Saved {path.name}."

    def write(self, path: Path, table: Callable[[], Table]) -> None:
        """Write the plots or their numbers, by the ending of the file's name.

        Raises:
            OSError: it cannot be written.
            ValueError: no such ending is known.
        """
        if path.suffix.lower() == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(table())
        else:
            for line in self.animated_lines:
                line.set_animated(False)
            self.figure.savefig(path, dpi=2 * self.figure.dpi)
            for line in self.animated_lines:
                line.set_animated(True)
            self.redraw()


def use_integer_ticks(plot: Axes) -> None:
    """Mark whole epochs only."""
    plot.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
