"""The Results view: confusion matrix, the images of each cell, calibration.

Offers ResultsView (results_view). Its parts: Evaluations (evaluations), SourceBar (source_bar),
ResultTabs (result_tabs) with ConfusionMatrix (confusion_matrix), CellImages (cell_images) and the
plots (plots).
"""
