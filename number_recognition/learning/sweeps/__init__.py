"""Sweeps: many trainings with different settings, on this machine or on a cluster.

Offers run_sweep and combinations (sweep), Sweep with new_sweep and read_sweep (sweep_file), RunSpec
and Outcome (run_spec), and their training (spec_training). executor is the interface to its
workers, with processes of this machine; dask_executor and dask_worker are those of a Dask cluster.
"""
