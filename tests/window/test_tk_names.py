"""No widget of the window redefines a method of Tk by accident."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
import tkinter as tk
from collections.abc import Iterator

import number_recognition.window as window_package

OVERRIDES = {
    "busy": "whether a view has work; Tk has the name since Python 3.13, for a cursor",
    "destroy": "Tk calls it when a widget ends; timers and jobs end with it",
    "report_callback_exception": "Tk calls it for an exception in a callback",
}
"""Methods that are meant to replace Tk's own, and why."""


def widget_classes() -> Iterator[type[tk.Misc]]:
    """All widget classes of the window."""
    for module in pkgutil.walk_packages(window_package.__path__, f"{window_package.__name__}."):
        importlib.import_module(module.name)
    pending: list[type[tk.Misc]] = [tk.Misc]
    found: set[type[tk.Misc]] = set()
    while pending:
        for subclass in pending.pop().__subclasses__():
            if subclass not in found:
                found.add(subclass)
                pending.append(subclass)
    return (one for one in found if one.__module__.startswith(window_package.__name__))


def public_names(widget_class: type[tk.Misc]) -> set[str]:
    """The methods of a class and the attributes that its methods set."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(widget_class)))
    attributes = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == "self"
    }
    return {name for name in {*vars(widget_class), *attributes} if not name.startswith("_")}


def tk_names(widget_class: type[tk.Misc]) -> set[str]:
    """The names that Tk's own classes give a widget."""
    bases = (base for base in widget_class.__mro__ if base.__module__.startswith("tkinter"))
    return {name for base in bases for name in vars(base)}


def test_no_widget_redefines_a_method_of_tk_by_accident() -> None:
    classes = list(widget_classes())
    assert tk.Misc not in classes and len(classes) > 20
    redefined = {
        f"{widget_class.__module__}.{widget_class.__name__}.{name}"
        for widget_class in classes
        for name in public_names(widget_class) & tk_names(widget_class) - set(OVERRIDES)
    }
    assert not redefined
