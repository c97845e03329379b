"""The network being trained, its optimizer and its averaged weights, and the training step.

The step is written with `GradientTape` instead of `Model.fit`, and one call of the graph takes
several of them. `python -m benchmarks.training_loop --threads 1` trains with both on the same data;
samples in a second of processor time, as a ratio to `fit` with `use_ema`, and to the same with
`steps_per_execution=16`, on a machine that was busy:

    --batch-size 256 --epochs 5 --rounds 1                                       1.2   0.97
    --batch-size 256 --epochs 5 --rounds 2 --distortion 0                        1.3   1.16
    --batch-size 128 --epochs 4 --rounds 2 --distortion 0 --hidden-layers 64     2.7   1.3

So `fit` is as fast for two layers of 512 with augmentation. (Elapsed times depended on what else
the machine did: once the loop took 1.8 times as long as `fit` with `steps_per_execution`.)

What neither the arguments of `fit` nor its callbacks can do:

- stop within a tenth of a second while a call of the graph takes as many steps as fit into that
  time: callbacks are called after `steps_per_execution` steps, a fixed number;
- average the moving statistics of batch normalisation, too, which would be those of other weights
  (`use_ema` averages trainable weights only), with a momentum that grows over the first steps, so
  that the initial weights do not count for much in a short training;
- learn from teachers, which needs a `train_step` of one's own.

Callbacks of one's own could resume exactly, validate the average and go from stage to stage.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from number_recognition.learning.data.batches import Batches
from number_recognition.learning.tensorflow_setup import xla_available
from number_recognition.learning.training.optimizers import build_optimizer
from number_recognition.storage.settings import TrainingSettings

MIN_STEPS_FOR_XLA = 400
"""With fewer steps, compiling with XLA takes longer than it saves."""


class TrainState:
    """A network and everything that changes while it is trained.

    Attributes:
        network: the Keras model being trained.
        optimizer: the optimizer, with its learning rate schedule.
        ema_weights: the exponential moving average of the network's weights, a variable each.
    """

    def __init__(
        self,
        network: keras.Model,
        settings: TrainingSettings,
        batches: Batches,
        steps: int,
        teachers: Sequence[keras.Model] = (),
        learning_rate_divisor: float = 1.0,
    ) -> None:
        """Prepare a network for so many training steps.

        Args:
            network: trained from its present weights on.
            settings: the settings of the training.
            batches: where the arguments of `train_steps` come from.
            steps: their number in all, for the learning rate schedule.
            teachers: networks whose mean answer is part of the target, see
                `settings.distillation`.
            learning_rate_divisor: the learning rate is divided by it.
        """
        self.network = network
        self.optimizer = build_optimizer(
            settings, steps, settings.learning_rate / learning_rate_divisor
        )
        self.optimizer.build(network.trainable_variables)
        self.ema_weights = [tf.Variable(weight) for weight in network.get_weights()]
        self._teachers = tuple(teachers)
        self._settings = settings
        self._train_steps = self._build_train_steps(batches, steps)

    def train_steps(self, images: tf.Tensor, labels: tf.Tensor) -> tuple[float, float]:
        """Take one step on each of several batches.

        Args:
            images: (steps, batch_size, 28, 28), from `Batches.epoch`.
            labels: (steps, batch_size) int32.

        Returns:
            the sum of the steps' losses, and the number of correct predictions.
        """
        loss, correct = self._train_steps(images, labels)
        return float(loss), float(correct)

    def weights(self) -> list[np.ndarray]:
        """Return the averaged weights, or the network's own where no average is set."""
        source = self.ema_weights if self._settings.ema_momentum else self.network.weights
        return [np.asarray(weight) for weight in source]

    def variables(self) -> list[tf.Variable]:
        """Return all variables; with their values, a training resumes exactly where it stopped."""
        return [*self.network.variables, *self.optimizer.variables, *self.ema_weights]

    def _build_train_steps(
        self, batches: Batches, steps: int
    ) -> tf.types.experimental.PolymorphicFunction:
        """The graph of several steps, which returns what `train_steps` does.

        XLA is slower with the random numbers of dropout, and it does not use a processor's
        instructions for bfloat16.
        """
        has_dropout = any(isinstance(layer, keras.layers.Dropout) for layer in self.network.layers)
        is_faster = not has_dropout and self._settings.precision == "float32"
        use_xla = steps >= MIN_STEPS_FOR_XLA and is_faster and xla_available()
        train_step = (
            tf.function(self._train_step, jit_compile=True, autograph=False)
            if use_xla
            else self._train_step
        )

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, batches.batch_size, 28, 28), batches.dtype),
                tf.TensorSpec((None, batches.batch_size), tf.int32),
            ],
            autograph=False,
        )
        def train_steps(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            scale = 255.0 if images.dtype == tf.uint8 else 1.0

            def add_step(
                i: tf.Tensor, loss: tf.Tensor, correct: tf.Tensor
            ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
                step = train_step(tf.cast(images[i], tf.float32) / scale, labels[i])
                return i + 1, loss + step[0], correct + step[1]

            steps = tf.shape(labels)[0]
            _, loss, correct = tf.while_loop(
                lambda i, *_: i < steps, add_step, (0, 0.0, 0.0), parallel_iterations=1
            )
            return loss, correct

        return train_steps

    def _train_step(self, images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """One step on images (batch_size, 28, 28): its loss and the correct predictions."""
        smoothing = self._settings.label_smoothing
        outputs = self.network.output_shape[-1]
        target = tf.one_hot(labels, outputs) * (1 - smoothing) + smoothing / outputs
        teacher_probabilities = [
            self._soften(teacher(images, training=False)) for teacher in self._teachers
        ]
        with tf.GradientTape() as tape:
            probabilities = self.network(images, training=True)  # (batch_size, outputs)
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(target, probabilities))
            if teacher_probabilities:
                mean = tf.add_n(teacher_probabilities) / len(teacher_probabilities)
                loss = self._distillation_loss(loss, probabilities, mean)
            scaled_loss = self.optimizer.scale_loss(loss)
        variables = self.network.trainable_variables
        self.optimizer.apply(tape.gradient(scaled_loss, variables), variables)
        if self._settings.ema_momentum:
            self._update_ema()
        predictions = tf.argmax(probabilities, axis=1, output_type=tf.int32)
        return loss, tf.reduce_sum(tf.cast(tf.equal(predictions, labels), tf.float32))

    def _update_ema(self) -> None:
        """Update the averaged weights, with a smaller momentum over the first steps.

        Otherwise the initial weights would outweigh all others in the average for a long time.
        """
        step = tf.cast(self.optimizer.iterations, tf.float32)
        rate = 1 - tf.minimum(self._settings.ema_momentum, step / (9 + step))
        for average, weight in zip(self.ema_weights, self.network.weights, strict=True):
            average.assign_add(rate * (tf.convert_to_tensor(weight) - average))

    def _soften(self, probabilities: tf.Tensor) -> tf.Tensor:
        """Probabilities (n, outputs) with the logits divided by the distillation temperature."""
        logits = tf.math.log(tf.cast(probabilities, tf.float32) + 1e-30)
        return tf.nn.softmax(logits / self._settings.distillation_temperature)

    def _distillation_loss(
        self, loss: tf.Tensor, probabilities: tf.Tensor, teacher_probabilities: tf.Tensor
    ) -> tf.Tensor:
        """Mix the loss with the divergence from the teachers, with both sides softened.

        The square of the temperature keeps both parts of the gradient at the same scale.

        Source: G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural network",
        2015.
        """
        weight = self._settings.distillation
        divergence = tf.reduce_mean(
            keras.losses.kl_divergence(teacher_probabilities, self._soften(probabilities))
        )
        scale = self._settings.distillation_temperature**2
        return (1 - weight) * loss + weight * scale * divergence
