"""The pad, its tools, and the steps of the preprocessing.

canvas has `Pad`, drawn by rendering (`PadRenderer`); motion_events makes Tk deliver every motion;
toolbar has `Toolbar`; preprocessing_strip `PreprocessingStrip`, with the images of
preprocessing_images; live_prediction `LivePrediction`.
"""
