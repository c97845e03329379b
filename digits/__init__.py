"""From a pen to 28 × 28 pixels, and the data: Pillow and NumPy, neither Tk nor Keras."""
