"""The Robustness view: how the prediction changes when the drawing is perturbed.

Offers RobustnessView (robustness_view) and its chart, RobustnessChart (robustness_chart).
"""
