"""What there is to say of a kept drawing."""

from __future__ import annotations

from datetime import datetime, timezone

from number_recognition.core.formatting import digit_name, percent
from number_recognition.digits.corrections.corrections import Correction
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import read_as
from number_recognition.session.correction_list import MISREAD, CorrectionList, by_label
from number_recognition.session.session import Session
from number_recognition.window.widgets.thumbnail_grid import Thumbnail


def when(entry: Correction) -> str:
    """As what and when a drawing was kept."""
    name = digit_name(entry.label)
    try:
        moment = datetime.strptime(entry.kept_at, "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return f"as {name}"
    return f"as {name} on {moment.astimezone():%d %B %Y, %H:%M}"


def described(entry: Correction, drawings: CorrectionList, session: Session) -> str:
    """When it was kept, what the network reads in it today, and of what it is a copy."""
    lines = [f"Kept {when(entry)}."]
    if entry in drawings.problems:
        return "\n".join([*lines, f"It cannot be read: {drawings.problems[entry]}"])
    prediction = drawings.prediction(entry)
    if prediction is not None:
        lines += _reading(prediction)
    copies = drawings.copies(entry)
    if copies:
        names = ["no digit" if label is None else str(label) for label in by_label(copies)]
        lines.append(f"The same picture is kept {len(copies):,} times: as {', '.join(names)}.")
    return "\n".join(lines)


def _reading(prediction: Prediction) -> list[str]:
    """What the network in use reads, and the most probable other digits."""
    line = f"The network in use reads {read_as(prediction)}"
    if prediction.refused:
        return [line]
    others = [f"{digit}: {percent(prediction.outputs[digit])}" for digit, _ in prediction.ranking()]
    return [line, "then " + ", ".join(others[1:3])]


def summary(drawings: CorrectionList) -> str:
    """How many drawings are kept, how many of them misread, and which cannot be read."""
    kept, problems = len(drawings.kept), drawings.problems
    misread = len(drawings.groups[MISREAD])
    if not kept:
        words = "Nothing is kept yet: draw a digit and press the key of the digit it is."
    else:
        words = f"{kept:,} kept"
        words += f", {misread:,} of them misread today" if misread else ""
    if problems:
        entry, why = next(iter(problems.items()))
        name = f"{entry.path.parent.name}/{entry.path.name}"
        why = why.removeprefix(f"{entry.path}: ")
        words += f". Left alone, since unreadable: {len(problems)}, {name} for one ({why})"
    return words


def tile(entry: Correction, drawings: CorrectionList) -> Thumbnail:
    """What a drawing looks like among the others."""
    pixels = drawings.pixels(entry)
    label = "–" if entry.label is None else str(entry.label)
    if pixels is None:
        is_unreadable = entry in drawings.problems
        return Thumbnail(None, "?" if is_unreadable else label, alarm=is_unreadable)
    if drawings.is_misread(entry):
        digit = drawings.prediction(entry).digit
        answer = "none" if digit is None else str(digit)
        return Thumbnail(pixels, f"{label} read {answer}", alarm=True)
    copies = len(drawings.copies(entry))
    return Thumbnail(pixels, f"{label} ×{copies}" if copies else label)
