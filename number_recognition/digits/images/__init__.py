"""Images of digits: opened safely, cleaned, and framed like MNIST's digits.

Offers frame and Frame (frame), open_image, open_pages and read_pixels (image_files), Page (pages),
list_images and walk_images (image_lists), and the formats that are read (image_formats).
"""
