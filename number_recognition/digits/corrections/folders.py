"""Where kept drawings are: a folder for each digit, and the folders beside these ten."""

from __future__ import annotations

from pathlib import Path

from number_recognition.digits.images.image_lists import list_images

ALL_LABELS = (*range(10), None)
"""The labels of kept drawings; None: not a digit."""
_NOT_A_DIGIT = "not_a_digit"


class Folders:
    """The folders of kept drawings and of their trash.

    Attributes:
        digits: the folder with the folders 0 to 9.
        counterexamples: the folder of the drawings that are not a digit.
        former_counterexamples: where earlier versions kept these.
        originals: the folder of the originals.
        trash: the folder of the trash.
    """

    def __init__(self, digits: Path) -> None:
        """Name the folders; none is created."""
        self.digits = digits
        self.originals = digits.with_name(digits.name + "_originals")
        self.trash = digits.with_name(digits.name + "_trash")
        self.counterexamples = digits.with_name(digits.name + "_counterexamples") / _NOT_A_DIGIT
        self.former_counterexamples = self.originals / _NOT_A_DIGIT

    def kept(self, label: int | None) -> Path:
        """Return the folder in which drawings of a label are kept."""
        return self.counterexamples if label is None else self.digits / str(int(label))

    def trashed(self, label: int | None) -> Path:
        """Return the folder of the trash for drawings of a label."""
        return self.trash / folder_name(label)

    def all_kept(self) -> list[tuple[Path, int | None]]:
        """Return each folder of kept drawings with its label."""
        folders = [(self.kept(label), label) for label in ALL_LABELS]
        return [*folders, (self.former_counterexamples, None)]


def folder_name(label: int | None) -> str:
    """Return the name of the folder for drawings of a label, within another folder."""
    return _NOT_A_DIGIT if label is None else str(int(label))


def list_labelled(folder: Path) -> list[tuple[Path, int | None]]:
    """Return the images in the subfolders 0 to 9 and not_a_digit of a folder, with their labels.

    Raises:
        ValueError: there is none.
        OSError: one of these folders cannot be listed.
    """
    images = [
        (path, label) for label in ALL_LABELS for path in list_images(folder / folder_name(label))
    ]
    if not images:
        expected = f"expected images in subfolders 0 to 9 or {_NOT_A_DIGIT}, found none"
        raise ValueError(f"{folder}: {expected}")
    return images
