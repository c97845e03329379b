"""What there is to say of a kept drawing."""

from __future__ import annotations

from datetime import datetime, timezone

from digits.corrections import Correction
from learning.words import percent
from window.desk import Desk
from window.drawings_list import KeptDrawings


def when(entry: Correction) -> str:
    """As what and when a drawing was kept."""
    name = "no digit" if entry.label is None else f"a {entry.label}"
    try:
        moment = datetime.strptime(entry.kept_at, "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return f"as {name}"
    return f"as {name} on {moment.astimezone():%d %B %Y, %H:%M}"


def described(entry: Correction, drawings: KeptDrawings, desk: Desk) -> str:
    """When it was kept, what the network reads in it today, and of what it is a copy."""
    lines = [f"Kept {when(entry)}."]
    if entry in drawings.problems:
        return "\n".join([*lines, f"It cannot be read: {drawings.problems[entry]}"])
    prediction = drawings.prediction(entry)
    if prediction is not None:
        first, *others = prediction.ranking()[:3]
        lines.append(f"The network in use reads a {first[0]} today: {percent(first[1])}")
        lines.append("then " + ", ".join(f"{digit}: {percent(part)}" for digit, part in others))
    copies = drawings.copies(entry)
    if copies:
        labels = ", ".join("no digit" if c.label is None else str(c.label) for c in copies)
        lines.append(f"The same picture is kept {len(copies)} times: as {labels}.")
    return "\n".join(lines)
