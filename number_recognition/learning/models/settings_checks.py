"""How a training begins: which settings go together. It knows no Keras, so that a form can ask."""

from __future__ import annotations

from number_recognition.storage.fields import to_text
from number_recognition.storage.settings import TrainingSettings

SIDE = 28
"""Side of what the first convolution looks at, in pixels."""
KERNELS = (5, 4)
"""Side of what a unit sees of the layer before, of the first hidden layers."""
STRIDE = 2
"""Each goes on by so much."""


class SettingConflict(ValueError):
    """Two settings that do not go together.

    Attributes:
        setting: the name of the one to change.
        words: what was expected of it and what was found.
    """

    def __init__(self, setting: str, words: str) -> None:
        super().__init__(setting, words)
        self.setting, self.words = setting, words

    def __str__(self) -> str:
        return f"{self.setting!r}: {self.words}"


def validate_schedule(settings: TrainingSettings, starts: bool) -> None:
    """See that the settings of how a training begins go together, before anything is prepared.

    Args:
        settings: see `TrainingSettings`.
        starts: whether it goes on from a network.

    Raises:
        Conflict: names the setting, what was expected and what was found.
    """
    each = settings.convolution_epochs
    if settings.restarts >= settings.epochs:
        raise SettingConflict(
            "restarts",
            f"expected fewer than the {settings.epochs} epochs, found {settings.restarts}",
        )
    if settings.teachers and not each:
        raise SettingConflict(
            "teachers",
            "expected 0 where 'convolution_epochs' is 0, for a network that is taught begins as a "
            f"convolution; found {settings.teachers}",
        )
    if not each:
        return
    if starts:
        raise SettingConflict(
            "convolution_epochs",
            "expected 0 together with 'initial_weights', which has weights of its own; "
            f"found {each}",
        )
    before = each + settings.teachers * settings.teacher_epochs + settings.restarts
    if before >= settings.epochs:
        raise SettingConflict(
            "epochs",
            f"expected more than the {before} of the convolution, its teachers and the restarts, "
            f"found {settings.epochs}",
        )
    feature_maps(settings.hidden_layers)


def check_start(settings: TrainingSettings) -> None:
    """See that the network to go on from, where there is one, has the layers set.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no network for digits, or one of other layers.
    """
    if settings.initial_weights is None:
        return
    from number_recognition.learning.models.numpy_network import NumpyNetwork

    found = tuple(
        len(layer.bias) for layer in NumpyNetwork.load(settings.initial_weights).layers[:-1]
    )
    if found != settings.hidden_layers:
        raise ValueError(
            f"{settings.initial_weights} ('initial_weights'): expected a network with hidden "
            f"layers of {to_text(settings.hidden_layers)} units, as set, found {to_text(found)}"
        )


def feature_maps(units: tuple[int, ...]) -> list[int]:
    """How many maps each convolution makes of its units: one unit of each at every place.

    Raises:
        Conflict: a layer has other units than maps of places make.
    """
    side, counts = SIDE, []
    for number, kernel in enumerate(KERNELS[: len(units)]):
        side = positions_along(side, kernel)
        if units[number] % side**2:
            raise SettingConflict(
                "hidden_layers",
                f"with convolution_epochs, expected a multiple of {side**2} units in layer "
                f"{number + 1}, found {units[number]}",
            )
        counts.append(units[number] // side**2)
    return counts


def positions_along(side: int, kernel: int) -> int:
    """Places of a kernel along a side."""
    return (side - kernel) // STRIDE + 1
