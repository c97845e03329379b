"""Pictures are cleaned before they are framed: even light, and nothing but the digits' ink.

Offers clean_picture (picture). Most pictures need none of it, which `plain` tells with NumPy alone.
Light (background), printed lines (lines, dotted, squares) and what stands apart (clutter) are found
with OpenCV.
"""
