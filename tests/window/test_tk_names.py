"""No widget of the window replaces a method of Tk, or what its base has, by accident."""

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


def attributes(widget_class: type[tk.Misc]) -> set[str]:
    """The attributes that the methods of a class set."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(widget_class)))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == "self"
    }


def own_names(widget_class: type[tk.Misc]) -> set[str]:
    """The methods of a class and the attributes that its methods set."""
    names = {*vars(widget_class), *attributes(widget_class)}
    return {name for name in names if not name.startswith("__")}


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
        for name in own_names(widget_class) & tk_names(widget_class) - set(OVERRIDES)
    }
    assert not redefined


def test_no_widget_uses_an_attribute_that_its_base_uses_for_something_else() -> None:
    """A second timer of this name would cancel the first."""
    classes = set(widget_classes())
    used_twice = {
        f"{widget_class.__module__}.{widget_class.__name__}.{name}"
        for widget_class in classes
        for base in classes.intersection(widget_class.__mro__[1:])
        for name in attributes(widget_class) & attributes(base)
        if name.startswith("_")
    }
    assert not used_twice
