"""The training of a network, epoch by epoch, with checkpoints.

Offers train (training), Trainer (trainer), Checkpoint (checkpoints), calibrate (calibration).
"""
