"""Predicts the digit while the user draws, in pieces between the motions of the pen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from number_recognition.session.pad_content import PadContent, reading_number
from number_recognition.session.session import Session
from number_recognition.window.pad.canvas import Pad
from number_recognition.window.toolkit.idle_work import IdleTask

_DELAY = 50
"""Milliseconds between a motion of the pen and the prediction for what is drawn by then."""
_READING_DELAY = 1


class LivePrediction:
    """Keeps `session.prediction` and `session.number` up to date, while a stroke is drawn too."""

    def __init__(self, session: Session, pad: Pad, show: Callable[[], Iterator[None]]) -> None:
        """Start nothing yet.

        Args:
            session: predicts.
            pad: what is on it is predicted, its unfinished stroke included.
            show: shows `session.prediction` and `session.number`, in pieces.
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

    def read_number(self) -> None:
        """Read the number on the pad soon, where it is one, and show it."""
        self._is_outdated = False
        if self._session.content:
            self._start(self._read_content(self._session.content), _READING_DELAY)

    def finish(self) -> None:
        """Do now what `read_number` has left to do."""
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
        if session.number is None or not content:
            if content.image is None and content and session.recognizer is not None:
                session.prediction = yield from session.recognizer.predict_drawing_in_steps(
                    content.drawing
                )
            else:
                session.predict(content)
            yield
            yield from self._show()
        yield from self._read_content(content)

    def _read_content(self, content: PadContent) -> Iterator[None]:
        """Read a number; where there is none, the prediction for the whole stays."""
        session, before = self._session, self._session.number
        recognizer, number = session.recognizer, None
        is_single = session.config.window.single_digit
        if content and recognizer is not None and recognizer.network.can_refuse and not is_single:
            number = yield from reading_number(recognizer, content, before)
        if number is None and before is not None:
            session.predict(content)
        session.set_number(number)
        yield
        if number is not None or before is not None:
            yield from self._show()
        if self._is_outdated:
            self._start(self._predict(), _DELAY)
