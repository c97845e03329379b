"""Texts that describe kept drawings, and their thumbnails."""

from __future__ import annotations

from datetime import datetime, timezone

from number_recognition.core.formatting import digit_name, percent
from number_recognition.digits.corrections.correction import Correction
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import read_as
from number_recognition.session.correction_list import MISREAD, CorrectionList, by_label
from number_recognition.window.widgets.thumbnail_painter import Thumbnail


def kept_as(entry: Correction) -> str:
    """Label and time of a kept drawing: "as a 4 on 22 November 2026, 14:53"."""
    name = digit_name(entry.label)
    try:
        moment = datetime.strptime(entry.kept_at, "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return f"as {name}"
    return f"as {name} on {moment.astimezone():%d %B %Y, %H:%M}"


def describe(entry: Correction, drawings: CorrectionList) -> str:
    """When a drawing was kept, the prediction of the network in use, and its duplicates."""
    lines = [f"Kept {kept_as(entry)}."]
    if entry in drawings.problems:
        return "\n".join([*lines, f"It cannot be read: {drawings.problems[entry]}"])
    prediction = drawings.prediction(entry)
    if prediction is not None:
        lines += _prediction_lines(prediction)
    same = drawings.duplicates_of(entry)
    if same:
        names = ["no digit" if label is None else str(label) for label in by_label(same)]
        lines.append(f"The same image is kept {len(same):,} times: as {', '.join(names)}.")
    return "\n".join(lines)


def _prediction_lines(prediction: Prediction) -> list[str]:
    """The prediction, and the digits that are next in probability."""
    line = f"The network in use reads {read_as(prediction)}"
    if prediction.refused:
        return [line]
    others = [f"{digit}: {percent(prediction.outputs[digit])}" for digit, _ in prediction.ranking()]
    return [line, "then " + ", ".join(others[1:3])]


def summarize(drawings: CorrectionList) -> str:
    """How many drawings are kept, how many of them misread, and which cannot be read."""
    kept, problems = len(drawings.kept), drawings.problems
    misread = len(drawings.groups[MISREAD])
    if not kept:
        text = "Nothing is kept yet: draw a digit and press the key of the digit it is."
    else:
        text = f"{kept:,} kept"
        text += f", {misread:,} of them misread by the network in use" if misread else ""
    if problems:
        entry, reason = next(iter(problems.items()))
        name = f"{entry.path.parent.name}/{entry.path.name}"
        reason = reason.removeprefix(f"{entry.path}: ")
        text += f". Cannot be read: {len(problems):,}, for example {name} ({reason})"
    return text


def thumbnail(entry: Correction, drawings: CorrectionList) -> Thumbnail:
    """The thumbnail of a drawing, with its label and what is wrong with it."""
    pixels = drawings.pixels(entry)
    label = "–" if entry.label is None else str(entry.label)
    if pixels is None:
        is_unreadable = entry in drawings.problems
        return Thumbnail(None, "?" if is_unreadable else label, warning=is_unreadable)
    prediction = drawings.prediction(entry)
    if prediction is not None and drawings.is_misread(entry):
        answer = "–" if prediction.digit is None else str(prediction.digit)
        return Thumbnail(pixels, f"{label} read {answer}", warning=True)
    count = len(drawings.duplicates_of(entry))
    return Thumbnail(pixels, f"{label} ×{count}" if count else label)
