"""Widgets that several views use: tabs, thumbnails, charts, heatmaps.

tabs has `Tabs`; scrolled_frame `ScrolledFrame`; thumbnail_grid `ThumbnailGrid`, drawn by
thumbnail_painter (`Thumbnail`) as thumbnail_layout (`Section`) computes it; drawing_details
`DrawingDetails`; heatmaps `Heatmap`; mpl_chart `Chart` (Matplotlib); plot_file its file dialog.
"""
