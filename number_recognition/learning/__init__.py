"""Training, evaluation and explanation of networks; with Recognition.py, all that uses Keras.

Packages: models, data, training, fine_tuning, evaluation, explanation, runs, sweeps. Also quiet
imports of TensorFlow (tensorflow_setup), and the import of images as a job (import_job).
"""
