"""Digits: drawings, images, data sets and kept corrections, with NumPy and Pillow alone.

Packages: drawing (strokes, rasterized), images (image files, framed to 28 × 28 pixels), datasets
(MNIST, synthetic digits, counterexamples, UNIPEN) and corrections (kept drawings).
"""
