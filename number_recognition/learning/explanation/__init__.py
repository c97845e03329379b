"""Explanations of what a dense network answers, computed with NumPy alone.

Offers gradient and pre_activations (gradients), contributions (attribution), maximize_activation
and most_activating (activation_maximization), find_counterfactual (counterfactual) and
gaussian_blur (smoothing).
"""
