"""Drawings: the strokes of a pen, edited, rasterized, varied, read from files and written.

Offers Drawing and Stroke (drawing), LabelledDrawing, normalize_strokes, fit_to_canvas and erase
(strokes), read_strokes and format_line (stroke_files), rasterize (rasterize), frame_drawing
(frame_drawing), IncrementalRasterizer (incremental), Variation, vary and render_samples
(variation).
"""
