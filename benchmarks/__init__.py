"""Accuracy, speed and faults: each benchmark prints a table, and JSON with --json.

Each module here is run with `python -m benchmarks.NAME`, save `trainings`, which `accuracy` uses.
What they share is in `probes` (windows), `samples` (images) and `tables`; `faults` is one of them.
"""
