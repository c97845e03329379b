"""Writes all kept drawings into one ZIP, with their labels in a table."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.folders import folder_name
from number_recognition.storage.files import atomic_write

TABLE = "labels.csv"


def export_zip(corrections: Sequence[Correction], path: str | Path) -> int:
    """Write drawings into a ZIP: `<label>/<file>` each, and `labels.csv` of file and label.

    A folder of the ten digits, as an import and torchvision's ImageFolder read it; what is no digit
    lies in `not_a_digit` and has the label "none".

    Returns:
        how many were written; a file that went away meanwhile is left out.

    Raises:
        OSError: the ZIP cannot be written, or a drawing cannot be read.
    """
    rows: list[tuple[str, str]] = []

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
            for correction in corrections:
                label = "none" if correction.label is None else str(correction.label)
                name = f"{folder_name(correction.label)}/{correction.path.name}"
                try:
                    archive.write(correction.path, name)
                except FileNotFoundError:
                    continue
                rows.append((name, label))
            table = io.StringIO()
            csv.writer(table, lineterminator="\n").writerows([("file", "label"), *rows])
            archive.writestr(TABLE, table.getvalue())

    atomic_write(path, write)
    return len(rows)
