"""The Results view: confusion matrix, the images of each cell, calibration.

Offers ResultsView (results_view).
"""
