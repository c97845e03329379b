"""Checks of training settings that depend on each other, and the costs that follow from them.

Imports no Keras: forms use them.
"""

from __future__ import annotations

from number_recognition.learning.models.layers import IMAGE_SIZE
from number_recognition.storage.fields import to_text
from number_recognition.storage.settings import TrainingSettings

KERNEL_SIZES = (5, 4)
"""Kernel sizes of the first hidden layers, when they are trained as convolutions."""
STRIDE = 2
TEACHER_COST = 10.5
"""An epoch of a teacher takes about so many times as long as a dense one without teachers."""
TEACHING_COST = 1.8
"""Each teacher adds so much to a dense epoch, counted in the same unit."""


class SettingConflict(ValueError):
    """Two settings that cannot be used together.

    Attributes:
        setting: the name of the setting to change.
        message: what was expected of it and what was found.
    """

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(setting, message)
        self.setting, self.message = setting, message

    def __str__(self) -> str:
        return f"{self.setting!r}: {self.message}"


def validate_schedule(settings: TrainingSettings, has_initial_weights: bool) -> None:
    """Check that the settings for the stages of a training can be used together.

    Args:
        settings: see `TrainingSettings`.
        has_initial_weights: whether the training continues from a network.

    Raises:
        SettingConflict: names the setting, what was expected and what was found.
    """
    convolution_epochs = settings.convolution_epochs
    if settings.restarts >= settings.epochs:
        raise SettingConflict(
            "restarts",
            f"expected fewer than the {settings.epochs} epochs, found {settings.restarts}",
        )
    if settings.teachers and not convolution_epochs:
        raise SettingConflict(
            "teachers",
            "expected 0 where 'convolution_epochs' is 0, since teachers are trained together with "
            f"the convolution; found {settings.teachers}",
        )
    if not convolution_epochs:
        return
    if has_initial_weights:
        raise SettingConflict(
            "convolution_epochs",
            "expected 0 together with 'initial_weights', which has weights of its own; "
            f"found {convolution_epochs}",
        )
    earlier = convolution_epochs + settings.teachers * settings.teacher_epochs + settings.restarts
    if earlier >= settings.epochs:
        raise SettingConflict(
            "epochs",
            f"expected more than the {earlier} of the convolution, its teachers and the restarts, "
            f"found {settings.epochs}",
        )
    count_feature_maps(settings.hidden_layers)


def check_initial_weights(settings: TrainingSettings) -> None:
    """Check that the network to continue from, where there is one, has the layers of the settings.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is not a network for digits, or has other layers.
    """
    if settings.initial_weights is None:
        return
    from number_recognition.learning.models.numpy_network import NumpyNetwork

    network = NumpyNetwork.load(settings.initial_weights)
    units = tuple(len(layer.bias) for layer in network.layers[:-1])
    if units != settings.hidden_layers:
        raise ValueError(
            f"{settings.initial_weights} ('initial_weights'): expected a network with hidden "
            f"layers of {to_text(settings.hidden_layers)} units, as set, found {to_text(units)}"
        )


def count_feature_maps(units: tuple[int, ...]) -> list[int]:
    """Return the number of feature maps of each convolution with as many outputs as `units`.

    Raises:
        SettingConflict: a layer's units are not a multiple of the positions in a feature map.
    """
    size, counts = IMAGE_SIZE, []
    for index, kernel_size in enumerate(KERNEL_SIZES[: len(units)]):
        size = output_size(size, kernel_size)
        if units[index] % size**2:
            raise SettingConflict(
                "hidden_layers",
                f"with convolution_epochs, expected a multiple of {size**2} units in layer "
                f"{index + 1}, found {units[index]}",
            )
        counts.append(units[index] // size**2)
    return counts


def output_size(input_size: int, kernel_size: int) -> int:
    """Return the height and width of a convolution's output."""
    return (input_size - kernel_size) // STRIDE + 1
