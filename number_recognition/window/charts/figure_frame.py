"""A Matplotlib figure in the colours of the window, drawn at most a few times per second."""

from __future__ import annotations

import textwrap
import tkinter as tk
from collections.abc import Sequence
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import DrawEvent
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from number_recognition.window.toolkit.shortcuts import focused_widget
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.toolkit.timer import Timer

_DRAW_INTERVAL = 400
"""The least milliseconds between two drawings."""


class FigureFrame(ttk.Frame):
    """A figure with one or more plots.

    Attributes:
        figure: Matplotlib's figure.
        plots: its axes.
        animated_lines: lines that change often; they are drawn over a cached image of the rest.
        overlay: what is drawn over everything else.
        draw_count: how often it was drawn.
        widget: Matplotlib's canvas.
    """

    can_enlarge = True

    def __init__(self, parent: tk.Misc, rows: int = 1, columns: int = 1) -> None:
        super().__init__(parent)
        self.figure = Figure(dpi=self.winfo_fpixels("1i"))
        self.plots: list[Axes] = list(self.figure.subplots(rows, columns, squeeze=False).flat)
        self.animated_lines: list[Line2D] = []
        self.overlay: Sequence[Artist] = ()
        self.draw_count = 0
        self._background: Any = None
        self._timer = Timer(self, self._redraw_pending)
        self._pending = self._is_outdated = False
        self._build_canvas()
        self.bind("<Destroy>", lambda event: self._timer.cancel())
        self.recolour()

    def _build_canvas(self) -> None:
        self._ring = tk.Frame(self, highlightthickness=scaled(self, 1))
        self._ring.pack(fill="both", expand=True)
        self._canvas = FigureCanvasTkAgg(self.figure, self._ring)
        self.widget = self._canvas.get_tk_widget()
        # Matplotlib would multiply the dpi of the figure, which are those of the screen, by
        # the screen's again once the canvas is shown.
        self.widget.unbind("<Map>")
        self.widget.configure(
            width=scaled(self, 300), height=scaled(self, 200), highlightthickness=0, takefocus=True
        )
        self.widget.pack(fill="both", expand=True)
        for event in ("<FocusIn>", "<FocusOut>"):
            self.widget.bind(event, lambda event: self._colour_ring(), add=True)
        self.widget.bind("<Visibility>", lambda event: self._draw_unseen(), add=True)
        self._canvas.mpl_connect("draw_event", self._cache_background)
        self._canvas.mpl_connect("resize_event", lambda event: self.enable_layout())

    def redraw(self, animated_only: bool = False) -> None:
        """Draw now, or after the interval since the last drawing.

        Args:
            animated_only: whether only `animated_lines` have changed.
        """
        if not animated_only:
            self._background = None
        if self._timer.pending:
            self._pending = True
            return
        self._draw()
        self._timer.start(_DRAW_INTERVAL)

    def _redraw_pending(self) -> None:
        if self._pending:
            self._pending = False
            self.redraw(animated_only=True)

    def _draw(self) -> None:
        self._is_outdated = not self.winfo_viewable()
        if self._is_outdated:
            return
        self.draw_count += 1
        if self._background is None:
            self._canvas.draw_idle()
        else:
            self._canvas.restore_region(self._background)
            self._draw_animated()
            self._canvas.blit(self.figure.bbox)

    def _draw_unseen(self) -> None:
        """Draw, now that it is seen, what has changed while it was not."""
        if self._is_outdated:
            self.redraw()

    def _cache_background(self, event: DrawEvent) -> None:
        """Keep the image without the animated lines, and stop computing the layout."""
        if event.canvas is not self._canvas:  # saved to a file
            return
        self.figure.set_layout_engine("none")
        self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        self._draw_animated()

    def _draw_animated(self) -> None:
        self.place_overlay()
        for artist in (*self.animated_lines, *self.overlay):
            self.figure.draw_artist(artist)

    def place_overlay(self) -> None:
        """Place what is drawn over everything else; called before each drawing."""

    def draw_overlay(self) -> None:
        """Draw the overlay at once: it follows the pointer."""
        if self._background is not None and self.winfo_viewable():
            self._draw()

    def enable_layout(self) -> None:
        """Compute the layout at the next drawing only: it takes longer than the drawing."""
        self.figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.08)
        self._background = None

    def recolour(self) -> None:
        """Apply the colours and the text size of the theme."""
        colours = palette(self)
        self.widget.configure(background=colours.background)
        self._colour_ring()
        self.figure.set_facecolor(colours.background)
        for plot in self.plots:
            self.style_axes(plot)
        self._style_legends()
        self.enable_layout()
        self._draw()

    def _colour_ring(self) -> None:
        """Show whether the chart has the focus."""
        colours = palette(self)
        colour = colours.accent if focused_widget(self) is self.widget else colours.background
        self._ring.configure(highlightbackground=colour, highlightcolor=colour)

    @property
    def text_size(self) -> float:
        """The size of small text in points, as Matplotlib expects it."""
        pixels = abs(int(tkfont.nametofont(CAPTION, self)["size"]))
        return 72 * pixels / self.figure.dpi

    def style_axes(self, plot: Axes) -> None:
        """Apply the colours of the theme to a plot; call it after each `plot.clear()`."""
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

    def add_legend_outside(self, side: str, columns: int = 1) -> None:
        """Add a legend of the first plot beside all plots; `side` like "upper center"."""
        for legend in self.figure.legends[:]:
            legend.remove()
        lines, names = self.plots[0].get_legend_handles_labels()
        if names:
            options: dict[str, Any] = {"loc": f"outside {side}", "ncols": columns}
            self.figure.legend(
                lines, names, frameon=False, handlelength=1.6, borderpad=0, **options
            )
        self._style_legends()

    def wrap_titles(self, room: float) -> None:
        """Break each title into as many lines as it takes to be no wider than `room` in pixels."""
        for plot in self.plots:
            title = plot.get_title().replace("\n", " ")
            longest_word = max(map(len, title.split()), default=1)
            for columns in range(len(title), longest_word - 1, -1):
                plot.title.set_text(textwrap.fill(title, columns))
                if plot.title.get_window_extent().width <= room:
                    break

    @property
    def legend_size(self) -> tuple[float, float]:
        """Width and height of the legend beside the plots in pixels, 0 without one."""
        boxes = [legend.get_window_extent() for legend in self.figure.legends]
        return sum(box.width for box in boxes), sum(box.height for box in boxes)

    def _style_legends(self) -> None:
        for legend in self.figure.legends:
            for text in legend.get_texts():
                text.set_color(palette(self).text)
                text.set_fontsize(self.text_size)
