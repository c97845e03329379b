"""The Draw menu: tools, pen, keeping; and everything else that changes the content of the pad."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from number_recognition.core.formatting import digit_name, percent
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.session.pad_content import PadContent
from number_recognition.window.pad.crop_selection import CropSelection
from number_recognition.window.pad.file_drop import accept_files
from number_recognition.window.pad.live_prediction import LivePrediction
from number_recognition.window.toolkit.app_context import AppContext

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.window.command_state import CommandState
    from number_recognition.window.image_menu import ImageMenu
    from number_recognition.window.layout.main_layout import MainLayout
    from number_recognition.window.model_menu import ModelMenu
    from number_recognition.window.status_bar import StatusBar


_SURE = 0.99
"""From this probability on, an answer is so sure that another label may be a wrong key."""


class DrawContext(AppContext, Protocol):
    """What the Draw menu uses of the main window."""

    status: StatusBar
    command_state: CommandState

    @property
    def image_menu(self) -> ImageMenu: ...

    @property
    def model_menu(self) -> ModelMenu: ...

    def show_corrections(self) -> None:
        """Show the kept drawings after the session changed and counted them."""


class DrawMenu:
    """Changes the content of the pad and shows its prediction."""

    def __init__(self, app: DrawContext, layout: MainLayout) -> None:
        self._app, self._session, self._layout = app, app.session, layout
        self._pad, self._tools = layout.pad, layout.tools
        self._live = LivePrediction(self._session, self._pad, self._show_in_pieces)
        self._crop = CropSelection(self._pad)

    def connect(self) -> None:
        """Follow the pad and its tools."""
        self._pad.bind("<<DrawingChanged>>", lambda event: self._drawing_changed())
        self._pad.bind("<<StrokeFinished>>", lambda event: self._stroke_finished())
        self._tools.bind("<<ToolChosen>>", lambda event: self.set_tool(self._tools.tool))
        self._tools.bind("<<PenChanged>>", lambda event: self._set_pen(self._tools.pen_width))
        self._tools.bind("<<Clear>>", lambda event: self.clear())
        self._pad.bind("<<DigitClicked>>", lambda event: self.choose_digit(self._pad.clicked))
        self._pad.bind("<<Cropped>>", lambda event: self._apply_crop())
        self._pad.bind("<<CropCancelled>>", lambda event: self._app.notify("Not cropped."))
        self._pad.canvas.bind("<Left>", lambda event: self._choose_next(-1))
        self._pad.canvas.bind("<Right>", lambda event: self._choose_next(+1))
        panel = self._layout.prediction_panel
        panel.corrections.bind("<<Corrected>>", lambda event: self.keep(panel.label))

    def accept_files(self) -> None:
        """Let image files be dropped on the pad."""
        accept_files(self._pad.canvas, lambda names: self._app.image_menu.open_dropped(names))

    def _drawing_changed(self) -> None:
        self._app.status.end_notice()
        self._live.update()

    def _stroke_finished(self) -> None:
        self._live.stop()
        before, drawing, image = self._session.content, self._pad.drawing, self._pad.image
        self._session.set_content(replace(before, drawing=drawing, image=image))
        self._app.status.end_notice()
        self.show_prediction()

    def show_content(self) -> None:
        """Show the content of the pad and its prediction after the session changed it."""
        self._live.stop()
        self._crop.stop()
        self._pad.show(self._session.content.drawing, self._session.content.image)
        self._app.status.end_notice()
        self.show_prediction()

    def show_prediction(self) -> None:
        """Show the prediction for the content of the pad, of a number once it is read."""
        self._live.show()
        self._app.command_state.show()

    def _show_now(self) -> None:
        for _ in self._show_in_pieces():
            pass

    def _show_in_pieces(self) -> Iterator[None]:
        prediction, number = self._session.prediction, self._session.number
        is_image = self._session.content.image is not None
        self._layout.prediction_panel.show(prediction, number, is_image=is_image)
        self._pad.digit_boxes.show(number)
        yield
        self._layout.preprocessing_strip.show(prediction.frame)
        yield
        self._layout.views.refresh("drawing")
        self._app.command_state.show()

    def put_on_pad(self, picked: Drawing | Image.Image, is_test_image: bool = False) -> None:
        """Put a drawing or an image on the pad; see `AppContext.put_on_pad`."""
        self._session.set_number(None)
        self._pad.digit_boxes.show(None)
        if isinstance(picked, Drawing):
            self._set_content(PadContent(picked))
        else:
            self._set_content(PadContent(image=picked, is_test_image=is_test_image))
        if self._session.may_be_number(self._session.content):
            self._layout.prediction_panel.show_reading()

    def clear(self) -> None:
        """Clear the pad, as one step that can be undone."""
        self._set_content(PadContent())
        self._app.notify("Cleared.", ("Undo", self._app.undo))

    def _set_content(self, content: PadContent) -> None:
        self._pad.finish_stroke()
        self._session.set_content(content)
        self.show_content()

    def keep(self, label: int | None) -> None:
        """Keep the drawing on the pad with its label (None: no digit), and clear the pad.

        Of a number, the chosen digit is kept, and the next one chosen.
        """
        self._pad.finish_stroke()
        self._live.finish()
        is_number = self._session.number is not None
        doubt = describe_doubt(self._session.prediction, label)
        try:
            correction = self._session.keep(label)
        except (OSError, ValueError) as error:
            has_content = bool(self._session.content)
            self._app.show_error(
                f"Not kept, and still on the pad: {error}" if has_content else error
            )
            return
        if is_number:
            self._show_now()
        else:
            self.show_content()
        self._app.show_corrections()
        name, new = digit_name(correction.label), self._session.counters.new
        self._app.notify(f"Kept as {name} ({new} new){doubt}.", ("Undo", self._app.undo))
        self._app.model_menu.prepare_fine_tuning()

    def choose_digit(self, index: int) -> None:
        """Choose one digit of the number on the pad: its prediction is shown, and corrected."""
        if self._session.number is not None:
            self._session.set_number(self._session.number.choose(index))
            self._show_now()

    def _choose_next(self, step: int) -> None:
        if self._session.number is not None:
            self.choose_digit(self._session.number.index + step)

    def toggle_single_digit(self) -> None:
        """Read what is on the pad as one digit, or numbers of several digits again."""
        self._pad.finish_stroke()
        if limits := self._session.in_use.limits:
            self._app.notify(limits)
            return
        single = not self._session.config.window.single_digit
        self._app.remember(single_digit=single)
        self.read_again()
        what = "as one digit" if single else "as a number, digit by digit"
        self._app.notify(f"What is on the pad is read {what}.")

    def read_again(self) -> None:
        """Read what is on the pad anew, as one digit or as a number."""
        self._session.set_number(None)
        self._session.predict(self._session.content)
        self.show_prediction()

    def cancel(self) -> None:
        """Discard the stroke that is being drawn, or bring an enlarged view back."""
        if self._pad.pressed:
            self._pad.cancel()
        else:
            self._layout.enlarging.restore()

    def crop(self) -> None:
        """Let a rectangle be selected on the image, to which Enter crops it."""
        self._pad.finish_stroke()
        image = self._session.content.image
        if image is None:
            return
        self._crop.start(image.size)
        self._app.notify(
            "Drag a rectangle; arrow keys move it, with Shift its lower right corner. "
            "Enter crops, Escape cancels."
        )

    def _apply_crop(self) -> None:
        content = self._session.content
        if content.image is None:
            return
        from number_recognition.digits.drawing.image_edits import crop_image

        self.put_on_pad(crop_image(content.image, self._crop.box), content.is_test_image)
        self._app.notify("Cropped.", ("Undo", self._app.undo))

    def set_tool(self, tool: str) -> None:
        """Let the left button draw ("pen") or erase ("eraser")."""
        self._pad.tool = tool
        self._tools.show(tool, self._pad.pen_width)

    def change_pen(self, step: float) -> None:
        """Make the pen thicker or thinner."""
        self._set_pen(self._pad.pen_width + step)

    def _set_pen(self, width: float) -> None:
        self._pad.set_pen_width(round(width))
        self._tools.show(self._pad.tool, self._pad.pen_width)
        self._app.remember(pen=self._pad.pen_width)


def describe_doubt(prediction: Prediction, label: int | None) -> str:
    """Say that the network is sure of another digit than the label; "" where it is not.

    The person may have pressed a wrong key; or the network is wrong and sure, so a drawing is kept
    all the same.
    """
    digit = prediction.digit
    if digit is None or digit == label or prediction.confidence < _SURE:
        return ""
    return f", though it is read as {digit_name(digit)} ({percent(prediction.confidence)})"
