"""Predicts the digit while the user draws, in pieces between the motions of the pen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from number_recognition.session.pad_content import PadContent
from number_recognition.session.session import Session
from number_recognition.window.pad.canvas import Pad
from number_recognition.window.toolkit.idle_work import IdleTask

_DELAY = 50
"""Milliseconds between a motion of the pen and the prediction for what is drawn by then."""


class LivePrediction:
    """Keeps `session.prediction` up to date while a stroke is drawn."""

    def __init__(self, session: Session, pad: Pad, show: Callable[[], Iterator[None]]) -> None:
        """Start nothing yet.

        Args:
            session: predicts.
            pad: what is on it is predicted, its unfinished stroke included.
            show: shows `session.prediction`, in pieces.
        """
        self._session, self._pad, self._show = session, pad, show
        self._task = IdleTask(pad, while_drawing=True)
        self._is_outdated = False

    def update(self) -> None:
        """Predict soon what is on the pad now; a running prediction is finished first."""
        self._is_outdated = True
        if not self._task.running:
            self._task.start(self._predict(), _DELAY)

    def stop(self) -> None:
        """Stop a running prediction: what is on the pad is predicted otherwise."""
        self._task.stop()

    def _predict(self) -> Iterator[None]:
        self._is_outdated = False
        session, drawing, image = self._session, self._pad.drawing, self._pad.image
        if image is None and drawing and session.recognizer is not None:
            session.prediction = yield from session.recognizer.predicting_drawing(drawing)
        else:
            session.predict(PadContent(drawing, image))
        yield
        yield from self._show()
        if self._is_outdated:
            self._task.start(self._predict(), _DELAY)
