"""The window: the only package that imports Tk.

Offers open_window (app). The main window: app, status_bar, command_state; the commands of its
menus: draw_menu, edit_menu, image_menu, model_menu, view_menu, help_menu. Packages: toolkit,
widgets, charts, layout, pad, prediction, settings, dialogs, and one for each view.
"""
