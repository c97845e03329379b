"""How a dense network learns and is evaluated. With Recognition.py, all that knows Keras.

Packages: models, data, training, fine_tuning, evaluation, runs, sweeps.
"""
