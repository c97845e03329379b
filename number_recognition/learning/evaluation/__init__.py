"""How right a network is: accuracy, confusion matrix, calibration.

Offers Evaluation (metrics) and evaluate_job with its EvaluationResult (evaluate_job).
"""
