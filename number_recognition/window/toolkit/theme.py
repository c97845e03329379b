"""Colours, fonts and sizes of the window."""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import sys
import tkinter as tk
from dataclasses import dataclass
from tkinter import font as tkfont
from tkinter import ttk

import sv_ttk


@dataclass(frozen=True)
class Palette:
    """Colours of a theme. `paper` and `ink` are grey values from 0 to 255, for Pillow."""

    background: str
    text: str
    faint: str
    accent: str
    track: str
    warning: str
    paper: int
    ink: int

    @functools.cached_property
    def shades(self) -> list[int]:
        """The grey value on the screen of each amount of ink from 0 to 255."""
        step = (self.ink - self.paper) / 255
        return [round(self.paper + step * amount) for amount in range(256)]


PALETTES = {
    "light": Palette("#fafafa", "#1c1c1c", "#5f5f5f", "#005fb8", "#e6e6e6", "#b3261e", 255, 20),
    "dark": Palette("#1c1c1c", "#fafafa", "#a8a8a8", "#57c8ff", "#383838", "#ff9a8f", 38, 245),
}

# Heights in pixels at 96 dpi. The fonts named "SunValley…" belong to the theme.
_FONT_HEIGHTS = {
    "SunValleyCaptionFont": 12,
    "SunValleyBodyFont": 14,
    "SunValleyBodyStrongFont": 14,
    "SunValleyBodyLargeFont": 18,
    "SunValleySubtitleFont": 20,
    "SunValleyTitleFont": 28,
    "TkDefaultFont": 14,
    "TkTextFont": 14,
    "TkMenuFont": 14,
    "TkHeadingFont": 14,
    "TkTooltipFont": 12,
    "TkFixedFont": 14,
    "DigitFont": 72,
}
_BOLD_FONTS = ("SunValleyBodyStrongFont", "SunValleySubtitleFont", "SunValleyTitleFont")

LEAST_SCREEN = (640, 440)
"""Width and height of the smallest screen, in pixels at 96 dpi."""

CAPTION, BODY, STRONG = "SunValleyCaptionFont", "SunValleyBodyFont", "SunValleyBodyStrongFont"
BODY_LARGE, DIGIT = "SunValleyBodyLargeFont", "DigitFont"

# The least width and height of what Tk repeats of an image to fill a widget with, in pixels.
_REPEATED = 128, 48


def enable_high_dpi() -> None:
    """Tell Windows not to scale the window as a bitmap; call it before creating a Tk object."""
    if sys.platform == "win32":
        import ctypes

        with contextlib.suppress(AttributeError, OSError):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)


def set_scaling(root: tk.Tk, scaling: float | None = None) -> None:
    """Set how many pixels a point has, by default as many as on the screen.

    They are fewer where the screen has too many dpi for its size in pixels: at 96 dpi, the smallest
    screen that the window fits has `LEAST_SCREEN` pixels.
    """
    if scaling is not None:
        root.tk.call("tk", "scaling", scaling)
    width, height = root.winfo_screenwidth(), root.winfo_screenheight()
    most = max(1.0, min(width / LEAST_SCREEN[0], height / LEAST_SCREEN[1]))
    if root.winfo_fpixels("1i") > most * 96:
        root.tk.call("tk", "scaling", most * 96 / 72)


def scaled(widget: tk.Misc, pixels: float) -> int:
    """Convert a length in pixels at 96 dpi to pixels of this screen."""
    return max(1, round(pixels * widget.winfo_fpixels("1i") / 96))


def text_scale(widget: tk.Misc) -> float:
    """Return how many times larger than its default size text is."""
    return -int(tkfont.nametofont(BODY, widget)["size"]) / scaled(widget, _FONT_HEIGHTS[BODY])


def scaled_by_text(widget: tk.Misc, pixels: float) -> int:
    """Convert a length in pixels at 96 dpi to this screen and the current text size."""
    return scaled(widget, pixels * text_scale(widget))


def text_width(widget: tk.Misc, characters: int) -> int:
    """Return the width of a line of text in pixels."""
    return characters * tkfont.nametofont(BODY, widget).measure("n")


def enlarged(widget: tk.Misc, name: str, factor: float) -> tuple[str, int, str]:
    """Return a font of the theme in so many times its size."""
    font = tkfont.nametofont(name, widget)
    return font.actual("family"), round(factor * int(font["size"])), font.actual("weight")


def wrap_to_width(label: ttk.Label) -> None:
    """Wrap the text of a label at the width of the label."""
    label.bind("<Configure>", lambda event: label.configure(wraplength=event.width))


def dialog_size(root: tk.Misc, width: float, height: float) -> str:
    """Return the size of a dialog for its geometry, no larger than the screen has room for.

    Width and height are in pixels at 96 dpi and at the usual size of text.
    """
    most = root.winfo_screenwidth(), root.winfo_screenheight() - scaled(root, 60)
    sides = scaled_by_text(root, width), scaled_by_text(root, height)
    return f"{min(sides[0], most[0])}x{min(sides[1], most[1])}"


def center_over(dialog: tk.Toplevel, root: tk.Misc) -> None:
    """Place a dialog in the middle of the main window, within the screen if it fits."""
    dialog.update_idletasks()
    size = re.match(r"([0-9]+)x([0-9]+)", dialog.geometry())
    width, height = (int(size[1]), int(size[2])) if size else (1, 1)
    if width < 2 or height < 2:  # not mapped yet, and no size of its own
        width, height = dialog.winfo_reqwidth(), dialog.winfo_reqheight()
    left = root.winfo_rootx() + (root.winfo_width() - width) // 2
    top = root.winfo_rooty() + (root.winfo_height() - height) // 2
    left = max(0, min(left, root.winfo_screenwidth() - width))
    top = max(0, min(top, root.winfo_screenheight() - height))
    dialog.geometry(f"+{left}+{top}")


def palette(widget: tk.Misc) -> Palette:
    """Return the colours of the current theme."""
    return PALETTES["dark" if "dark" in ttk.Style(widget).theme_use() else "light"]


def apply_theme(root: tk.Tk, theme: str, zoom: float) -> None:
    """Apply a theme, "light" or "dark", and a text size to the window."""
    if "DigitFont" not in tkfont.names(root):
        tkfont.Font(root, name="DigitFont", exists=False, family=_family(root)).delete_font = False
    _load_theme(root, f"sun-valley-{theme}")
    sv_ttk.set_theme(theme, root)
    _set_fonts(root, zoom)
    _set_styles(root)


def _load_theme(root: tk.Tk, name: str) -> None:
    """Load a theme of sv_ttk with larger images of the same look; the other one when it is used.

    Tk fills a widget by repeating the middle of an image, and waits for the X server at each
    repetition: with the few pixels that the theme's images have there, a table needs a thousand.
    """
    is_loaded = "sun-valley-light" in ttk.Style(root).theme_names()
    if is_loaded and not root.tk.getboolean(root.tk.eval(f"info exists ::settings_of({name})")):
        return
    root.tk.createcommand("larger_images", functools.partial(_with_larger_images, root))
    root.tk.eval("""
        rename ttk::style ttk::style_of_tk
        proc ttk::style {args} {
            if {[lrange $args 0 1] eq {theme create}} {
                set name [lindex $args 2]
                set settings [list ttk::style theme settings $name [lindex $args end]]
                set ::settings_of($name) [list [uplevel 1 namespace current] $settings]
                set args [lrange $args 0 end-2]
            }
            uplevel 1 [list ttk::style_of_tk {*}[larger_images {*}$args]]
        }
    """)
    try:
        if not is_loaded:
            sv_ttk.get_theme(root)
        root.tk.eval(f"namespace eval {{*}}$::settings_of({name}); unset ::settings_of({name})")
    finally:
        root.tk.eval("rename ttk::style {}; rename ttk::style_of_tk ttk::style")
        root.tk.deletecommand("larger_images")


def _with_larger_images(root: tk.Tk, *arguments: str) -> tuple[str | tuple[str, ...], ...]:
    """Return the arguments of `ttk::style`, those of an image element with larger images."""
    if arguments[:2] != ("element", "create") or arguments[3] != "image":
        return arguments
    words = root.tk.splitlist(arguments[4])
    options = dict(zip(arguments[5::2], arguments[6::2], strict=True))
    border = [int(each) for each in root.tk.splitlist(options.get("-border", "0"))]
    left, top, right, bottom = (border * 4)[:4]  # of one value, two or four
    sides = set(options.get("-sticky", "nsew"))
    across = (left, right, _REPEATED[0] if {"e", "w"} <= sides else 0)
    down = (top, bottom, _REPEATED[1] if {"n", "s"} <= sides else 0)
    # Images stand first and after each state; the first one gave the element its least size.
    places = {0, *range(2, len(words), 2)}
    images = [
        _enlarge(root, each, across, down) if i in places else each for i, each in enumerate(words)
    ]
    for option, side in ("-width", "width"), ("-height", "height"):
        options.setdefault(option, str(root.tk.call("image", side, words[0])))
    return (*arguments[:4], tuple(images), *itertools.chain(*options.items()))


def _enlarge(root: tk.Tk, image: str, *borders_and_least: tuple[int, int, int]) -> str:
    """Return an image with its middle repeated.

    Across and down: what is not repeated before and after the middle, and the least size of the
    new middle, in pixels.
    """
    pieces = []
    for (before, after, least), side in zip(borders_and_least, ("width", "height"), strict=True):
        size = root.tk.getint(root.tk.call("image", side, image))
        end = size - after
        middle = end - before
        added = (-(-least // middle) - 1) * middle if 0 < middle < least else 0
        spans = (
            (0, before, 0, before),
            (before, end, before, end + added),
            (end, size, end + added, size + added),
        )
        pieces.append([span for span in spans if span[0] < span[1]])
    if all(span[:2] == span[2:] for spans in pieces for span in spans):
        return image
    larger = str(root.tk.call("image", "create", "photo"))
    for (x0, x1, new_x0, new_x1), (y0, y1, new_y0, new_y1) in itertools.product(*pieces):
        source, target = (x0, y0, x1, y1), (new_x0, new_y0, new_x1, new_y1)
        root.tk.call(larger, "copy", image, "-from", *source, "-to", *target)
    return larger


def _family(root: tk.Tk) -> str:
    return tkfont.nametofont("TkDefaultFont", root).actual("family")


def _set_fonts(root: tk.Tk, zoom: float) -> None:
    family = _family(root)
    for name, height in _FONT_HEIGHTS.items():
        font = tkfont.nametofont(name, root)
        # The digit is large enough: with large text the bars below it need the space.
        factor = min(zoom, 1.25) if name == DIGIT else zoom
        font.configure(size=-scaled(root, height * factor))
        if name.startswith("SunValley") and not font.actual("family").startswith("Segoe"):
            font.configure(family=family, weight="bold" if name in _BOLD_FONTS else "normal")


def _set_styles(root: tk.Tk) -> None:
    style, colours = ttk.Style(root), palette(root)
    line = tkfont.nametofont(BODY, root).metrics("linespace")
    style.configure("Treeview", rowheight=line + scaled(root, 8))
    style.configure("Heading.TLabel", font=STRONG)
    style.configure("Faint.TLabel", font=CAPTION, foreground=colours.faint)
    style.configure("Digit.TLabel", font=DIGIT, foreground=colours.text)
    style.configure(
        "Large.Accent.TButton", font=BODY_LARGE, padding=scaled(root, 14), justify="center"
    )
    style.configure("Warning.TLabel", foreground=colours.warning)
    _set_tabs(root, style, colours is PALETTES["dark"])
    _set_menu_marks(root, colours)
    root.configure(background=colours.background)


def _set_menu_marks(root: tk.Tk, colours: Palette) -> None:
    """Marks of menus in the colour of their text: the theme's are white on pale grey.

    The theme colours the menus there are in a binding of its own; later ones take the option.
    """
    root.option_add("*Menu.selectColor", colours.text)
    mark = "if {[winfo exists %W]} {%W configure -selectcolor [%W cget -foreground]}"
    bound = str(root.tk.call("bind", "Menu", "<<ThemeChanged>>"))
    if mark not in bound:
        # Before the theme's script, whose end fails for menus, and idle, so that it acts after it.
        root.tk.call("bind", "Menu", "<<ThemeChanged>>", f"after idle {{{mark}}}\n{bound}")


def _set_tabs(root: tk.Tk, style: ttk.Style, dark: bool) -> None:
    """Styles of `window.widgets.tabs`: buttons that look like tabs, a notebook without tabs."""
    style.layout("Bare.TNotebook.Tab", [])
    style.layout("Tab.TRadiobutton", style.layout("TNotebook.Tab"))
    accent = style.lookup("TNotebook.Tab", "focuscolor")
    style.configure("Tab.TRadiobutton", padding=(-6, -4), focuscolor=accent)
    for name in ("Tab.TButton", "Tab.TMenubutton"):  # as high as titles
        style.configure(name, padding=(scaled(root, 8), 0))
    style.configure("TabBar.TFrame", background="#2f2f2f" if dark else "#e7e7e7")
