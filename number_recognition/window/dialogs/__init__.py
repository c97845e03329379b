"""Dialogs: help, glossary, the result of a fine-tuning, versions of the network, skipped files.

Offers a function or a class for each, in a file of its name.
"""
