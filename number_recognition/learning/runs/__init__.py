"""Runs: each training with its settings, history and network in a folder of its own.

Offers train_run and resume_run (training_job), Run (run), list_runs (run_list), list_interrupted
(unfinished_runs), load_recipe (recipes), read_summary (run_files), display_name (display_names),
and describe_time, how long a training takes (estimates).
"""
