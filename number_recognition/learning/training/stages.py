"""The stages of a training: a convolution and teachers may be trained before the dense network."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from number_recognition.learning.models import convolution, keras_network
from number_recognition.learning.models.settings_checks import TEACHER_COST, TEACHING_COST
from number_recognition.storage.settings import TrainingSettings

_BUILDERS = {
    "convolution": convolution.build,
    "teacher": convolution.build_teacher,
    "dense": keras_network.build,
}
_EPOCH_COSTS = {"convolution": 0.7, "teacher": TEACHER_COST, "dense": 1.0}
"""Approximate time of an epoch, that of a dense one without teachers being 1."""


@dataclass(frozen=True)
class Stage:
    """So many epochs of one network: "convolution", "teacher" or "dense"."""

    kind: str
    epochs: int
    seed: int

    def build(self, settings: TrainingSettings, precision: str = "float32") -> keras.Sequential:
        """Build the network of the stage, with its initial weights."""
        return _BUILDERS[self.kind](settings, precision, self.seed)


class Stages:
    """All stages of a training in order; the last ones train the dense network.

    With restarts of the learning rate there are several dense stages, each of which continues from
    the weights of the one before.

    Source of the restarts: I. Loshchilov, F. Hutter, "SGDR: Stochastic gradient descent with warm
    restarts", 2017.
    """

    def __init__(self, settings: TrainingSettings) -> None:
        earlier: list[Stage] = []
        if settings.convolution_epochs:
            earlier.append(Stage("convolution", settings.convolution_epochs, settings.seed))
            earlier += [
                Stage("teacher", settings.teacher_epochs, settings.seed + index + 1)
                for index in range(settings.teachers)
            ]
        epochs = settings.epochs - sum(stage.epochs for stage in earlier)
        rounds = settings.restarts + 1
        dense = [
            Stage("dense", epochs // rounds + (i < epochs % rounds), settings.seed)
            for i in range(rounds)
        ]
        self._stages = [*earlier, *dense]
        dense_cost = _EPOCH_COSTS["dense"] + TEACHING_COST * settings.teachers
        self._epoch_costs = {**_EPOCH_COSTS, "dense": dense_cost}

    def __getitem__(self, index: int) -> Stage:
        return self._stages[index]

    def index_after(self, epochs: int) -> int:
        """Return the index of the stage that follows after so many epochs in all."""
        for index, stage in enumerate(self._stages[:-1]):
            epochs -= stage.epochs
            if epochs < 0:
                return index
        return len(self._stages) - 1

    def part_done(self, epochs: float) -> float:
        """Return the part of the work that is done after so many epochs in all, from 0 to 1."""
        done = total = 0.0
        for stage in self._stages:
            stage_epochs = min(max(epochs, 0.0), stage.epochs)
            done += self._epoch_costs[stage.kind] * stage_epochs
            total += self._epoch_costs[stage.kind] * stage.epochs
            epochs -= stage.epochs
        return done / total
