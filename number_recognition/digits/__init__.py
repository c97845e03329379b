"""From a pen or a picture to the 28 × 28 pixels that a network reads, and the data sets.

Neither Tk nor Keras: NumPy and Pillow. Packages: drawing, images, datasets, corrections.
"""
