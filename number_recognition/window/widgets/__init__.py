"""Widgets that several views share: tabs, thumbnails, charts, heatmaps.

Offers Tabs, ScrolledFrame, ThumbnailGrid, Chart (mpl_chart), DrawingDetails, Heatmap.
"""
