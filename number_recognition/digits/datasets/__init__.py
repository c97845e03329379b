"""Data sets of digits: MNIST, morphs between its digits, and synthetic digits.

Offers fetch and load (mnist), morphs (morphing), synthetic_drawings (synthetic).
"""
