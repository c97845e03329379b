"""The networks: built and loaded by Keras, computed by NumPy, explained.

Offers build and load (keras_network), NumpyNetwork (numpy_network), Prediction (prediction),
find_counterfactual (explanation), validate_schedule (settings_checks).
"""
