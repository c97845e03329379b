"""What stays from one start of the window to the next.

preferences has `Preferences`, the settings of config.json, which a person makes; window_state
`WindowState`, what the window remembers by itself in window.json; accuracies what networks reached
on MNIST.
"""
