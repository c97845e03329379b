"""The networks: built and loaded by Keras, computed with NumPy.

Offers build and load (keras_network), NumpyNetwork (numpy_network), Prediction (prediction),
predict_in_batches (batches), validate_schedule (settings_checks); inside also Layer (layers),
ACTIVATIONS (activations), read_network and read_legacy_network (keras_file) with what they check
(network_config) and build (layer_builder), and convolutional networks (convolution).
"""
