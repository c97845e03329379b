"""The networks: built and loaded by Keras, computed with NumPy.

Offers build and load (keras_network), NumpyNetwork (numpy_network), Prediction (prediction),
predict_in_batches (batches), validate_schedule (settings_checks); inside also Layer (layers),
ACTIVATIONS (activations), the reader of `.keras` files (keras_file) and convolutional networks
(convolution).
"""
