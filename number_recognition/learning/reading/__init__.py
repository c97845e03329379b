"""Reading of numbers: candidates for digits, scored by the network, and the best path through them.

Offers Reading and ReadDigit (reading), best_path (lattice), DrawingReader (drawing_reader),
read_image_in_steps (image_reader), set_right (turned_pages); read_images with its ReadImage,
predict_batch and read_predicted (batches).
"""
