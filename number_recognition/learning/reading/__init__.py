"""Reading of numbers: candidates for digits, scored by the network, and the best path through them.

Offers Reading and ReadDigit (reading), best_path (lattice), read_drawing and read_image (reader).
"""
