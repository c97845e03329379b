"""The Training view: settings as a form, progress with curves, and the result.

Offers TrainingView (training_view).
"""
