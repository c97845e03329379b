"""What all parts of the window use: theme, shortcuts, background work, the clipboard.

theme has `apply_theme` and `scaled`; shortcuts the table `COMMANDS`, `bind_keys` and `MenuBar`;
view_keys `bind_view_keys`; view the base class `View` and `EmptyPage`, which covers a view without
content, app_context what it is given; job_runner `JobRunner` (one job in a process);
background_work `BackgroundThread` (files, in a thread); idle_work `IdleTask` (slices in Tk's
thread); timer `Timer`; clipboard `copy_image` and `paste_image`; focus where Tab goes, and
`FocusRing`.
"""
