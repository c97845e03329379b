"""Runs the stages of a training one after the other: builds each network and passes weights on."""

from __future__ import annotations

import keras
import numpy as np

from number_recognition.learning.data.batches import Batches
from number_recognition.learning.models import convolution
from number_recognition.learning.training.stages import Stages
from number_recognition.learning.training.train_state import TrainState
from number_recognition.storage.settings import TrainingSettings

_DIVISOR_AFTER_CONVOLUTION = 20.0
"""Divides the learning rate of a dense network that continues from a convolution.

At a quarter of the rate the validation loss of the bundled network rose from 0.039 to 0.142, at a
twentieth to 0.119. With batch normalization kept as it was, the training loss rose from 0.031 to
0.058 at a tenth, and to 0.033 at a hundredth; neither answered more validation samples right.
"""


class StageRunner:
    """The stage being trained, and the weights of the stages before it.

    Attributes:
        index: the index of the present stage.
        stage: the present stage.
        state: the network being trained in it.
        finished_weights: the weights of each finished stage's network.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        stages: Stages,
        batches: Batches,
        initial_weights: list[np.ndarray] | None,
    ) -> None:
        """Begin the first stage, with `initial_weights` where there are any."""
        self._settings = settings
        self._stages = stages
        self._batches = batches
        self.finished_weights: list[list[np.ndarray]] = []
        self.begin(0, initial_weights)

    def begin(self, index: int, weights: list[np.ndarray] | None = None) -> None:
        """Begin a stage with these weights, or with its network's initial ones."""
        settings, stage = self._settings, self._stages[index]
        self.index, self.stage = index, stage
        network = stage.build(settings, settings.precision)
        if weights is not None:
            network.set_weights(weights)
        follows_convolution = stage.kind == "dense" and settings.convolution_epochs
        self.state = TrainState(
            network,
            settings,
            self._batches,
            self._batches.steps * stage.epochs,
            self._build_teachers() if stage.kind == "dense" else [],
            _DIVISOR_AFTER_CONVOLUTION if follows_convolution else 1.0,
        )

    def advance(self, epochs: int) -> bool:
        """Begin the stage that follows after so many epochs; False if it is the present one."""
        if self.index == self._stages.index_after(epochs):
            return False
        self.finished_weights.append(self.state.weights())
        weights = None
        if self.stage.kind == "dense":
            weights = self.finished_weights[-1]
        elif self._stages[self.index + 1].kind == "dense":
            network = self._stages[0].build(self._settings)
            weights = convolution.dense_weights(network, self.finished_weights[0])
        self.begin(self.index + 1, weights)
        return True

    def weights(self) -> list[np.ndarray]:
        """Return the trained weights; those of the convolution as weights of the dense network."""
        weights = self.state.weights()
        if self.stage.kind == "convolution":
            return convolution.dense_weights(self.state.network, weights)
        return weights

    def average_rounds(self) -> list[np.ndarray]:
        """Return the weighted mean of the weights after each dense round, the later ones more.

        The weight of a round is its number.

        Source: P. Izmailov et al., "Averaging weights leads to wider optima and better
        generalization", 2018; all rounds have the same weight there.
        """
        rounds = [*self.finished_weights, self.state.weights()][-1 - self._settings.restarts :]
        counts = range(1, len(rounds) + 1)
        return [np.average(each, axis=0, weights=counts) for each in zip(*rounds, strict=True)]

    def _build_teachers(self) -> list[keras.Model]:
        """The teachers of the dense network: those trained before it, or the convolution itself."""
        if not self._settings.distillation:
            return []
        kind = "teacher" if self._settings.teachers else "convolution"
        teachers = []
        for index, weights in enumerate(self.finished_weights):
            if self._stages[index].kind == kind:
                teacher = self._stages[index].build(self._settings)
                teacher.set_weights(weights)
                teachers.append(teacher)
        return teachers
