"""How the main window is divided.

pad_column has `PadColumn`, the pad with its tools and the answer; sash `Sash`, the splitter between
it and the views; enlarging `Enlarging`, which lets a view or a plot fill the window; placement what
the window remembers of its size and its place.
"""
