"""The strokes command: convert UCI's pen digits or UNIPEN to a stroke file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from number_recognition.commands.output import DONE, print_error, print_json
from number_recognition.commands.usage import check_out
from number_recognition.core.formatting import pluralize
from number_recognition.digits.datasets.unipen import Character, ReadResult, read_characters
from number_recognition.storage.files import write_text

DIGITS, OTHER = "digits", "other"


def strokes(options: argparse.Namespace) -> int:
    """Write the characters of each original to one stroke file; skipped ones are named."""
    _check_out(options.out, options.originals)
    characters: list[Character] = []
    skipped = 0
    for path in options.originals:
        if not path.exists():
            raise FileNotFoundError(f"{path}: expected an original, found no such file or folder")
        original = read_characters(path, options.donors or (), options.y_down or ())
        skipped += _print_skipped(original)
        characters += original.characters
    selected = [each for each in characters if _kind(each) in options.kinds]
    if not selected:
        raise ValueError(
            f"{', '.join(map(str, options.originals))}: expected characters of --kinds "
            f"{' '.join(options.kinds)}, found none among "
            f"{pluralize(len(characters), 'character')}; {skipped:,} cannot be read"
        )
    write_text(options.out, "".join(character_line(each) + "\n" for each in selected))
    result = {
        "file": str(options.out),
        "digits": sum(each.label is not None for each in selected),
        "other": sum(each.label is None for each in selected),
        "writers": len({each.writer for each in selected}),
        "not_asked_for": len(characters) - len(selected),
        "left_out": skipped,
    }
    print_json(result) if options.json else print(as_text(result))
    return DONE


def _check_out(out: Path, originals: Sequence[Path]) -> None:
    """Check that no original and no file of another kind than .jsonl would be overwritten.

    Raises:
        ValueError: it is an original, or an existing file that does not end in .jsonl.
        OSError: it cannot be written.
    """
    if out.resolve() in {path.resolve() for path in originals}:
        raise ValueError(f"{out}: expected another file than an original to write to")
    check_out(out)
    if out.exists() and out.suffix.lower() != ".jsonl":
        raise ValueError(f"{out}: expected a new file or a stroke file (.jsonl), found another one")


def _print_skipped(original: ReadResult) -> int:
    """Print the skipped characters of an original; returns their number."""
    for skipped in original.skipped:
        print_error(f"skipped ({pluralize(skipped.count, 'character')}): {skipped.reason}")
    return sum(skipped.count for skipped in original.skipped)


def _kind(character: Character) -> str:
    return OTHER if character.label is None else DIGITS


def character_line(character: Character) -> str:
    """A character as one line of a stroke file; one that is no digit has the key "character"."""
    entry: dict[str, object] = {"label": character.label, "writer": character.writer}
    if character.label is None:
        entry["character"] = character.text
    entry["strokes"] = [_plain(stroke.tolist()) for stroke in character.strokes]
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _plain(points: Iterable[list[float]]) -> list[list[float]]:
    return [[int(v) if v == int(v) else round(v, 2) for v in point] for point in points]


def as_text(result: dict[str, object]) -> str:
    """The result as text."""
    return (
        f"{result['file']}: {result['digits']:,} digits and {result['other']:,} other characters "
        f"of {result['writers']:,} writers; {result['not_asked_for']:,} not asked for, "
        f"{result['left_out']:,} skipped"
    )
