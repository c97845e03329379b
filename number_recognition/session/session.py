"""The desk: what lies on the pad, what is read in it, and what was kept. It knows no Tk."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize
from number_recognition.digits.drawing.drawing import NO_DIGIT, Drawing, History
from number_recognition.learning.runs.display_names import card_problem, description
from number_recognition.storage.counters import (
    Counters,
    count_fine_tuning,
    count_training,
    not_counted,
    read_counters,
    update_counters,
)
from number_recognition.storage.settings import (
    CONFIG,
    Config,
    WindowSettings,
    read_config,
    relative_path,
    resolve_path,
    update_config,
    with_changes,
    write_config,
)

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.digits.corrections.corrections import Correction, Corrections
    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.window.toolkit.job_runner import JobRunner
    from Recognition import Recognizer


_PICTURES_ROOM = 128 * 1024 * 1024
"""So many bytes of pictures, a few photos, can be brought back by undoing."""


@dataclass(frozen=True)
class PadContent:
    """What lies on the pad: strokes, or a picture in their place.

    `kept` is the keeping that cleared the pad and so led to this page, if one did.
    """

    drawing: Drawing = field(default_factory=Drawing)
    image: Image.Image | None = None
    kept: Correction | None = None

    def __bool__(self) -> bool:
        return bool(self.drawing) or self.image is not None

    def size(self) -> int:
        """About the bytes of its picture; beside one, strokes weigh nothing."""
        if self.image is None:
            return 0
        return self.image.width * self.image.height * len(self.image.getbands())


class Session:
    """The state that the window and its views share.

    Attributes:
        recognizer: the network in use, None before it is loaded.
        model: the path of its file; `called` what people call it.
        config: config.json; `config_path` is where it stands.
        counters: counters.json as last read with `read_counters`; `has_kept` says whether there
            are kept digits then, `has_counterexamples` whether there are kept drawings that are
            no digit.
        jobs: runs slow work (see `window.toolkit.job_runner.Jobs`); set by the window.
        warnings: what is wrong with config.json, counters.json, the kept drawings or their log,
            and is still to be told.
    """

    jobs: JobRunner

    def __init__(self, model: Path | None = None, config_path: Path = CONFIG) -> None:
        self.config_path = Path(config_path)
        self.warnings: list[str] = []
        self._config_is_sound = True
        self.config = self._read_config()
        self.network_path = Path(
            model or resolve_path(self.config.places.network, self.config_path)
        )
        self.network_label = description(self.network_path)
        self.counters = Counters()
        self.has_kept = self.has_counterexamples = False
        self._unlisted: set[Path] = set()
        self.recognizer: Recognizer | None = None
        # A history of pages: the strokes alone could not take a keeping back.
        self._history = History(PadContent(), room=_PICTURES_ROOM, size=PadContent.size)

    # What reads and keeps drawings brings NumPy; the window opens without waiting for it.

    @cached_property
    def prediction(self) -> Prediction:
        """What the network reads on the pad."""
        from number_recognition.learning.models.prediction import Prediction

        return Prediction.blank()

    @cached_property
    def corrections(self) -> Corrections:
        """The folder of kept drawings."""
        from number_recognition.digits.corrections.corrections import Corrections

        folder = resolve_path(self.config.places.images, self.config_path)
        corrections = Corrections(folder, self.warnings)
        corrections.move_old_counterexamples()
        return corrections

    @property
    def content(self) -> PadContent:
        """What lies on the pad."""
        return self._history.drawing

    @property
    def home(self) -> Path:
        """The folder of config.json, where relative paths start."""
        return self.config_path.resolve().parent

    @property
    def can_fine_tune(self) -> bool:
        """Whether something is kept that the network in use can learn from."""
        outputs = self.recognizer.network.outputs if self.recognizer is not None else 0
        return self.has_kept or (outputs > NO_DIGIT and self.has_counterexamples)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._history.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._history.future)

    def load_network(self, path: Path | None = None) -> None:
        """Take another network, by default the one of `model`, into use.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is no dense network for digits. The one in use stays.
        """
        # Imported here: the window is on the screen before what reads networks is.
        from Recognition import Recognizer

        self.recognizer = Recognizer.load(
            path or self.network_path, self.config.recognition.refuse_above
        )
        self.network_path = Path(path or self.network_path)
        self.network_label = description(self.network_path)
        if problem := card_problem(self.network_path):
            self.warnings.append(f"{problem}.")
        self.read(self.content)

    def read(self, page: PadContent) -> Prediction:
        """Read what lies on a page; the answer is kept in `prediction`."""
        if self.recognizer is None or not page:
            from number_recognition.learning.models.prediction import Prediction

            self.prediction = Prediction.blank()
        elif page.image is not None:
            self.prediction = self.recognizer.predict(page.image)
        else:
            self.prediction = self.recognizer.predict_drawing(page.drawing)
        return self.prediction

    def set_content(self, page: PadContent) -> None:
        """Go on to another page, as one step that can be undone."""
        if page.drawing is not self.content.drawing or page.image is not self.content.image:
            self._history.change(page)
        self.read(page)

    def keep(self, label: int | None) -> Correction:
        """Keep what lies on the pad with its right label (None: no digit), and clear the pad.

        Raises:
            ValueError: there is nothing on the pad that could be kept.
            OSError: it cannot be written; nothing is kept and nothing lost then.
        """
        correction = self._write(label)
        self._history.change(PadContent(kept=correction))
        self.read(self.content)
        return correction

    def undo(self) -> Correction | None:
        """Take the last step back; the keeping that was taken back with it, if it was one.

        Raises:
            OSError: a kept drawing cannot be removed; the step stays.
        """
        if not self.can_undo:  # what led to this page is forgotten: a keeping stays
            return None
        kept = self.content.kept
        if kept is not None:
            self._take_back(kept)
        self._history.undo()
        self.read(self.content)
        return kept

    def redo(self) -> Correction | None:
        """Take the last undone step again; the drawing that was kept again, if it was a keeping.

        Raises:
            OSError: a drawing cannot be kept again; the step stays undone.
        """
        future = self._history.future
        kept = None
        if future and future[-1].kept is not None:
            kept = self._write(future[-1].kept.label)
            future[-1] = PadContent(kept=kept)
        self._history.redo()
        self.read(self.content)
        return kept

    def _write(self, label: int | None) -> Correction:
        prediction = self.prediction
        if prediction.frame is None:
            raise ValueError("Draw a digit first.")
        original = self.content.image if self.content.image is not None else self.content.drawing
        correction = self.corrections.keep(
            prediction.frame.pixels,
            label,
            original=original,
            predicted="none" if prediction.refused else prediction.digit,
            confidence=prediction.confidence,
            model=self.network_path.name,
        )
        self._count(label, +1)
        return correction

    def _take_back(self, kept: Correction) -> None:
        """Remove a kept drawing, under whatever label it stands by now."""
        found = self.corrections.find(kept)
        if found is None:
            return
        self.corrections.remove(found)
        self._count(found.label, -1)

    def _count(self, label: int | None, step: int) -> None:
        self.count(lambda counters: counters.counting(label, step, new=step))

    def read_counters(self) -> None:
        """Read counters.json anew: another window may have counted meanwhile."""
        try:
            self._counted(read_counters(self._counters_path))
        except OSError as error:
            self._warn(not_counted(self._counters_path, error))
        self.has_kept, self.has_counterexamples, problems = self.corrections.check()
        new = [why for folder, why in problems.items() if folder not in self._unlisted]
        if new:
            more = f", nor can {pluralize(len(new) - 1, 'more folder')}" if len(new) > 1 else ""
            self._warn(f"{new[0]}{more}.")
        self._unlisted = set(problems)

    @property
    def _counters_path(self) -> Path:
        return self.home / "counters.json"

    def count(self, change: Callable[[Counters], Counters]) -> None:
        """Change counters.json, whatever other windows have counted meanwhile."""
        self._counted(update_counters(change, self._counters_path, self.counters))

    def count_fine_tuning(self, learnt: int) -> None:
        """Count a fine-tuning that was kept, before which so many drawings were new."""
        self._counted(count_fine_tuning(learnt, self._counters_path, self.counters))

    def count_training(self) -> None:
        """Count a training."""
        self._counted(count_training(self._counters_path, self.counters))

    def _counted(self, answer: tuple[Counters, str | None]) -> None:
        self.counters, warning = answer
        if warning:
            self._warn(warning)

    def _warn(self, warning: str) -> None:
        """Have a warning told once with the next message."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def set_window(self, **changes: object) -> WindowSettings:
        """Change how the window looks, for now and for the next time.

        Raises:
            OSError: config.json cannot be written; the change holds for now.
        """
        self._set("window", changes)
        return self.config.window

    def remember_network(self) -> None:
        """Let the network in use be the one that the window opens with next time.

        Raises:
            OSError: config.json cannot be written; the network holds for now.
        """
        self._set("places", {"network": relative_path(self.network_path, self.config_path)})

    def _set(self, section: str, changes: dict[str, object]) -> None:
        """Change some settings here and in config.json, where people may have changed others."""
        self.config = with_changes(self.config, section, changes)
        if self._config_is_sound:
            try:
                update_config(section, changes, self.config_path)
            except ValueError as error:
                raise OSError(f"{error}. It is not written over.") from error

    def _read_config(self) -> Config:
        problems: list[str] = []
        try:
            if not self.config_path.exists():
                return self._defaults()
            config = read_config(self.config_path, problems)
        except (ValueError, OSError) as error:
            config, problems = Config(), [str(error)]
        if problems:
            # What a person wrote is theirs to mend: it is neither used nor written over.
            self._config_is_sound = False
            told = "; ".join(problems)
            self.warnings.append(f"{told}. Defaults are used in its place until it is mended.")
        return config

    def _defaults(self) -> Config:
        """The defaults; config.json is made with them, a file that was named by hand is not."""
        if self.config_path == CONFIG:
            with contextlib.suppress(OSError):  # in a read-only folder they hold without a file
                write_config(Config(), self.config_path)
        else:
            self._config_is_sound = False
            self.warnings.append(
                f"{self.config_path}: found no such file. Defaults are used, and it is not made."
            )
        return Config()
