"""Digits: drawings, images, data sets and kept corrections.

Packages: drawing (strokes, rasterized), images (image files, framed to 28 × 28 pixels), cleaning
(pictures that need it), segmentation (where one digit ends and the next begins), datasets (MNIST,
synthetic digits, counterexamples, UNIPEN) and corrections (kept drawings). All need NumPy and
Pillow alone, but for pictures that hold more than clean ink: for these, OpenCV is imported.
"""
