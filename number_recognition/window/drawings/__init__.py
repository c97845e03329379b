"""The Drawings view: all kept drawings, to relabel, delete, restore and import.

Offers DrawingsView (drawings_view). Its parts: FilterBar (filter_bar), DrawingImports (imports),
texts (descriptions).
"""
