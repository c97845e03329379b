"""The words that the window uses, each in two sentences, and the ways to them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.window.toolkit.theme import BODY, STRONG, center_over, palette, scaled

TERMS = {
    "Network": (
        "A chain of layers that turns the 784 pixels of a drawing into ten numbers, one for each "
        "digit. It knows no rules: all it can do was learned from examples."
    ),
    "Layer": (
        "A row of units that all look at the same numbers, those of the row before. In a dense "
        "layer every unit is joined to every unit of the row before."
    ),
    "Unit": (
        "The smallest part of a network: it weighs the numbers that come in, adds them up and "
        "passes one number on. The weights are what a network learns."
    ),
    "Activation": (
        "What a unit makes of its sum before it passes it on; ReLU, for one, makes every negative "
        "number 0. Without it, many layers could do no more than one."
    ),
    "Training": (
        "Showing a network examples again and again and changing its weights a little each time, "
        "so that its answers come nearer to the truth. Nobody tells it how; each step simply goes "
        "where the loss falls."
    ),
    "Epoch": (
        "One pass of the training over all its examples. Most networks need several, and after "
        "some number of them nothing more is gained."
    ),
    "Batch": (
        "The examples that are looked at together before the weights are changed once. A larger "
        "batch makes steadier steps, and fewer of them in an epoch."
    ),
    "Learning rate": (
        "How far the weights are moved in one step. Too large a rate jumps past the goal, too "
        "small a one never arrives."
    ),
    "Loss": (
        "A number that says how wrong the answers are, counting a sure mistake far more than a "
        "doubtful one. Training makes it small."
    ),
    "Accuracy": (
        "The part of the examples that are read right. It says nothing about how sure the network "
        "was of them."
    ),
    "Validation": (
        "Judging a network on examples that were set apart and never trained on. Only they show "
        "whether it learned to read or merely remembers."
    ),
    "Overfitting": (
        "Learning the training examples by heart: they go on getting better while the validation "
        "gets no better or worse. More varied examples, distortion and dropout help against it."
    ),
    "Dropout": (
        "Switching off a random part of the units at each step of a training, never afterwards. "
        "It keeps units from relying on one another, and so works against overfitting."
    ),
    "Distortion": (
        "Turning, moving and bending each example a little differently every time it is shown. "
        "So the network learns what stays the same in all handwriting."
    ),
    "Confusion matrix": (
        "A table of what was read as what: each row is a true digit, each column an answer. What "
        "was read right stands on the diagonal, each kind of mistake in a cell of its own."
    ),
    "Recall": (
        "Of all the sevens, say, the part that was read as a seven. A low recall means that they "
        "are often taken for something else."
    ),
    "Precision": (
        "Of all the answers 'a seven', say, the part that really was one. A low precision means "
        "that other digits are often taken for it."
    ),
    "Confidence": (
        "The largest of the ten numbers that come out of a network, from 0 to 100 %. It is the "
        "network's own opinion, and can be wrong."
    ),
    "Calibration": (
        "Making confidence true: of the answers given with 90 %, nine in ten should be right. The "
        "calibration error is how far the two are apart on average."
    ),
    "Fine-tuning": (
        "Going on with the training of a finished network on a few new examples: here, on the "
        "drawings that you corrected. Small steps let it learn your hand and keep what it knew."
    ),
    "Rehearsal": (
        "Showing old examples among the new ones during fine-tuning. Without it a network soon "
        "forgets what it is not shown."
    ),
}
"""Two sentences for each word, in an order in which they can be read through."""

VIEW_TERMS = {
    "Network": "Network",
    "Test": "Confidence",
    "Training": "Training",
    "Results": "Confusion matrix",
    "Experiments": "Learning rate",
    "Drawings": "Fine-tuning",
}
"""Where F1 opens the glossary when the focus is in a view, by the view's title."""


class Glossary(tk.Toplevel):
    """All words to read through; `show` brings one of them to the top.

    Attributes:
        term: the word that was asked for, "" for none.
    """

    def __init__(self, root: tk.Misc) -> None:
        super().__init__(root)
        self.term = ""
        self.title("Glossary")
        self.transient(root)
        frame = ttk.Frame(self, padding=scaled(self, 12))
        frame.pack(fill="both", expand=True)
        self._text = tk.Text(
            frame, width=58, height=24, wrap="word", relief="flat", font=BODY, cursor="arrow"
        )
        self._text.configure(padx=scaled(self, 10), pady=scaled(self, 6))
        bar = ttk.Scrollbar(frame, command=self._text.yview)
        self._text.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self._text.pack(side="left", fill="both", expand=True)
        self._write()
        self.bind("<Escape>", lambda event: self.destroy())
        center_over(self, root)
        self._text.focus_set()

    def _write(self) -> None:
        text, colours, gap = self._text, palette(self), scaled(self, 8)
        text.configure(background=colours.background, foreground=colours.text)
        text.tag_configure("word", font=STRONG, spacing1=gap)
        text.tag_configure("asked", foreground=colours.accent)
        for term, words in TERMS.items():
            text.mark_set(term.replace(" ", "_"), "end-1c")
            text.mark_gravity(term.replace(" ", "_"), "left")
            text.insert("end", f"{term}\n", ("word", term.replace(" ", "_")))
            text.insert("end", f"{words}\n")
        text.configure(state="disabled")

    def show(self, term: str) -> None:
        """Bring a word to the top, in colour; nothing where there is none of that name."""
        self.term = term if term in TERMS else ""
        self._text.tag_remove("asked", "1.0", "end")
        if self.term:
            mark = term.replace(" ", "_")
            self._text.tag_add("asked", mark, f"{mark} lineend")
            self._text.update_idletasks()
            self._text.yview(mark)
        self.lift()


def show_glossary(widget: tk.Misc, term: str = "") -> Glossary:
    """Open the glossary, or bring the open one to the top, at a word where one is given."""
    root = widget.winfo_toplevel()
    opened = [child for child in root.winfo_children() if isinstance(child, Glossary)]
    glossary = opened[0] if opened else Glossary(root)
    glossary.show(term)
    return glossary


def link_to_glossary(label: ttk.Label, term: Callable[[], str]) -> None:
    """Let a click, or Return, on a label open the glossary at the word that `term` answers."""
    label.configure(cursor="question_arrow", takefocus=True)
    label.bind("<Button-1>", lambda event: show_glossary(label, term()))
    label.bind("<Return>", lambda event: show_glossary(label, term()))
    label.bind("<FocusIn>", lambda event: label.configure(foreground=palette(label).accent))
    label.bind("<FocusOut>", lambda event: label.configure(foreground=""))
