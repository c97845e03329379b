"""The glossary: the terms that the window uses, explained in two sentences each."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.window.toolkit.theme import (
    BODY,
    STRONG,
    center_over,
    dialog_size,
    palette,
    scaled,
)

TERMS = {
    "Network": (
        "A neural network: layers that turn the 784 pixels of a drawing into a probability for "
        'each digit, and in some networks for "no digit". It has no built-in rules; everything it '
        "does was learned from examples."
    ),
    "Layer": (
        "A group of units that receive the same inputs: the outputs of the previous layer. In a "
        "dense layer, every unit is connected to every unit of the previous layer."
    ),
    "Unit": (
        "The smallest part of a network: it multiplies each input by a weight, adds the results "
        "and a bias, and passes on one number. Training changes the weights and biases."
    ),
    "Activation": (
        "The function that a unit applies to its sum; ReLU, for example, replaces negative "
        "numbers with 0. Without it, many layers could do no more than one."
    ),
    "Softmax": (
        "The function of the last layer: it turns its numbers into probabilities, which are "
        "positive and have the sum 1. The largest number gets the largest probability."
    ),
    "MNIST": (
        "70,000 handwritten digits of 28 × 28 pixels, by employees and pupils in the USA; 10,000 "
        "of them are for testing alone. Networks have been compared on it since 1998."
    ),
    "Synthetic digits": (
        "Digits that the program draws itself, in many styles and with random variation. A network "
        "can learn from them without any data of people."
    ),
    "Training": (
        "Showing a network many examples and changing its weights a little each time, so that the "
        "loss becomes smaller. The network learns from the examples alone."
    ),
    "Epoch": (
        "One pass over all training examples. Training usually takes several epochs, until more "
        "of them no longer help."
    ),
    "Batch": (
        "The examples that are processed together before the weights are changed once. Larger "
        "batches give steadier steps, but fewer of them in each epoch."
    ),
    "Learning rate": (
        "How far the weights are changed in one step. If it is too large, training becomes "
        "unstable; if it is too small, training takes too long."
    ),
    "Optimizer": (
        "The rule by which the gradients of the loss change the weights. SGD follows them "
        "directly; Adam and its relatives choose a step size for each weight, which suits most "
        "networks."
    ),
    "Batch normalization": (
        "Scaling the outputs of a layer so that they have mean 0 and variance 1 over each batch. "
        "Training becomes faster and steadier."
    ),
    "Moving average": (
        "The average of the weights over the last steps, which is validated and saved in place of "
        "the weights themselves. It varies less and is often more accurate."
    ),
    "Loss": (
        "A number that measures how wrong the predictions are; confident mistakes count most. "
        "Training makes it smaller."
    ),
    "Accuracy": (
        "The share of examples that are recognized correctly. It does not show how confident the "
        "network was."
    ),
    "Validation": (
        "Testing a network on examples that it was not trained on. Only this shows whether it "
        "recognizes new drawings or just remembers the old ones."
    ),
    "Overfitting": (
        "Memorizing the training examples: they are recognized better and better, but other "
        "drawings are not. More varied examples, distortion and dropout help against it."
    ),
    "Dropout": (
        "Switching off random units in each step of the training. The units cannot rely on each "
        "other, which reduces overfitting."
    ),
    "Weight decay": (
        "Making all weights a little smaller in each step. Small weights make the network less "
        "sensitive to details of the training examples, which reduces overfitting."
    ),
    "Label smoothing": (
        "Training towards, say, 95 % for the correct answer, with the rest spread over all. "
        "The network becomes less overconfident."
    ),
    "Augmentation (distortion)": (
        "Rotating, moving and bending each training example at random, differently in every "
        "epoch. The network learns what stays the same in all handwriting."
    ),
    "Confusion matrix": (
        "A table of all predictions: each row is a true digit, each column a predicted one, so "
        'that the correct ones are on the diagonal. The column "none" counts the digits that the '
        "network calls no digit."
    ),
    "Recall": (
        "The share of the drawings of a digit that are recognized as this digit. A low recall "
        "means that it is often taken for another digit, or for no digit."
    ),
    "Precision": (
        "The share of the predictions of a digit that are correct. A low precision means that "
        "other digits are often taken for it."
    ),
    "Confidence": (
        "The highest of the probabilities that the network predicts, from 0 to 100 %. It is an "
        "estimate and can be wrong; below 90 % (File ▸ Settings ▸ Recognition), the prediction "
        "is shown as unsure."
    ),
    "No digit": (
        "What a network with eleven outputs predicts for a drawing that doesn't look like a digit; "
        "the best guess is then shown below. It is trained on counterexamples, and fine-tuning "
        "adds the drawings that you keep with N."
    ),
    "Counterexample": (
        "A drawing that is no digit, such as a letter, a scribble or half of a digit. From these, "
        "a network learns what to call no digit."
    ),
    "Calibration": (
        "Making the confidence match the accuracy: of all predictions with a confidence of 90 %, "
        "90 % should be correct. The calibration error is the average difference between the two."
    ),
    "Temperature": (
        "A number by which the inputs of the softmax are divided: above 1, the probabilities "
        "become more equal, below 1 more different. Calibration and distillation choose one."
    ),
    "Distillation": (
        "Training a network on the predictions of others, its teachers, besides the labels. Their "
        "probabilities also tell which other digits a drawing resembles."
    ),
    "Seed": (
        "The number from which all random choices of a training follow: initial weights, order, "
        "augmentation. Equal seeds and settings give equal runs; several seeds show how much is "
        "chance."
    ),
    "Fine-tuning": (
        "Training a network further on a few new examples: the drawings that you corrected. Small "
        "steps teach it your handwriting without losing what it has learned before."
    ),
    "Original task": (
        "Reading the digits of many people, which a network was trained for before it is "
        "fine-tuned. Its accuracy on a sample of them, which fine-tuning does not learn from, "
        "shows what would be lost."
    ),
    "Rehearsal": (
        "Mixing earlier examples with the new ones during fine-tuning. Without them, a network "
        "soon forgets what it learned before."
    ),
}
"""Two sentences for each term, in an order in which they can be read through."""

VIEW_TERMS = {
    "Network": "Network",
    "Robustness": "Confidence",
    "Training": "Training",
    "Results": "Confusion matrix",
    "Experiments": "Learning rate",
    "Drawings": "Fine-tuning",
}
"""The term that the glossary opens at when the focus is in a view, by the title of the view."""


class Glossary(tk.Toplevel):
    """A dialog with all terms; `show` scrolls to one of them.

    Attributes:
        term: the highlighted term, "" for none.
    """

    def __init__(self, root: tk.Tk | tk.Toplevel) -> None:
        super().__init__(root)
        self.term = ""
        self.title("Glossary")
        self.transient(root)
        self._build()
        self._insert_terms()
        self.bind("<Escape>", lambda event: self.destroy())
        self.geometry(dialog_size(root, 600, 450))
        center_over(self, root)
        self._text.focus_set()

    def _build(self) -> None:
        frame = ttk.Frame(self, padding=scaled(self, 12))
        frame.pack(fill="both", expand=True)
        self._text = tk.Text(
            frame, width=58, height=24, wrap="word", relief="flat", font=BODY, cursor="arrow"
        )
        scrollbar = ttk.Scrollbar(frame, command=self._text.yview)
        self._text.configure(yscrollcommand=scrollbar.set)
        scrollbar.pack(side="right", fill="y")
        self._text.pack(side="left", fill="both", expand=True)

    def _insert_terms(self) -> None:
        text, colours = self._text, palette(self)
        text.configure(background=colours.background, foreground=colours.text)
        text.configure(padx=scaled(self, 10), pady=scaled(self, 6))
        text.tag_configure("term", font=STRONG, spacing1=scaled(self, 8))
        text.tag_configure("highlighted", foreground=colours.accent)
        for term, explanation in TERMS.items():
            text.mark_set(_mark(term), "end-1c")
            text.mark_gravity(_mark(term), "left")
            text.insert("end", f"{term}\n", "term")
            text.insert("end", f"{explanation}\n")
        text.configure(state="disabled")

    def show(self, term: str) -> None:
        """Bring the dialog to the front; scroll to a term and highlight it, if there is one."""
        self.term = term if term in TERMS else ""
        self._text.tag_remove("highlighted", "1.0", "end")
        if self.term:
            self._text.tag_add("highlighted", _mark(term), f"{_mark(term)} lineend")
            self._text.update_idletasks()
            self._text.yview(_mark(term))
        self.lift()


def _mark(term: str) -> str:
    """Return the name of the position of a term in the text."""
    return term.replace(" ", "_")


def show_glossary(widget: tk.Misc, term: str = "") -> Glossary:
    """Open the glossary, or bring the open one to the front, at a term if given."""
    root = widget.winfo_toplevel()
    opened = [child for child in root.winfo_children() if isinstance(child, Glossary)]
    glossary = opened[0] if opened else Glossary(root)
    glossary.show(term)
    return glossary


def link_to_glossary(label: ttk.Label, get_term: Callable[[], str]) -> None:
    """Open the glossary at `get_term()` when a label is clicked, or has the focus on Return."""
    label.configure(cursor="question_arrow", takefocus=True)
    label.bind("<Button-1>", lambda event: show_glossary(label, get_term()))
    label.bind("<Return>", lambda event: show_glossary(label, get_term()))
    label.bind("<FocusIn>", lambda event: label.configure(foreground=palette(label).accent))
    label.bind("<FocusOut>", lambda event: label.configure(foreground=""))
