"""A list of what was refused and why."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.core.progress import Progress
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.view import View


def show_skipped_files(parent: tk.Misc, reasons: list[str]) -> tk.Toplevel:
    """Show every reason on a line of its own, in a window to scroll through."""
    root = parent.winfo_toplevel()
    dialog = tk.Toplevel(root)
    dialog.title("What was refused, and why")
    dialog.transient(root)
    frame = ttk.Frame(dialog, padding=scaled(root, 12))
    frame.pack(fill="both", expand=True)
    text = tk.Text(frame, width=90, height=18, wrap="word", relief="flat")
    text.insert("1.0", "\n".join(reasons))
    text.configure(state="disabled")
    bar = ttk.Scrollbar(frame, command=text.yview)
    text.configure(yscrollcommand=bar.set)
    bar.pack(side="right", fill="y")
    text.pack(side="left", fill="both", expand=True)
    text.focus_set()
    dialog.bind("<Escape>", lambda event: dialog.destroy())
    return dialog


def notify_skipped(view: View, progress: Progress) -> None:
    """Say in the status what slow work had to leave out, where it reports that."""
    refused = progress.details.get("skipped")
    if refused:
        show = ("Show why", lambda: show_skipped_files(view, refused))
        view.notify(f"{progress.message[:1].upper()}{progress.message[1:]}: {refused[0]}", show)
