"""Test my network: move, turn, scale, thicken or roughen the drawing, and see the answer follow."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from dataclasses import replace
from tkinter import ttk

from number_recognition.core.formatting import digit_name, percent
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import answer_text
from number_recognition.session.perturbation import (
    NEUTRAL,
    RANGES,
    Perturbation,
    perturb,
    read,
    to_ink,
)
from number_recognition.window.robustness.confidence_chart import ConfidenceChart
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.idle_work import IdleTask, pen_is_moving
from number_recognition.window.toolkit.theme import palette, scaled, wrap_to_width
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours

_POINTS = 31
_REST = 150
"""Milliseconds for which everything must rest before the chart is drawn anew."""


class RobustnessView(View):
    """Six sliders, the drawing as they change it, what the network reads in it, and a chart.

    Attributes:
        trial: what the sliders say.
        prediction: what the network reads in the drawing so changed.
        sentence: the same in words.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        # What is shown grows with the room; a room that grew with it in turn would never rest.
        self.configure(width=scaled(self, 380), height=scaled(self, 480))
        self.pack_propagate(False)
        self.trial = Perturbation()
        self.prediction = Prediction.blank()
        self.sentence = ""
        self._touched = "turn"
        self._pieces = IdleTask(self)
        self._follow = IdleTask(self)
        self._due: str | None = None
        self._build_way()
        self._build_pictures()
        self._build_sliders()
        self.chart = ConfidenceChart(self)
        self.chart.pack(fill="both", expand=True)
        self.bind("<Destroy>", lambda event: self._cancel(event.widget), add=True)

    def _build_way(self) -> None:
        row = ttk.Frame(self)
        row.pack(fill="x")
        self._way = tk.StringVar(self, "picture")
        self._buttons = {}
        for value, text in (("picture", "As a picture"), ("strokes", "As strokes")):
            button = ttk.Radiobutton(
                row, text=text, value=value, variable=self._way, command=self._changed
            )
            button.pack(side="left", padx=(0, scaled(self, 10)))
            self._buttons[value] = button
        reset = ttk.Button(row, text="Reset", command=self.reset)
        reset.pack(side="right")

    def _build_pictures(self) -> None:
        row = ttk.Frame(self)
        row.pack(fill="x", pady=scaled(self, 8))
        self._changed_picture = Heatmap(row, "changed", pixel=3)
        self._seen = Heatmap(row, "as the network sees it", pixel=3)
        for picture in (self._changed_picture, self._seen):
            picture.pack(side="left", padx=(0, scaled(self, 10)))
        self._words = ttk.Label(self, justify="left")
        self._words.pack(fill="x", pady=(0, scaled(self, 8)))
        wrap_to_width(self._words)
        self.bind("<Configure>", lambda event: self._resized(event.width, event.height))

    def _resized(self, width: int, height: int) -> None:
        for picture in (self._changed_picture, self._seen):
            picture.fit(min(width // 2 - scaled(self, 20), height // 4, scaled(self, 280)))

    def _build_sliders(self) -> None:
        holder = ttk.Frame(self)
        holder.pack(fill="x", pady=(0, scaled(self, 8)))
        holder.columnconfigure(1, weight=1)
        self.scales: dict[str, ttk.Scale] = {}
        self._numbers: dict[str, ttk.Label] = {}
        for row, (name, bounds) in enumerate(RANGES.items()):
            ttk.Label(holder, text=bounds.title).grid(row=row, column=0, sticky="w")
            scale = ttk.Scale(holder, from_=bounds.low, to=bounds.high)
            scale.set(getattr(NEUTRAL, name))
            scale.configure(command=lambda value, name=name: self._slid(name, float(value)))
            scale.bind("<FocusIn>", lambda event, name=name: self._touch(name))
            scale.grid(row=row, column=1, sticky="ew", padx=scaled(self, 8))
            number = ttk.Label(holder, anchor="e", width=7, text=bounds.shown(scale.get()))
            number.grid(row=row, column=2, sticky="e")
            self.scales[name], self._numbers[name] = scale, number

    def refresh(self, reason: str) -> None:
        """Try the drawing on the pad as the sliders say."""
        if reason == "theme":
            self.chart.recolour()
        if reason == "drawing" and pen_is_moving(self):
            self._follow.start(self._follow_pen())
        else:
            self._changed()

    def _follow_pen(self) -> Iterator[None]:
        """Show the drawing once the pen rests: it is too much work between two motions."""
        self._show()
        yield

    def set(self, name: str, value: float) -> None:
        """Move a slider: "right", "down", "turn", "scale", "pen" or "noise"."""
        self.scales[name].set(value)

    def set_way(self, way: str) -> None:
        """Read the drawing "picture" or "strokes"."""
        self._way.set(way)
        self._changed()

    def reset(self) -> None:
        """Bring every slider back."""
        for name in RANGES:
            self.set(name, getattr(NEUTRAL, name))

    @property
    def busy(self) -> bool:
        """Whether the chart is still being drawn."""
        return self._due is not None or self._pieces.running

    @property
    def by_strokes(self) -> bool:
        """Whether the strokes are read; a picture on the pad has none."""
        return self._way.get() == "strokes" and self.session.content.image is None

    def _slid(self, name: str, value: float) -> None:
        self.trial = replace(self.trial, **{name: value})
        self._numbers[name].configure(text=RANGES[name].shown(value))
        self._touch(name)
        self._changed()

    def _touch(self, name: str) -> None:
        if name != self._touched:
            self._touched = name
            self._draw_chart()

    def _changed(self) -> None:
        """Show the answer when Tk has time: a slider tells of more values than can be shown."""
        if self._due is None:
            self._due = self.after_idle(self._show)

    def _cancel(self, widget: tk.Misc) -> None:
        if widget is self and self._due is not None:
            self.after_cancel(self._due)
            self._due = None

    def _show(self) -> None:
        self._due = None
        page, recognizer = self.session.content, self.session.recognizer
        self._buttons["strokes"].state(["disabled" if page.image is not None else "!disabled"])
        if recognizer is None or not page:
            self.prediction = Prediction.blank()
            self._changed_picture.clear()
            self._seen.clear()
            self._say("Draw a digit, then move a slider.")
        else:
            colours = HeatmapColours(palette(self))
            changed = perturb(page, self.trial)
            self.prediction = read(recognizer, changed, self.by_strokes)
            self._changed_picture.show(colours.ink_to_rgb(to_ink(changed)))
            self._show_seen(colours)
            self._say(self._answer())
        self._draw_chart()

    def _show_seen(self, colours: HeatmapColours) -> None:
        frame = self.prediction.frame
        if frame is None:
            self._seen.clear()
        else:
            self._seen.show(colours.ink_to_rgb(frame.pixels))

    def _say(self, sentence: str) -> None:
        self.sentence = sentence
        self._words.configure(text=sentence)

    def _answer(self) -> str:
        way = "Read from its strokes" if self.by_strokes else "Read as a picture"
        before = self.session.prediction.digit
        if self.prediction.is_blank:
            return f"{way}: nothing is left to read."
        sentence = f"{way}: {self._answer_in_words()}."
        if self.session.prediction.is_blank or self.prediction.digit == before:
            return sentence
        return f"{sentence} On the pad it is {digit_name(before)}."

    def _answer_in_words(self) -> str:
        prediction = self.prediction
        answer = answer_text(prediction, self.session.config.recognition.unsure_below)
        if answer.is_sure or prediction.refused:
            return f"{digit_name(prediction.digit)}, {percent(prediction.probability)} sure"
        return answer.text[:1].lower() + answer.text[1:]

    def _draw_chart(self) -> None:
        if self.session.recognizer is None or not self.session.content:
            self._pieces.stop()
            self.chart.clear()
            return
        self._pieces.start(self._chart_points(), _REST)

    def _chart_points(self) -> Iterator[None]:
        """Read the drawing over the whole range of the slider last touched, point by point."""
        bounds = RANGES[self._touched]
        digit = self.session.prediction.best_guess
        values = [
            bounds.low + i * (bounds.high - bounds.low) / (_POINTS - 1) for i in range(_POINTS)
        ]
        points: list[tuple[float, Prediction]] = []
        now = getattr(self.trial, self._touched)
        for value in values:
            trial = replace(self.trial, **{self._touched: value})
            changed = perturb(self.session.content, trial)
            yield
            points.append((value, read(self.session.recognizer, changed, self.by_strokes)))
            yield
        self.chart.show(bounds, points, digit, now)
