"""A drawing as the strokes of a pen: edited, rasterized, varied, read and written.

Offers Drawing and History (drawing), normalize_strokes and read_strokes (strokes),
rasterize (rasterize), Variation (variation).
"""
