"""The Robustness view: perturb the drawing with sliders and see how the prediction changes."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from tkinter import ttk

import numpy as np
from PIL import Image

from number_recognition.core.formatting import percent
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import answer_text
from number_recognition.session.perturbation import (
    NEUTRAL,
    RANGES,
    Perturbation,
    PerturbedInput,
    perturb,
    read,
    to_ink,
)
from number_recognition.window.charts.canvas_picture import canvas_picture
from number_recognition.window.robustness.robustness_chart import (
    RobustnessChart,
    RobustnessCurve,
)
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.idle_work import IdleTask, pen_is_moving
from number_recognition.window.toolkit.theme import palette, scaled, wrap_to_width
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.context_menu import ContextMenu
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours
from number_recognition.window.widgets.pictures import add_picture_entries
from number_recognition.window.widgets.tooltip import Tooltip

_INPUTS = {
    "image": (
        "Image",
        "A picture of the drawing, read as a photo is: cleaned first, and noise is grain in it",
    ),
    "strokes": ("Strokes", "The strokes of the pen, read as on the pad; noise moves their points"),
}
"""The text of each input, and what it is."""
_NO_DRAWING = "Draw a digit, then move a slider to see when it is read otherwise."
_POINTS = 31
_DELAY = 150
"""Milliseconds without a change after which the chart is computed."""


class RobustnessView(View):
    """Six sliders, the perturbed drawing, its prediction, and a chart.

    Attributes:
        perturbation: the values of the sliders.
        prediction: the prediction for the perturbed drawing.
        text: the prediction as text.
        scales: the sliders by the names of the values of a perturbation.
        chart: the prediction over the range of the slider that was moved last.
        picture_menu: copies and saves the chart, and saves its values.
    """

    least_height = 470

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        # A fixed request: a size that followed the contents, which follow the size, never settles.
        self.configure(width=scaled(self, 380), height=scaled(self, 480))
        self.pack_propagate(False)
        self.perturbation = Perturbation()
        self.prediction = Prediction.blank()
        self.text = ""
        self._active_slider = "turn"
        self._chart_task = IdleTask(self)
        self._drawing_task = IdleTask(self)
        self._update_timer = Timer(self, self._update)
        self._build()

    def _build(self) -> None:
        self._build_input_choice()
        self._build_pictures()
        self._build_sliders()
        self.chart = RobustnessChart(self)
        self.chart.pack(fill="both", expand=True)
        self.picture_menu = ContextMenu(self.chart, self._add_entries)

    def _add_entries(self, menu: ContextMenu) -> None:
        add_picture_entries(menu, self, self.picture, "robustness")
        menu.add("Save values …", self.save_values, enabled=self.chart.curve is not None)

    def save_values(self) -> None:
        """Ask for a CSV file and write what is read at each value of the slider."""
        from number_recognition.window.charts.plot_file import save_table

        if self.chart.curve is not None:
            save_table(self, "robustness", self.chart.curve.table())

    def picture(self) -> Image.Image | None:
        """Return the chart as an image, None without a curve."""
        return canvas_picture(self.chart) if self.chart.curve is not None else None

    def _build_input_choice(self) -> None:
        row = ttk.Frame(self)
        row.pack(fill="x")
        ttk.Label(row, text="Input:").pack(side="left", padx=(0, scaled(self, 10)))
        self._chosen_input = "strokes"
        self._input = tk.StringVar(self, self._chosen_input)
        self._input_buttons: dict[str, ttk.Radiobutton] = {}
        for value, (text, explanation) in _INPUTS.items():
            button = ttk.Radiobutton(row, text=text, value=value, variable=self._input)
            button.configure(command=partial(self.set_input, value))
            Tooltip(button, explanation)
            button.pack(side="left", padx=(0, scaled(self, 10)))
            self._input_buttons[value] = button
        reset = ttk.Button(row, text="Reset", command=self.reset)
        reset.pack(side="right")
        Tooltip(reset, "Put all sliders back: the drawing as it is on the pad")

    def _build_pictures(self) -> None:
        row = ttk.Frame(self)
        row.pack(fill="x", pady=scaled(self, 8))
        self._perturbed_picture = Heatmap(row, "perturbed drawing", pixel=3)
        self._input_picture = Heatmap(row, "network input", pixel=3)
        for picture in (self._perturbed_picture, self._input_picture):
            picture.pack(side="left", anchor="n", padx=(0, scaled(self, 10)))
        text = ttk.Frame(self)
        text.pack(fill="x", pady=(0, scaled(self, 8)))
        self._label = ttk.Label(text, justify="left")
        self._label.pack(side="left", fill="x", expand=True)
        wrap_to_width(self._label)
        self.bind("<Configure>", lambda event: self._resize(event.width, event.height))

    def _resize(self, width: int, height: int) -> None:
        for picture in (self._perturbed_picture, self._input_picture):
            picture.fit(min(width // 2 - scaled(self, 20), height // 4))

    def _build_sliders(self) -> None:
        table = ttk.Frame(self)
        table.pack(fill="x", pady=(0, scaled(self, 8)))
        table.columnconfigure(1, weight=1)
        self.scales: dict[str, ttk.Scale] = {}
        self._value_labels: dict[str, ttk.Label] = {}
        for row, (name, slider) in enumerate(RANGES.items()):
            ttk.Label(table, text=slider.title).grid(row=row, column=0, sticky="w")
            scale = ttk.Scale(table, from_=slider.low, to=slider.high)
            scale.set(getattr(NEUTRAL, name))
            scale.configure(command=partial(self._slider_moved, name))
            scale.bind("<FocusIn>", partial(self._slider_focused, name))
            scale.grid(row=row, column=1, sticky="ew", padx=scaled(self, 8))
            label = ttk.Label(table, anchor="e", width=7, text=slider.shown(scale.get()))
            label.grid(row=row, column=2, sticky="e")
            self.scales[name], self._value_labels[name] = scale, label

    def refresh(self, reason: str) -> None:
        """Update the prediction for the drawing on the pad (see `View.refresh`)."""
        if reason == "theme":
            self.chart.recolour()
        if reason == "drawing" and pen_is_moving(self):
            self._drawing_task.start(self._update_later())
        else:
            self._schedule_update()

    def _update_later(self) -> Iterator[None]:
        """Update once the pen has stopped: it is too much work between two motions."""
        self._update()
        yield

    def destroy(self) -> None:
        """Close the view and cancel a pending update."""
        self._update_timer.cancel()
        super().destroy()

    def set_slider(self, name: str, value: float) -> None:
        """Move a slider: "right", "down", "turn", "scale", "pen" or "noise"."""
        self.scales[name].set(value)

    def set_input(self, value: str) -> None:
        """Predict from the "image" or the "strokes"."""
        self._chosen_input = value
        self._schedule_update()

    def reset(self) -> None:
        """Reset every slider."""
        for name in RANGES:
            self.set_slider(name, getattr(NEUTRAL, name))

    @property
    def busy(self) -> bool:
        """Whether an update or the chart is pending."""
        return self._update_timer.pending or self._chart_task.running

    @property
    def uses_strokes(self) -> bool:
        """Whether the prediction is from the strokes; an image on the pad has none."""
        return self._chosen_input == "strokes" and self.session.chosen_content.image is None

    def _slider_moved(self, name: str, text: str) -> None:
        value = float(text)
        self.perturbation = replace(self.perturbation, **{name: value})
        self._value_labels[name].configure(text=RANGES[name].shown(value))
        self._activate(name)
        self._schedule_update()

    def _slider_focused(self, name: str, event: tk.Event) -> None:
        self._activate(name)

    def _activate(self, name: str) -> None:
        if name != self._active_slider:
            self._active_slider = name
            self._update_chart()

    def _schedule_update(self) -> None:
        """Update when Tk is idle: a slider reports more values than can be shown."""
        if not self._update_timer.pending:
            self._update_timer.start_idle()

    def _update(self) -> None:
        content, recognizer = self.session.chosen_content, self.session.recognizer
        has_image = content.image is not None
        self._input.set("strokes" if self.uses_strokes else "image")
        self.cover_unless(bool(content), _NO_DRAWING)
        self._input_buttons["strokes"].state(["disabled" if has_image else "!disabled"])
        if recognizer is None or not content:
            self.prediction = Prediction.blank()
            self._perturbed_picture.clear()
            self._input_picture.clear()
            self._set_text(_NO_DRAWING)
        else:
            perturbed = perturb(content, self.perturbation)
            self.prediction = read(recognizer, perturbed, self.uses_strokes)
            self._show_pictures(to_ink(perturbed))
            self._set_text(self._describe_prediction())
        self._update_chart()

    def _show_pictures(self, ink: np.ndarray) -> None:
        colours, frame = HeatmapColours(palette(self)), self.prediction.frame
        self._perturbed_picture.show(colours.ink_to_rgb(ink))
        if frame is None:
            self._input_picture.clear()
        else:
            self._input_picture.show(colours.ink_to_rgb(frame.pixels))

    def _set_text(self, text: str) -> None:
        self.text = text
        self._label.configure(text=text)

    def _describe_prediction(self) -> str:
        source = "Prediction from the strokes" if self.uses_strokes else "Prediction from the image"
        if self.prediction.is_blank:
            return f"{source}: none, the drawing is empty."
        unsure_below = self.session.config.recognition.unsure_below
        answer = answer_text(self.prediction, unsure_below).short
        text = f"{source}: {answer} ({percent(self.prediction.probability)})."
        original = self.session.prediction
        if original.is_blank or original.digit == self.prediction.digit:
            return text
        return f"{text} Unperturbed: {answer_text(original, unsure_below).short}."

    def _update_chart(self) -> None:
        recognizer, content = self.session.recognizer, self.session.chosen_content
        digit = self.session.prediction.best_guess
        if recognizer is None or not content or digit is None:
            self._chart_task.stop()
            self.chart.clear()
        else:
            work = self._compute_chart(
                partial(read, recognizer, by_strokes=self.uses_strokes),
                partial(perturb, content),
                self.perturbation,
                self._active_slider,
                digit,
            )
            self._chart_task.start(work, _DELAY)

    def _compute_chart(
        self,
        read_input: Callable[[PerturbedInput], Prediction],
        perturb_content: Callable[[Perturbation], PerturbedInput],
        current: Perturbation,
        name: str,
        digit: int,
    ) -> Iterator[None]:
        """Predict over the whole range of a slider, point by point.

        All that it needs is given: the pad and the sliders may have changed by the time it runs.
        """
        slider, points = RANGES[name], []
        for value in np.linspace(slider.low, slider.high, _POINTS).tolist():
            perturbed = perturb_content(replace(current, **{name: value}))
            yield
            points.append((value, read_input(perturbed)))
            yield
        self.chart.show(RobustnessCurve(slider, getattr(current, name), points, digit))
