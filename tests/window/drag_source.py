"""A window that files are dragged from, as from a file manager: `drag_source.py X Y FILE …`.

It prints "shown", "dragged" once a drag began, "copy" where files are taken, and "dropped".
"""

from __future__ import annotations

import sys
from pathlib import Path

from tkinterdnd2 import COPY, DND_FILES, TkinterDnD


def say(*words: str) -> str:
    """Print the last word; as a script of Tk, give no other cursor."""
    print(words[-1], flush=True)
    return ""


x, y, *names = sys.argv[1:]
files = tuple(Path(name).as_uri() for name in names)
window = TkinterDnD.Tk()
window.geometry(f"80x80+{x}+{y}")
# Tk would send the names as 32-bit numbers, which file managers do not.
window.tk.eval("proc ::tkdnd::xdnd::getFormatForType {type} {return UTF8_STRING}")
window.drag_source_register(1, DND_FILES)
window.dnd_bind("<<DragInitCmd>>", lambda event: (say("dragged"), (COPY, DND_FILES, files))[1])
window.dnd_bind("<<DragEndCmd>>", lambda event: say("dropped"))
window.tk.call("bind", window, "<<DragCursorFeedback>>", window.register(say))
window.wait_visibility()
window.after_idle(say, "shown")
window.mainloop()
