"""Samples to learn from and to validate on, their batches and their augmentation.

Offers Samples, DataPaths and gather (samples), Batches (batches), augment (augmentation).
"""
