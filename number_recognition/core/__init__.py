"""What every other package may use: progress, the worker process, formatting.

Offers Progress and ProgressTimer (progress), WorkerProcess (worker), pluralize and percent
(formatting).
"""
