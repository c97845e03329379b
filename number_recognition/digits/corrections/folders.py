"""The folders of kept drawings: one for each label, and the same in the trash."""

from __future__ import annotations

from pathlib import Path

from number_recognition.digits.images.image_files import count_images

ALL_LABELS = (*range(10), None)
_NOT_A_DIGIT = "not_a_digit"


class CorrectionFolders:
    """The folders of kept drawings.

    Attributes:
        digits: the folder with the ten folders of the digits.
        counterexamples: the folder of the drawings that are not a digit.
        old_counterexamples: where version 2 and earlier kept them; still read.
        trash: the folder of the trash.
        originals: the folder of the originals.
    """

    def __init__(self, digits: Path) -> None:
        self.digits = digits
        self.originals = digits.with_name(f"{digits.name}_originals")
        self.trash = digits.with_name(f"{digits.name}_trash")
        beside = digits.with_name(f"{digits.name}_counterexamples")
        self.counterexamples = beside / _NOT_A_DIGIT
        self.old_counterexamples = self.originals / _NOT_A_DIGIT

    def for_label(self, label: int | None) -> Path:
        """Return the folder to which drawings of a label are written."""
        return self.counterexamples if label is None else self.digits / str(int(label))

    def trash_for_label(self, label: int | None) -> Path:
        """Return the folder of a label in the trash."""
        return self.trash / (_NOT_A_DIGIT if label is None else str(int(label)))

    def in_trash(self) -> list[tuple[Path, int | None]]:
        """Return each folder of the trash with its label, the counterexamples last."""
        return [(self.trash_for_label(label), label) for label in ALL_LABELS]

    def kept(self) -> list[tuple[Path, int | None]]:
        """Return each folder of kept drawings with its label, the counterexamples last."""
        folders = [(self.for_label(label), label) for label in ALL_LABELS]
        return [*folders, (self.old_counterexamples, None)]

    def count(self) -> tuple[dict[int | None, int], dict[Path, str]]:
        """Count the kept drawings without listing them.

        Returns:
            How many there are of each label (None: not a digit), and for each folder that cannot
            be listed the reason; their labels are left out.
        """
        counts: dict[int | None, int] = dict.fromkeys(ALL_LABELS, 0)
        problems: dict[Path, str] = {}
        for folder, label in self.kept():
            try:
                if label in counts:
                    counts[label] += count_images(folder)
            except OSError as error:
                problems[folder] = str(error)
                del counts[label]
        return counts, problems
