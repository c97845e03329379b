"""Reading of numbers: candidates for digits, scored by the network, and the best path through them.

Offers Reading and ReadDigit (reading), best_path (lattice), DrawingReader and reading_image
(reader); read_images with its ReadImage, predict_batch and read_predicted (batches).
"""
