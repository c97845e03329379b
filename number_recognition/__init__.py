"""Everything of the program but its two entry points, Main.py and Recognition.py.

From the top down: window and commands, session, (Recognition.py), learning, digits, storage, core.
Imports go down only.
"""

VERSION = "0.1.0"
"""As in pyproject.toml."""
