"""How the main window is divided.

main_layout has `MainLayout`: the `PadColumn` of pad_column, with the tools and the answer, the
`Sash`, which is the splitter, and the `ViewTabs` of view_tabs. enlarging has `Enlarging`, which
lets a view or a plot fill the window; placement what the window remembers of its size and place.
"""
