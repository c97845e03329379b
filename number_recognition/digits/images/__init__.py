"""Images of digits: opened safely, cleaned, and framed like MNIST's digits.

Offers frame and Frame (frame), open_image, read_pixels and list_images (image_files), and the
formats that are read (image_formats).
"""
