"""Fine-tuning: training on corrections without forgetting the original task.

Offers fine_tune (fine_tuning), fine_tune_job (fine_tune_job), FineTuningReport (report) and
list_versions (version_store). Samples come from fine_tuning_data and rehearsal; split_network,
weight_interpolation and writer_transform are the parts of the method.
"""
