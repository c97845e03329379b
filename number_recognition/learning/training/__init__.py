"""The training of a network, epoch by epoch, with checkpoints.

Offers train (training), TrainingResult (trainer), Checkpoint (checkpoints), calibrate
(calibration). Inside: the loop (trainer), the stages of a training (stages, stage_runner), the
training step (train_state, optimizers), validation, progress reports (epoch_report), TensorBoard's
event files (tensorboard).
"""
