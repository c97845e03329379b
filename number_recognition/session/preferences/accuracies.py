"""What networks reached on MNIST's test set, by their files, as the window remembers it."""

from __future__ import annotations

from pathlib import Path

from number_recognition.session.preferences.window_state import WindowState

_KEY = "mnist_accuracies"
_MOST = 100
"""Networks that are remembered, those evaluated last."""


def remember_accuracy(state: WindowState, network: Path, accuracy: float) -> None:
    """Remember the accuracy of a network, 0 to 1; one whose file is gone is left out."""
    modified = _modified(network)
    if modified is None:
        return
    known = dict(_known(state))
    known.pop(_name(network), None)
    known[_name(network)] = [modified, accuracy]
    state.set(_KEY, dict(list(known.items())[-_MOST:]))


def known_accuracy(state: WindowState, network: Path) -> float | None:
    """Return the accuracy of a network, 0 to 1; None where its file was never evaluated."""
    match _known(state).get(_name(network)):
        case [modified, accuracy] if modified == _modified(network) and isinstance(accuracy, float):
            return accuracy
    return None


def _known(state: WindowState) -> dict[str, object]:
    nothing: dict[str, object] = {}
    return state.get(_KEY, nothing)


def _name(network: Path) -> str:
    return str(network.resolve())


def _modified(network: Path) -> int | None:
    try:
        return network.stat().st_mtime_ns
    except OSError:
        return None
