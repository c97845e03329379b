"""Images that benchmarks make: numbers of several digits, clutter and light on pictures, paper.

`sample_images` draws those of images/testing.
"""
