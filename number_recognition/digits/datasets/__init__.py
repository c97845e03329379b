"""Data sets: MNIST, morphs between its digits, synthetic digits, counterexamples, UNIPEN.

Offers fetch and load (mnist), morphs (morphing), synthetic_drawings (synthetic), drawings that are
not a digit (counterexamples, letters, blank_images), slashed zeros (slashed_zeros) and
read_characters (unipen, unipen_format).
"""
