"""What is kept between two starts: settings, counters, corrections, runs. NumPy and Pillow only."""
