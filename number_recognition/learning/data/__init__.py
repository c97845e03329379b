"""Samples for training and validation, their batches and their augmentation.

Offers Samples and DataPaths (samples), gather (gather), Batches (batches), augment (augmentation);
inside also a function for each source of samples (sources).
"""
