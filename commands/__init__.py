"""The command line: what the window does, for scripts, on machines without a display."""
