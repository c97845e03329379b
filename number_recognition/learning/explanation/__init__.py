"""Explanations of what a dense network answers, computed with NumPy alone.

Offers gradient and pre_activations (gradients), contributions (attribution), maximize_activation,
response_images and most_activating (activation_maximization), find_feature_maps (feature_maps),
find_counterfactual (counterfactual), typical_digits and gaussian_blur (smoothing).
"""
