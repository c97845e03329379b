"""What every part of the window uses: theme, shortcuts, slow work, the clipboard.

Offers JobRunner (job_runner), IdleTask (idle_work), View (view), apply and scaled (theme),
COMMANDS (shortcuts).
"""
