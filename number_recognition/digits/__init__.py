"""Digits: drawings, images, data sets and kept corrections.

Packages: drawing (strokes, rasterized), images (image files, framed to 28 × 28 pixels), cleaning
(pictures that need it, with OpenCV), segmentation (where one digit ends), datasets (MNIST, synthetic
digits, counterexamples, UNIPEN) and corrections (kept drawings). All but cleaning need NumPy and
Pillow alone.
"""
