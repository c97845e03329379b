"""Accuracy and speed: each prints a table, and JSON with --json."""
