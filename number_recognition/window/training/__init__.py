"""The Training view: settings as a form, progress with curves, and the result.

Offers TrainingView (training_view) and, for views with settings of their own, TrainingForm
(training_form, made of the fields in setting_field). Its second page is ProgressPage
(progress_page) with TrainingCurves (training_curves) and TrainingResult (training_result).
"""
