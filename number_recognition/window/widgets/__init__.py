"""Widgets that several views use: tabs, thumbnails, heatmaps, menus.

tabs has `Tabs`; scrolled_frame `ScrolledFrame`; thumbnail_grid `ThumbnailGrid`, drawn by
thumbnail_painter (`Thumbnail`) as thumbnail_layout (`Section`) computes it; drawing_details
`DrawingDetails`; heatmaps `Heatmap`; context_menu `ContextMenu`; pictures copies and saves what is
shown; desktop hands files to other programs; tooltip has `Tooltip`.
"""
