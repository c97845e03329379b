"""How a dense network learns and is judged; with Recognition.py all that knows Keras."""
