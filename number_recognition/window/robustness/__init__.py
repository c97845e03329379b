"""The Robustness view: how the prediction changes as the drawing is moved, turned or roughened.

Offers RobustnessView (robustness_view).
"""
