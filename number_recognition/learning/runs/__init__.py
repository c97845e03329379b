"""Runs: each training with its settings, history and network in a folder of its own.

Offers train_run, resume_run and Run (runs), list_runs (run_list), read_summary (run_files),
display_name (display_names).
"""
