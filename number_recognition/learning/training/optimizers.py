"""Keras optimizers with the learning rate schedules of the settings."""

from __future__ import annotations

import keras

from number_recognition.storage.settings import TrainingSettings

_OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "nadam": keras.optimizers.Nadam,
}


def build_optimizer(
    settings: TrainingSettings, steps: int, learning_rate: float
) -> keras.optimizers.Optimizer:
    """Build the optimizer of the settings, with its learning rate schedule over so many steps."""
    options: dict[str, float | None] = {"weight_decay": settings.weight_decay or None}
    if settings.optimizer == "sgd":
        options["momentum"] = 0.9
    schedule = _build_schedule(settings.learning_rate_schedule, steps, learning_rate)
    return _OPTIMIZERS[settings.optimizer](schedule, **options)


def _build_schedule(
    name: str, steps: int, learning_rate: float
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """A constant, a linear decay, or a cosine decay after a short warm-up."""
    if name == "constant":
        return learning_rate
    if name == "linear":
        return keras.optimizers.schedules.PolynomialDecay(
            learning_rate, steps, end_learning_rate=learning_rate / 1000
        )
    warmup_steps = min(steps // 20, 500)
    if not warmup_steps:
        return keras.optimizers.schedules.CosineDecay(learning_rate, max(1, steps), alpha=0.001)
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / 20,
        max(1, steps - warmup_steps),
        alpha=0.02,
        warmup_target=learning_rate,
        warmup_steps=warmup_steps,
    )
