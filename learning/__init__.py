"""How a dense network learns and is judged: the only room, with Recognition.py, that knows Keras."""
