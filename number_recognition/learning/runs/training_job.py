"""The training job: train a network in a run's folder, or resume a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.core.progress import (
    Progress,
    Report,
    Stopped,
    TrainingFailed,
    WorkStopped,
    ignore,
    never,
)
from number_recognition.learning.data.gather import gather
from number_recognition.learning.data.samples import DataPaths, GatheredSamples
from number_recognition.learning.evaluation.metrics import evaluate
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.settings_checks import (
    check_initial_weights,
    validate_schedule,
)
from number_recognition.learning.runs.epoch_saver import EpochSaver
from number_recognition.learning.runs.run import (
    CHECKPOINT,
    LAST_EPOCH,
    RUNS,
    Run,
    make_run_folder,
    remove_if_empty,
    write_run,
    write_settings,
)
from number_recognition.learning.runs.run_files import MODEL_FILE, read_settings
from number_recognition.learning.runs.unfinished_runs import discard_checkpoint
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.files import atomic_write
from number_recognition.storage.locks import lock
from number_recognition.storage.settings import TrainingSettings

if TYPE_CHECKING:
    import keras


def train_run(
    settings: TrainingSettings,
    paths: DataPaths,
    *,
    name: str = "",
    runs: Path = RUNS,
    baseline: Path | None = None,
    save_last_epoch: bool = False,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Run:
    """Train a network in a new folder of `runs`; nothing else is changed.

    Args:
        settings: see `TrainingSettings`.
        paths: the files of the samples.
        name: the name of the run.
        runs: the folder of runs.
        baseline: a network to evaluate on the same samples.
        save_last_epoch: whether others read the network of its epochs (see `EpochSaver`).
        report: see `learning.training.training.train`.
        stopped: see `learning.training.training.train`.

    Raises:
        ValueError, FileNotFoundError: see `learning.data.gather.gather`.
        TrainingFailed: the loss is NaN or infinite.
        WorkStopped: it was stopped in the first epoch.
    """
    validate_schedule(settings, settings.initial_weights is not None)
    check_initial_weights(settings)
    samples = gather(settings, paths, report=report, stopped=stopped)
    folder = make_run_folder(runs, name)
    try:
        write_settings(folder, settings, paths)
        return train_in_folder(
            folder, settings, samples, baseline, save_last_epoch, report=report, stopped=stopped
        )
    except BaseException:
        remove_if_empty(folder)
        raise


def resume_run(
    folder: Path,
    *,
    baseline: Path | None = None,
    save_last_epoch: bool = False,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Run:
    """Resume a run that was stopped or killed from the checkpoint of its last epoch.

    The options are those of `train_run`.

    Raises:
        ValueError: the folder is no run, or its checkpoint is of another one.
        OSError: another process is training it.
    """
    settings, paths = read_settings(folder)
    samples = gather(settings, DataPaths(**paths), report=report, stopped=stopped)
    return train_in_folder(
        folder, settings, samples, baseline, save_last_epoch, report=report, stopped=stopped
    )


def train_in_folder(
    folder: Path,
    settings: TrainingSettings,
    samples: GatheredSamples,
    baseline: Path | None = None,
    save_last_epoch: bool = False,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Run:
    """Train in a folder that `write_settings` made, from its checkpoint where it has one.

    The options are those of `train_run`.

    Raises:
        ValueError, OSError, TrainingFailed, WorkStopped: see `train_run` and `resume_run`.
    """
    with lock(folder / CHECKPOINT, seconds=0):
        begins = _beginning(folder, len(samples.training))
        report(Progress(begins, details={"folder": str(folder)}))
        # Evaluated before, not after: whoever stops a training waits for its end.
        metrics = _metrics(NumpyNetwork.load(baseline), samples) if baseline is not None else {}
        saver = EpochSaver(folder / LAST_EPOCH, report) if save_last_epoch else None
        try:
            return _train(folder, settings, samples, metrics, saver, report, stopped)
        except TrainingFailed as error:
            discard_checkpoint(folder)
            write_run(Run(folder, settings, samples=samples.training.sources), str(error))
            raise


def _beginning(folder: Path, samples: int) -> str:
    """Say what begins: a training, or one that is resumed and from which epoch."""
    from number_recognition.learning.training.checkpoints import epochs_done

    done = epochs_done(folder / CHECKPOINT)
    return f"resuming at epoch {done + 1}" if done else f"starting on {samples:,} samples"


def _train(
    folder: Path,
    settings: TrainingSettings,
    samples: GatheredSamples,
    baseline: dict[str, float],
    saver: EpochSaver | None,
    report: Report,
    stopped: Stopped,
) -> Run:
    import_keras()
    from number_recognition.learning.models.keras_network import load
    from number_recognition.learning.training.training import train

    training = train(
        settings,
        samples.training,
        samples.validation,
        initial_network=load(settings.initial_weights) if settings.initial_weights else None,
        checkpoint=folder / CHECKPOINT,
        resume=True,
        events=folder / "tensorboard" if settings.tensorboard else None,
        on_epoch_end=saver.save if saver is not None else None,
        report=saver.report if saver is not None else report,
        stopped=stopped,
    )
    if not training.history:
        raise WorkStopped("before the first epoch was done")
    metrics = _save(training.network, samples, folder)
    metrics |= {"seconds": training.seconds, "weights": training.network.count_params()}
    sources = samples.training.sources
    run = Run(folder, settings, training.history, metrics, sources, training.completed, baseline)
    write_run(run)
    if training.completed:
        discard_checkpoint(folder)
    return run


def _save(network: keras.Model, samples: GatheredSamples, folder: Path) -> dict[str, float]:
    """Calibrate and save the network; its metrics as it was saved."""
    from number_recognition.learning.training.calibration import calibrate

    metrics: dict[str, float] = {}
    if len(samples.validation):
        metrics |= calibrate(network, samples.validation)
    atomic_write(folder / MODEL_FILE, network.save)
    return metrics | _metrics(NumpyNetwork.load(folder / MODEL_FILE), samples)


def _metrics(network: NumpyNetwork, samples: GatheredSamples) -> dict[str, float]:
    """Accuracy on the validation samples and on MNIST's test set, where they hold digits."""
    sets = {"validation": samples.validation, "mnist_test": samples.test}
    evaluations = {
        name: evaluate(network, each.pixels, each.labels) for name, each in sets.items() if each
    }
    return {name: each.accuracy for name, each in evaluations.items() if each.is_digit.any()}
