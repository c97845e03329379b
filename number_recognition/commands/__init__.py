"""The command line: predict, evaluate, train, experiment, fine-tune, without a window.

Offers parser (options) and one function for each command in a file of its name.
"""
