"""A network that learns: its optimizer, the average of its weights, the graph of its steps."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from number_recognition.learning.data.batches import Batches
from number_recognition.learning.tensorflow_setup import xla_available
from number_recognition.storage.settings import TrainingSettings

_WORTH_COMPILING = 400
"""From so many steps on, machine code made for the network wins back the seconds of its making."""


class Learner:
    """A network and everything that changes while it learns.

    Attributes:
        network: the Keras model that learns.
        optimizer: with its schedule, made for `steps` steps in all.
        average: the moving average of the network's weights, a variable each.
    """

    def __init__(
        self,
        network: keras.Model,
        settings: TrainingSettings,
        batches: Batches,
        steps: int,
        teachers: Sequence[keras.Model] = (),
        lr_divisor: float = 1.0,
    ) -> None:
        """Make a learner for so many steps.

        Args:
            network: begins with the weights it has.
            settings: everything that shapes the training.
            batches: what it will be given in `train_steps`.
            steps: in all, for the schedule of the learning rate.
            teachers: networks whose mean answer, softened, counts for `settings.distillation`.
            gentleness: what the learning rate is divided by.
        """
        self.network = network
        self._teachers = tuple(teachers)
        self.optimizer = _optimizer(settings, steps, settings.learning_rate / lr_divisor)
        self.optimizer.build(network.trainable_variables)
        self.ema_weights = [tf.Variable(weight) for weight in network.get_weights()]
        self._settings = settings
        self._train_steps = self._graph(batches, steps)

    def train_steps(self, images: tf.Tensor, labels: tf.Tensor) -> tuple[float, float]:
        """Take some steps, each on a batch of its own.

        Args:
            images: (steps, batch, 28, 28), as `batches` gives them.
            labels: (steps, batch) int32.

        Returns:
            the sum of the losses, and how many answers were right.
        """
        loss, right = self._train_steps(images, labels)
        return float(loss), float(right)

    def weights(self) -> list[np.ndarray]:
        """What is to be kept of the network: the average of its weights, if one is kept."""
        source = self.ema_weights if self._settings.ema_momentum else self.network.weights
        return [np.asarray(weight) for weight in source]

    def variables(self) -> list[tf.Variable]:
        """Everything that a resumed training needs to be as if it had never stopped."""
        return [*self.network.variables, *self.optimizer.variables, *self.ema_weights]

    def _graph(self, batches: Batches, steps: int) -> tf.types.experimental.PolymorphicFunction:
        """The function that takes some steps, and returns the sums of their figures."""
        # Dropout's random numbers make machine code slower than TensorFlow's own operations, and
        # those alone multiply bfloat16 with what processors have for it.
        random = any(isinstance(layer, keras.layers.Dropout) for layer in self.network.layers)
        faster = not random and self._settings.precision == "float32"
        worth = steps >= _WORTH_COMPILING and faster and xla_available()
        learn = tf.function(self._learn, jit_compile=True) if worth else self._learn

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, batches.batch, 28, 28), batches.dtype),
                tf.TensorSpec((None, batches.batch), tf.int32),
            ]
        )
        def take_steps(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            loss, right = tf.constant(0.0), tf.constant(0.0)
            for i in tf.range(tf.shape(labels)[0]):
                batch = tf.cast(images[i], tf.float32)
                if images.dtype == tf.uint8:
                    batch /= 255.0
                step_loss, step_right = learn(batch, labels[i])
                loss += step_loss
                right += step_right
            return loss, right

        return take_steps

    def _learn(self, images: tf.Tensor, truth: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """One step on images (batch, 28, 28), labels (batch,): its loss, and the right answers."""
        smoothing = self._settings.label_smoothing
        outputs = self.network.output_shape[-1]
        target = tf.one_hot(truth, outputs) * (1 - smoothing) + smoothing / outputs
        teacher_probs = [
            self._softened(teacher(images, training=False)) for teacher in self._teachers
        ]
        with tf.GradientTape() as tape:
            answers = self.network(images, training=True)  # (batch, outputs)
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(target, answers))
            if teacher_probs:
                loss = self._distillation_loss(
                    loss, answers, tf.add_n(teacher_probs) / len(teacher_probs)
                )
            scaled = self.optimizer.scale_loss(loss)
        variables = self.network.trainable_variables
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        if self._settings.ema_momentum:
            self._update_ema()
        hits = tf.equal(tf.argmax(answers, axis=1, output_type=tf.int32), truth)
        return loss, tf.reduce_sum(tf.cast(hits, tf.float32))

    def _update_ema(self) -> None:
        """Let the average follow; at first the first weights must not count for more than later."""
        taken = tf.cast(self.optimizer.iterations, tf.float32)
        share = 1 - tf.minimum(self._settings.ema_momentum, taken / (9 + taken))
        for mean, weight in zip(self.ema_weights, self.network.weights, strict=True):
            mean.assign_add(share * (tf.convert_to_tensor(weight) - mean))

    def _softened(self, answers: tf.Tensor) -> tf.Tensor:
        """Probabilities (n, outputs) as if the logits had been divided by the temperature."""
        logits = tf.math.log(tf.cast(answers, tf.float32) + 1e-30)
        return tf.nn.softmax(logits / self._settings.distillation_temperature)

    def _distillation_loss(
        self, loss: tf.Tensor, answers: tf.Tensor, teacher_probs: tf.Tensor
    ) -> tf.Tensor:
        """The loss, in part how far the answers are from what the teachers say, both softened.

        The square of the temperature keeps both parts of the gradient in proportion.

        Source: G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural network",
        2015.
        """
        share = self._settings.distillation
        distance = tf.reduce_mean(
            keras.losses.kl_divergence(teacher_probs, self._softened(answers))
        )
        return (1 - share) * loss + share * self._settings.distillation_temperature**2 * distance


def _optimizer(settings: TrainingSettings, steps: int, rate: float) -> keras.optimizers.Optimizer:
    """The optimizer with its schedule: a short warm-up, then what `learning_rate_schedule` says."""
    kinds = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "sgd": keras.optimizers.SGD,
        "rmsprop": keras.optimizers.RMSprop,
        "nadam": keras.optimizers.Nadam,
    }
    options: dict[str, float | None] = {"weight_decay": settings.weight_decay or None}
    if settings.optimizer == "sgd":
        options["momentum"] = 0.9
    return kinds[settings.optimizer](_schedule(settings, steps, rate), **options)


def _schedule(settings: TrainingSettings, steps: int, rate: float) -> object:
    if settings.learning_rate_schedule == "constant":
        return rate
    if settings.learning_rate_schedule == "linear":
        return keras.optimizers.schedules.PolynomialDecay(
            rate, steps, end_learning_rate=rate / 1000
        )
    warm_up = min(steps // 20, 500)
    return keras.optimizers.schedules.CosineDecay(
        rate / 20 if warm_up else rate,
        max(1, steps - warm_up),
        alpha=0.02 if warm_up else 0.001,
        warmup_target=rate if warm_up else None,
        warmup_steps=warm_up,
    )
