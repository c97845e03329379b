"""Convert a network to a `.keras` file like those that the program makes, as a job."""

from __future__ import annotations

from pathlib import Path

from number_recognition.core.progress import Progress, Report, Stopped, ignore, never
from number_recognition.learning.models.keras_file import (
    LegacyNetworkError,
    read_legacy_network,
    read_network,
)
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.files import atomic_write


def convert_job(
    source: Path, target: Path, *, report: Report = ignore, stopped: Stopped = never
) -> Path:
    """Convert a dense network, of Keras's older format (`.h5`) too; returns the new file.

    The layers are read without Keras, which only writes the new file: nothing in the old one can
    run.

    Args:
        source: the network.
        target: the new file, which is not there yet.
        report: called with the progress.
        stopped: asked before anything is written; once it returns True, nothing is.

    Raises:
        FileExistsError: there is a file of that name.
        FileNotFoundError, ValueError: see `read_network`.
        OSError: the new file cannot be written.
    """
    if target.exists():
        raise FileExistsError(f"{target}: expected a new file, found one of this name")
    try:
        layers = read_network(source).layers
    except LegacyNetworkError:
        layers = read_legacy_network(source).layers
    report(Progress("starting Keras"))
    import_keras()
    from number_recognition.learning.models.keras_network import from_layers

    network = from_layers(layers)
    if not stopped():
        atomic_write(target, network.save)
    return target
