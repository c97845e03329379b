"""Windows that benchmarks open: each module does something in one and notes what it saw.

`probe` is the window, `window_probe`, `use_probe` and `visit_probe` are run in processes of their
own (see `probing`), and the others are the steps that these take.
"""
