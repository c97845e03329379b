"""Used by every other package: progress reports, the worker process, formatting.

Offers Progress and ProgressTimer (progress), WorkerProcess (worker), pluralize and percent
(formatting).
"""
