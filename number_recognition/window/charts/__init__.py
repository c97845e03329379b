"""Plots by Matplotlib with what people expect of plots: zoom, values, pictures, a menu.

figure_frame has `FigureFrame`; mpl_chart `Chart`; line_chart `LineChart`, whose lines can be hidden
and read, on the scales of scales. What a chart can do (actions) is offered by its menu (chart_menu)
and by the pointer (pointing); zoom has the limits of its axes, point_reading the value below the
pointer, plot_file writes plots to files.
"""
