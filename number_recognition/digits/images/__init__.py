"""Images of digits: opened safely, cleaned, and framed as MNIST frames its digits.

Offers frame and Frame (frame), open_image and read_pixels (image_files). Photos and scans are
cleaned (cleaning): their light is evened (background), boxes and lines go (clutter).
"""
