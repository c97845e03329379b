"""The pad and what stands with it: tools, prediction, the steps of preprocessing.

Offers Pad (canvas), Toolbar, PredictionPanel, PreprocessingStrip.
"""
