"""The Network view: activations of every layer while drawing, and explanations."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk

import numpy as np
from PIL import Image

from number_recognition.core.formatting import percent
from number_recognition.digits.images.box import SIZE
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.charts.canvas_picture import canvas_picture
from number_recognition.window.network.activation_map import ActivationMap
from number_recognition.window.network.attribution_panel import AttributionPanel
from number_recognition.window.network.counterfactual_panel import CounterfactualPanel
from number_recognition.window.network.output_bars import output_name
from number_recognition.window.network.unit_panel import UnitPanel
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import BODY, scaled, wrap_to_width
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.context_menu import ContextMenu
from number_recognition.window.widgets.pictures import add_picture_entries
from number_recognition.window.widgets.tabs import Tabs

_HINT = "Each square is a unit. Point to it, click it or press an arrow key for details."
_NO_DRAWING_HINT = "Draw a digit to see what each unit does with it, and why it is read so."


class NetworkView(View):
    """The activation map above three tabs: attribution, counterfactual and one unit.

    Attributes:
        activations: those of each layer for the drawing, a list of (units,); empty without one.
        hint: the line below the activation map.
        activation_map: the pixels, units and output.
        attribution_panel, counterfactual_panel, unit_panel: the tabs.
        picture_menu: copies and saves the activation map.
    """

    least_height = 420

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        # A fixed request: a size that followed the contents, which follow the size, never settles.
        self.configure(width=scaled(self, 380), height=scaled(self, 480))
        self.pack_propagate(False)
        self.activations: list[np.ndarray] = []
        self.hint = ""
        self._needed_height = 0
        self._floor: tuple[tuple[int, str, int], int, int] = ((0, "", 0), 0, 0)
        self._network: NumpyNetwork | None = None
        self._map_timer = Timer(self, self._update_after_stroke)
        self._tab_timer = Timer(self, lambda: self._update_tab(moving=True))
        self._build_map()
        self._build_tabs()
        self.bind("<Configure>", lambda event: self._resize(event.height))

    def _build_map(self) -> None:
        self.activation_map = ActivationMap(self)
        self.activation_map.pack(fill="x")
        self.activation_map.bind("<<UnitSelected>>", lambda event: self._show_selected_unit())
        self.activation_map.bind("<<UnitHovered>>", lambda event: self._show_hint())
        self.picture_menu = ContextMenu(
            self.activation_map,
            lambda menu: add_picture_entries(menu, self, self.picture, "network"),
        )
        row = ttk.Frame(self)
        row.pack(fill="x", pady=scaled(self, 6))
        self._hint_label = ttk.Label(row, style="Faint.TLabel")
        self._hint_label.pack(side="left", fill="x", expand=True)
        wrap_to_width(self._hint_label)

    def picture(self) -> Image.Image | None:
        """Return the activation map as an image, None without a drawing."""
        return canvas_picture(self.activation_map) if self.activations else None

    def _build_tabs(self) -> None:
        self._tabs = Tabs(self)
        self._tabs.pack(fill="both", expand=True)
        self.unit_panel = UnitPanel(self._tabs, self.session)
        self.attribution_panel = AttributionPanel(self._tabs)
        self.counterfactual_panel = CounterfactualPanel(self._tabs)
        self._tabs.add(self.attribution_panel, text="Why this answer?")
        self._tabs.add(self.counterfactual_panel, text="What if …?")
        self._tabs.add(self.unit_panel, text="Unit")
        for panel in (self.attribution_panel, self.counterfactual_panel, self.unit_panel):
            # A tab that is not shown needs no height, whatever changes in it.
            for event in ("<<HeightChanged>>", "<Map>"):
                panel.bind(event, lambda event: self._check_height())
        self._tabs.bind("<<NotebookTabChanged>>", lambda event: self._update_tab())

    @property
    def _panel(self) -> AttributionPanel | CounterfactualPanel | UnitPanel:
        """The tab that is shown."""
        panels = (self.attribution_panel, self.counterfactual_panel, self.unit_panel)
        return panels[self._tabs.index("current")]

    def _resize(self, height: int) -> None:
        """Leave the tabs enough height for their smallest pictures and a few lines."""
        line = tkfont.nametofont(BODY, self).metrics("linespace")
        least_tabs = 10 * line + scaled(self, 150)
        self.activation_map.set_max_height(min(height - least_tabs, height // 2))
        self._check_height()

    def _check_height(self) -> None:
        needed = self.needed_height()
        if needed != self._needed_height:
            self._needed_height = needed
            self.event_generate("<<HeightChanged>>")

    def needed_height(self) -> int:
        """Return what the map and the tab shown need, which are higher where they are narrow."""
        tab = self._panel
        if not tab.winfo_ismapped():
            # Tk shows no tab that is given no height: it is measured when it is shown.
            return max(super().needed_height(), self._needed_height)
        titles = self._tabs.winfo_height() - tab.winfo_height()
        hint = self._hint_label.winfo_reqheight() + scaled(self, 12 + 2 * 12)
        content = self.activation_map.least_height() + hint + titles + tab.needed_height()
        return max(super().needed_height(), self._at_least_as_before(content))

    def _at_least_as_before(self, height: int) -> int:
        """Return a height for the tab shown that only grows while its text and width stay.

        A higher tab has larger pictures, beside which a text has more lines or, with other pictures
        above, fewer: a height that could shrink again would alternate for ever.
        """
        line = tkfont.nametofont(BODY, self).metrics("linespace")
        shown = (self._tabs.index("current"), self._panel.text, line)
        before, width, least = self._floor
        scrollbar = scaled(self, 24)
        if shown == before and abs(self.winfo_width() - width) <= scrollbar:
            height = max(height, least)
        self._floor = (shown, self.winfo_width(), height)
        return height

    def refresh(self, reason: str) -> None:
        """Show the drawing and the network in use (see `View.refresh`)."""
        recognizer = self.session.recognizer
        network = recognizer.network if recognizer is not None else None
        is_new_network = network is not self._network
        self._network = network
        if reason == "theme":
            self._recolour()
        if is_new_network:
            self.activation_map.set_network(network)
        if reason in ("shown", "corrections"):
            self.unit_panel.clear_samples()
        if reason == "drawing" and not is_new_network:
            self._tab_timer.cancel()  # the map comes first
            self._map_timer.start_idle()  # so that the pen is never delayed
            return
        self._update_map()
        if is_new_network:
            self._reselect_unit()
        self._update_tab()

    def set_filled(self, filled: bool) -> None:
        """Show the pixels and the probabilities, too, where the answer beside the pad is small."""
        self.activation_map.set_complete(filled)

    def destroy(self) -> None:
        """Close the view and cancel pending updates."""
        self._map_timer.cancel()
        self._tab_timer.cancel()
        super().destroy()

    def select_tab(self, tab: tk.Misc) -> None:
        """Bring one of the panels to the top."""
        self._tabs.select(tab)
        # Tk sends the event later, when a button of the tab may have been pressed already.
        self._update_tab()

    def _update_map(self) -> None:
        self._map_timer.cancel()
        frame = self.session.prediction.frame
        if self._network is None or frame is None:
            self.activations = []
            self.activation_map.show(None, [])
        else:
            batch = self._network.activations(frame.pixels[None])
            self.activations = [activations[0] for activations in batch]
            self.activation_map.show(frame.pixels, self.activations)
        self.cover_unless(bool(self.activations), _NO_DRAWING_HINT)
        self._show_hint()

    def _recolour(self) -> None:
        self.activation_map.recolour()
        self.unit_panel.recolour()
        self.counterfactual_panel.recolour()

    def _show_selected_unit(self) -> None:
        self._tabs.select(self.unit_panel)
        self._reselect_unit()

    def _reselect_unit(self) -> None:
        """Show the selected unit, after another network was loaded that of the same index."""
        unit = self.activation_map.selected
        if self._network is not None and unit is not None:
            self.unit_panel.show(self._network, unit, self.activations)
        else:
            self.unit_panel.clear()
        self._check_height()

    def _update_after_stroke(self) -> None:
        """Update the map, then the tab as a step of its own, so that the pen can move between."""
        self._update_map()
        self._tab_timer.start_idle()

    def _update_tab(self, moving: bool = False) -> None:
        """Update the tab on top; the others are updated when they are selected."""
        self._tab_timer.cancel()
        tab = self._panel
        if tab is self.unit_panel:
            self.unit_panel.update_activation(self.activations)
        elif tab is self.attribution_panel:
            self.attribution_panel.show(self._network, self.session.prediction, moving)
        else:
            self.counterfactual_panel.show(self._network, self.session.prediction)
        self._check_height()

    def _show_hint(self) -> None:
        self.hint = self._describe_hovered() or (_HINT if self.activations else _NO_DRAWING_HINT)
        self._hint_label.configure(text=self.hint)

    def _describe_hovered(self) -> str:
        """Describe the unit or pixel under the pointer; empty where there is none."""
        frame = self.session.prediction.frame
        if self.activation_map.hovered is None or not self.activations or frame is None:
            return ""
        layer, unit = self.activation_map.hovered
        if layer < 0:
            ink = percent(float(frame.pixels.ravel()[unit]))
            return f"Pixel in row {unit // SIZE + 1}, column {unit % SIZE + 1}: {ink} ink"
        value = float(self.activations[layer][unit])
        if layer == len(self.activations) - 1:
            return f"Output for {output_name(unit)}: {percent(value)}"
        return f"{self.activation_map.describe(self.activation_map.hovered)}: {value:.3f}"
