"""Learning from corrections without forgetting what the network knows.

Offers fine_tune (fine_tuning) and fine_tune_job with its FineTuningReport (fine_tune_job).
"""
