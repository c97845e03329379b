"""The Experiments view: a sweep's settings, all runs in a table, their curves and effects.

Offers ExperimentsView (experiments_view).
"""
