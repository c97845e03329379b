"""A dialog with the files that were skipped, and why."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.core.progress import Progress
from number_recognition.window.toolkit.theme import BODY, center_over, dialog_size, scaled
from number_recognition.window.toolkit.view import View


def show_skipped_files(parent: tk.Misc, reasons: list[str]) -> tk.Toplevel:
    """Open a dialog that lists the reasons, one on each line."""
    root = parent.winfo_toplevel()
    dialog = tk.Toplevel(root)
    dialog.title("Skipped files")
    dialog.transient(root)
    frame = ttk.Frame(dialog, padding=scaled(root, 12))
    frame.pack(fill="both", expand=True)
    text = tk.Text(frame, width=1, height=1, wrap="word", relief="flat", font=BODY)
    text.insert("1.0", "\n".join(reasons))
    text.configure(state="disabled")
    scrollbar = ttk.Scrollbar(frame, command=text.yview)
    text.configure(yscrollcommand=scrollbar.set)
    scrollbar.pack(side="right", fill="y")
    text.pack(side="left", fill="both", expand=True)
    text.focus_set()
    dialog.bind("<Escape>", lambda event: dialog.destroy())
    dialog.geometry(dialog_size(root, 720, 400))
    center_over(dialog, root)
    return dialog


def notify_skipped(view: View, progress: Progress) -> None:
    """Show as an error what a job has skipped, if its progress report lists any."""
    reasons = progress.details.get("skipped")
    if reasons:
        message = f"{progress.message[:1].upper()}{progress.message[1:]}: {reasons[0]}"
        why = ("Show why", lambda: show_skipped_files(view, reasons))
        view.context.notify(message, why, warning=True)
