"""Predicts the digit while the user draws, in steps between the motions of the pen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from number_recognition.session.pad_content import PadContent
from number_recognition.session.session import Session
from number_recognition.window.pad.canvas import Pad
from number_recognition.window.toolkit.idle_work import IdleTask

_DELAY = 50
"""Milliseconds between a motion of the pen and the prediction for what is drawn by then."""
_READING_DELAY = 1


class LivePrediction:
    """Keeps `session.prediction` and `session.number` up to date, while a stroke is drawn too.

    The prediction for one digit is shown once it is certain that there are not several.
    """

    def __init__(self, session: Session, pad: Pad, show: Callable[[], Iterator[None]]) -> None:
        """Start nothing yet.

        Args:
            session: predicts.
            pad: what is on it is predicted, its unfinished stroke included.
            show: shows `session.prediction` and `session.number`, in steps.
        """
        self._session, self._pad, self._show = session, pad, show
        self._task = IdleTask(pad, while_drawing=True)
        self._work: Iterator[None] = iter(())
        self._is_outdated = False

    def update(self) -> None:
        """Predict soon what is on the pad now; a running prediction is finished first."""
        self._is_outdated = True
        if not self._task.running:
            self._start(self._predict(), _DELAY)

    def show(self) -> None:
        """Show the prediction for the content, which the session has; read a number first."""
        self._is_outdated = False
        session = self._session
        is_shown = session.number is None and not session.may_be_number(session.content)
        if is_shown:
            for _ in self._show():
                pass
        if session.content:
            self._start(self._read_number(session.content, is_shown), _READING_DELAY)

    def finish(self) -> None:
        """Do now what `show` has left to do."""
        if self._task.running:
            self._task.stop()
            for _ in self._work:
                pass

    def stop(self) -> None:
        """Stop a running prediction: what is on the pad is predicted otherwise."""
        self._task.stop()

    def _start(self, work: Iterator[None], delay: int) -> None:
        self._work = work
        self._task.start(work, delay)

    def _predict(self) -> Iterator[None]:
        self._is_outdated = False
        session, content = self._session, PadContent(self._pad.drawing, self._pad.image)
        is_shown = False
        if session.number is None or not content:
            yield from session.predict_in_steps(content)
            yield
            if not session.may_be_number(content):
                is_shown = True
                yield from self._show()
        yield from self._read_number(content, is_shown)

    def _read_number(self, content: PadContent, is_shown: bool) -> Iterator[None]:
        """Read a number and show it; `is_shown`: the prediction for the whole is shown already."""
        before = self._session.number
        yield from self._session.read_number_in_steps(content)
        yield
        number = self._session.number
        is_same = is_shown and number is None and before is None
        if not is_same and not self._is_unfinished(content):
            yield from self._show()
        if self._is_outdated:
            self._start(self._predict(), _DELAY)

    def _is_unfinished(self, content: PadContent) -> bool:
        """Whether a stroke is being drawn that makes several strokes no digit until it is done."""
        is_refused = self._session.number is None and self._session.prediction.refused
        return is_refused and self._pad.pressed and len(content.drawing.strokes) > 1
