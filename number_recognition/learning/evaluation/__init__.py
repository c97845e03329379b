"""Evaluation: accuracy, confusion matrix and calibration of a network on labelled samples.

Offers Evaluation and evaluate (metrics), evaluate_job with its EvaluationResult (evaluate_job),
Labels and Score of pictures (picture_labels).
"""
