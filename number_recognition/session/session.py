"""The state that the window and its views share: drawing, network, kept drawings, history."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.learning.runs.display_names import description, report_problem
from number_recognition.session.counts import Counts
from number_recognition.session.network_in_use import NetworkInUse
from number_recognition.session.pad_content import (
    Number,
    PackedContent,
    PadContent,
    content_of,
    may_be_number,
    original_of_all,
    read_number_in_steps,
)
from number_recognition.session.preferences.preferences import Preferences
from number_recognition.session.preferences.window_state import WindowState
from number_recognition.session.steps import (
    ContentStep,
    KeepDigitStep,
    KeepStep,
    SetContent,
    Write,
    writer,
)
from number_recognition.session.undo_history import UndoHistory
from number_recognition.storage.counters import Counters
from number_recognition.storage.settings import CONFIG, Config, relative_path, resolve_path

if TYPE_CHECKING:
    from collections.abc import Generator

    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.corrections.corrections import Corrections
    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.learning.reading.reading import ReadDigit
    from number_recognition.session.correction_edits import CorrectionEdits
    from Recognition import Recognizer

_TEST_IMAGE = (
    "networks are compared on MNIST's test set, so none may learn this image; draw one like it"
)


class Session:
    """The state that the window and its views share.

    Attributes:
        in_use: the network that reads the pad.
        content: what is on the pad.
        number: its digits where it has several, None for a single one or before it is read.
        preferences: config.json.
        window_state: what the window remembers by itself.
        counts: how many drawings are kept, how many of them are new.
        history: the steps that can be undone and redone.
        warnings: warnings that were not shown to the user yet.
    """

    def __init__(self, network: Path | None = None, config_path: Path = CONFIG) -> None:
        """Make a session whose network is not loaded yet.

        Args:
            network: the file of the network; by default the one that config.json names.
            config_path: config.json; counters.json is in the same folder.
        """
        self.warnings: list[str] = []
        self.preferences = Preferences(config_path, self.warnings)
        self.window_state = WindowState(self.home / "window.json", self.warnings)
        path = Path(network or self.config.paths.network_file(self.config_path))
        self.in_use = NetworkInUse(None, path, description(path))
        self.content = PadContent()
        self.number: Number | None = None
        self.history = UndoHistory()
        self.counts = Counts(self.home / "counters.json", lambda: self.corrections, self._warn)

    # What reads and keeps drawings imports NumPy; the window opens without waiting for it.

    @cached_property
    def prediction(self) -> Prediction:
        """What the network predicts for `content`."""
        from number_recognition.learning.models.prediction import Prediction

        return Prediction.blank()

    @cached_property
    def corrections(self) -> Corrections:
        """The folder of kept drawings."""
        from number_recognition.digits.corrections.corrections import Corrections
        from number_recognition.digits.corrections.former_versions import (
            move_former_counterexamples,
        )

        folder = resolve_path(self.config.paths.images, self.config_path)
        corrections = Corrections(folder, self.warnings)
        move_former_counterexamples(corrections)
        return corrections

    @cached_property
    def edits(self) -> CorrectionEdits:
        """Edits of the kept drawings, which can be undone."""
        from number_recognition.session.correction_edits import CorrectionEdits

        return CorrectionEdits(self.corrections, self.counts, self.history)

    @property
    def chosen_content(self) -> PadContent:
        """What `prediction` is of: the content of the pad, of a number its chosen digit."""
        return self.content if self.number is None else content_of(self.number.chosen)

    @property
    def recognizer(self) -> Recognizer | None:
        """What predicts with the network in use; None before it is loaded."""
        return self.in_use.recognizer

    @property
    def network_path(self) -> Path:
        """The file of the network in use."""
        return self.in_use.path

    @property
    def network_label(self) -> str:
        """How the network in use is named for the user."""
        return self.in_use.label

    @property
    def config(self) -> Config:
        """The settings in config.json."""
        return self.preferences.config

    @property
    def config_path(self) -> Path:
        """The path of config.json."""
        return self.preferences.path

    @property
    def home(self) -> Path:
        """The folder of config.json, which relative paths start from."""
        return self.preferences.folder

    @property
    def counters(self) -> Counters:
        """The counts as last updated."""
        return self.counts.counters

    @property
    def has_kept(self) -> bool:
        """Whether any digit is kept."""
        return self.counts.has_kept

    @property
    def can_fine_tune(self) -> bool:
        """Whether a drawing is kept that the network can be trained on."""
        can_refuse = self.recognizer is not None and self.recognizer.network.can_refuse
        return self.has_kept or (can_refuse and self.counters.not_a_digit > 0)

    def take_warnings(self) -> list[str]:
        """Return the warnings, which are shown now, and forget them."""
        taken, self.warnings[:] = list(self.warnings), []
        return taken

    def load_network(self, path: Path | None = None, label: str = "") -> None:
        """Load another network, by default the one at `network_path`, and use it from now on.

        `label` is how it is named for the user, by default after its file.

        Raises:
            FileNotFoundError: the file does not exist.
            ValueError: it is no network for digits; the one in use stays.
        """
        path = Path(path or self.network_path)
        loaded = NetworkInUse.load(path, self.config.recognition.refuse_above, label)
        if problem := report_problem(path):
            self.warnings.append(f"{problem}.")
        self.use_network(loaded)

    def use_network(self, network: NetworkInUse) -> None:
        """Use a network from now on, for example the one that was `in_use` before."""
        self.in_use = network
        self.predict(self.content)

    def predict(self, content: PadContent) -> Prediction:
        """Predict the digit in a content of the pad; the answer is also in `prediction`.

        `number` is not read: that takes longer (see `session.pad_content.read_number_in_steps`).
        """
        if not content:
            self.number = None
        if self.recognizer is None or not content:
            from number_recognition.learning.models.prediction import Prediction

            self.prediction = Prediction.blank()
        elif content.image is not None:
            self.prediction = self.recognizer.predict(content.image)
        else:
            self.prediction = self.recognizer.predict_drawing(content.drawing)
        return self.prediction

    def predict_in_steps(self, content: PadContent) -> Generator[None, None, None]:
        """Predict a content like `predict`, strokes in steps of a few milliseconds."""
        if content.image is None and content and self.recognizer is not None:
            self.prediction = yield from self.recognizer.predict_drawing_in_steps(content.drawing)
        else:
            self.predict(content)

    def may_be_number(self, content: PadContent) -> bool:
        """Whether `prediction` for a content may be wrong because it holds several digits."""
        is_single = self.config.window.single_digit
        return not is_single and may_be_number(self.recognizer, content, self.prediction)

    def read_number_in_steps(self, content: PadContent) -> Generator[None, None, None]:
        """Read the digits of a content into `number`, in steps of a few milliseconds.

        Where there are no two digits, `prediction` is that for the whole.
        """
        number = None
        recognizer, is_single = self.recognizer, self.config.window.single_digit
        if content and recognizer is not None and recognizer.network.can_refuse and not is_single:
            number = yield from read_number_in_steps(recognizer, content)
        if number is None and self.number is not None:
            self.predict(content)
        # Another digit may have been chosen meanwhile.
        self.set_number(None if number is None else number.after(self.number))

    def set_content(self, content: PadContent) -> None:
        """Change the content of the pad, as one step that can be undone."""
        before = self.content
        if content.drawing is not before.drawing or content.image is not before.image:
            self.history.add(ContentStep(PackedContent(before), lambda: self.content, self._show))
            self.content = content
        self.predict(content)

    def set_number(self, number: Number | None) -> None:
        """Set the digits that are read in the content; `prediction` is that of the chosen one."""
        self.number = number
        if number is not None:
            self.prediction = number.chosen.prediction

    def keep(self, label: int | None) -> Correction:
        """Keep the content of the pad with its label (None: no digit), and clear the pad.

        Of a number, the chosen digit alone is kept, and the next one chosen.

        Raises:
            ValueError: the pad has no content that could be kept, or a test image.
            OSError: it cannot be written; nothing is kept and the content stays.
        """
        content = self.content
        if content.is_test_image:
            raise ValueError(_TEST_IMAGE)
        if self.number is not None:
            return self._keep_digit(label, self.number.chosen)
        step = KeepStep(*self._write(content, self.prediction, label))
        self.history.add(step)
        self._show(PadContent())
        return step.correction

    def _keep_digit(self, label: int | None, digit: ReadDigit) -> Correction:
        box = digit.box

        def mark(corrected: bool) -> None:
            if self.number is not None:
                self.set_number(self.number.marked(box, label, corrected))

        step = KeepDigitStep(*self._write(content_of(digit), digit.prediction, label), mark)
        self.history.add(step)
        mark(True)
        return step.correction

    def _show(self, content: PadContent) -> None:
        self.content = content
        self.predict(content)

    def _write(
        self, content: PadContent, prediction: Prediction, label: int | None
    ) -> tuple[PackedContent, Correction, SetContent, Write, Corrections, Counts]:
        """Keep a content with its label; what its step in the undo history needs."""
        write = writer(self.corrections, self.counts, prediction, self.network_path.name)
        correction = write(original_of_all(content), label, None)
        packed = PackedContent(content)
        return packed, correction, self._show, write, self.corrections, self.counts

    def remember_network(self) -> None:
        """Save the network in use in config.json, to open the next window with it.

        Raises:
            OSError: config.json cannot be written; the network is used until then.
        """
        path = relative_path(self.network_path, self.config_path)
        self.preferences.change("paths", {"network": path})

    def _warn(self, warning: str) -> None:
        """Add a warning that is not there yet."""
        if warning not in self.warnings:
            self.warnings.append(warning)
