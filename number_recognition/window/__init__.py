"""What people see and touch: the only package that knows Tk.

Offers open_window (app). Packages: toolkit, widgets, pad, dialogs, and one for each view.
"""
