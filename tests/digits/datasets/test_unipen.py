"""UCI's pen digits and UNIPEN folders, in small files of their formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from Main import main
from number_recognition.digits.datasets.unipen import read_characters
from number_recognition.digits.drawing.stroke_files import read_strokes

PENDIGITS = """.VERSION 1.0
.COMMENT made up: 8 bits é
.COORD X Y
.COMMENT 8 12 1
.PEN_DOWN
 10 100
 20 90
.PEN_UP
.DT 6
.COMMENT   3   7   2
.PEN_DOWN
 5 50

 6   40
.PEN_UP
.PEN_DOWN
 7 60
.PEN_UP
"""
INK = """.COORD X Y T
.PEN_DOWN
0 0 1
0 10 2
.PEN_UP
9 9 3
.PEN_DOWN
5 0 4
6 1 5
7 2 6
.PEN_UP
.PEN_DOWN
8 20 7
.PEN_UP
.PEN_DOWN
9 0 8
9 4 9
.PEN_UP
"""


def pendigits(folder: Path, text: str = PENDIGITS) -> Path:
    path = folder / "pendigits-orig.tra"
    path.write_bytes(text.encode("latin-1"))
    return path


def unipen(folder: Path, segments: str, ink: str = INK, header: str = ".WRITER_ID Ada") -> Path:
    """A folder of UNIPEN with one donor and one file, whose ink is included."""
    root = folder / "train"
    (root / "data" / "1A" / "aga").mkdir(parents=True)
    (root / "include" / "AGA" / "ink").mkdir(parents=True)
    text = f"{header}\n.INCLUDE  aga/Ink/ONE.inc\n{segments}\n"
    (root / "data" / "1A" / "aga" / "one.dat").write_bytes(text.encode("latin-1"))
    (root / "include" / "AGA" / "ink" / "one.INC").write_bytes(ink.encode("latin-1"))
    return root


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_pen_digits_are_read_with_their_writers_and_flipped(tmp_path: Path, end: str) -> None:
    original = read_characters(pendigits(tmp_path, PENDIGITS.replace("\n", end)))
    eight, three = original.characters
    assert (eight.label, eight.writer, three.label, three.writer) == (8, 12, 3, 7)
    assert [stroke.tolist() for stroke in eight.strokes] == [[[10, 0], [20, 10]]]
    assert [stroke.tolist() for stroke in three.strokes] == [[[5, 10], [6, 20]], [[7, 0]]]
    assert original.skipped == []


def test_a_broken_pen_digit_is_named_by_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    text = PENDIGITS.replace(" 20 90", " 20 x").replace("7 60", "7 60 1")
    original = read_characters(pendigits(tmp_path, text + ".COMMENT 1 7 3\n.PEN_DOWN\n1 1\n"))
    assert [entry.label for entry in original.characters] == [1]
    path = tmp_path / "pendigits-orig.tra"
    assert [skipped.reason for skipped in original.skipped] == [
        f"{path}, line 4: expected {path}, line 5 to be followed by rows of 2 numbers",
        f"{path}, line 10: expected {path}, line 16 to be followed by rows of 2 numbers",
    ]


@pytest.mark.parametrize(
    ("place", "strokes"),
    [
        ("0", [[[0, 0], [0, 10]]]),
        ("1-2", [[[5, 0], [6, 1], [7, 2]], [[8, 20]]]),
        ("0,3", [[[0, 0], [0, 10]], [[9, 0], [9, 4]]]),
        ("0:1-1:1", [[[0, 10]], [[5, 0], [6, 1]]]),
        ("1:1-1:2", [[[6, 1], [7, 2]]]),
        (" 0 , 2 - 3 ", [[[0, 0], [0, 10]], [[8, 20]], [[9, 0], [9, 4]]]),
    ],
)
def test_a_delineation_names_components_or_points_of_them(
    tmp_path: Path, place: str, strokes: list[list[list[int]]]
) -> None:
    root = unipen(tmp_path, f'.SEGMENT CHARACTER {place} ? "7"')
    [entry] = read_characters(root, y_down=["AGA"]).characters
    assert [stroke.tolist() for stroke in entry.strokes] == strokes
    assert (entry.label, entry.writer) == (7, "aga-Ada")


def test_y_is_flipped_unless_the_donor_has_it_downwards(tmp_path: Path) -> None:
    root = unipen(tmp_path, '.SEGMENT CHARACTER 0,2 ? "7"')
    [entry] = read_characters(root).characters
    assert [stroke.tolist() for stroke in entry.strokes] == [[[0, 20], [0, 10]], [[8, 0]]]


def test_odd_spacing_endings_quotes_and_columns_are_read(tmp_path: Path) -> None:
    segments = (
        '.segment   character\t0   OK\r\n   "\\""\r\n\r\n.SEGMENT CHARACTER 3 GOOD é\r\n'
        '.SEGMENT WORD 0-3 ? "two words"\r\n'
    )
    ink = "\r\n.COORD T Y P X\r\n.PEN_DOWN 1 2 3 4 5 6\r\n7 8\r\n.PEN_UP\r\n"
    ink += ".PEN_DOWN\r\n.PEN_UP\r\n" * 2 + ".PEN_DOWN\r\n0 .5 0 -.5\r\n"
    original = read_characters(unipen(tmp_path, segments, ink, header=".COMMENT none"))
    quote, letter = original.characters
    assert (quote.text, letter.text) == ('"', "é")
    assert quote.label is None and quote.writer == "aga"
    assert [stroke.tolist() for stroke in quote.strokes] == [[[4, 4], [8, 0]]]
    assert [stroke.tolist() for stroke in letter.strokes] == [[[-0.5, 0]]]
    assert original.skipped == []


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        ('CHARACTER 3-4 ? "7"', "expected a delineation in the 4 components, found '3-4'"),
        ('CHARACTER 3-x ? "7"', "expected a delineation like 3-5 or 3:10-4:20, found '3-x'"),
        ('CHARACTER 2:5 ? "7"', "expected a delineation like 3-5 or 3:10-4:20, found '2:5'"),
        ('CHARACTER 0:7-0:9 ? "7"', "expected at least one point, found none"),
        ('CHARACTER 0 ? "48"', "expected a label of one character, found '48'"),
        ("CHARACTER 0", "expected CHARACTER, a delineation, a quality and a label"),
    ],
)
def test_a_segment_that_cannot_be_read_is_named_by_its_line(
    tmp_path: Path, segment: str, reason: str
) -> None:
    root = unipen(tmp_path, f'.SEGMENT {segment}\n.SEGMENT CHARACTER 0 ? "7"')
    original = read_characters(root)
    assert len(original.characters) == 1
    [skipped] = original.skipped
    assert skipped.reason.startswith(f"{root / 'data/1A/aga/one.dat'}, line 3: ")
    assert reason in skipped.reason


def test_only_the_characters_with_broken_points_are_skipped(tmp_path: Path) -> None:
    segments = "\n".join(f'.SEGMENT CHARACTER {n} ? "{n}"' for n in range(4))
    original = read_characters(unipen(tmp_path, segments, INK.replace("6 1 5", "6 1")))
    assert [entry.label for entry in original.characters] == [0, 2, 3]
    [skipped] = original.skipped
    assert "one.INC, line 7 to be followed by rows of 3 numbers" in skipped.reason


@pytest.mark.parametrize("fault", ["missing", "itself", "columns"])
def test_a_file_with_unreadable_ink_is_named_with_its_count(tmp_path: Path, fault: str) -> None:
    root = unipen(tmp_path, '.SEGMENT CHARACTER 0 ? "7"\n.SEGMENT CHARACTER 1 ? "8"')
    ink = root / "include/AGA/ink/one.INC"
    words = {
        "missing": r"one.dat, line 2: expected aga/Ink/ONE.inc in",
        "itself": "found a file that includes this one",
        "columns": "one.INC, line 1: expected .COORD to name X and Y",
    }
    if fault == "missing":
        ink.unlink()
    else:
        ink.write_text(".INCLUDE aga/ink/one.inc\n" if fault == "itself" else ".COORD A B\n")
    [skipped] = read_characters(root).skipped
    assert words[fault] in skipped.reason and skipped.count == 2


def test_a_file_without_characters_is_reported(tmp_path: Path) -> None:
    [skipped] = read_characters(unipen(tmp_path, '.SEGMENT WORD 0-3 ? "word"')).skipped
    assert "one.dat: expected .SEGMENT CHARACTER" in skipped.reason and skipped.count == 0


@pytest.mark.parametrize("name", ["empty", "text", "picture", "absent"])
def test_a_source_of_another_kind_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello\n.PEN_DOWN\n1 1\n")
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\x00")
    with pytest.raises((ValueError, FileNotFoundError), match=name):
        read_characters(tmp_path / name)


def test_an_unknown_donor_is_named_with_the_known_ones(tmp_path: Path) -> None:
    root = unipen(tmp_path, '.SEGMENT CHARACTER 0 ? "7"')
    with pytest.raises(ValueError, match="donors out of aga, found apb"):
        read_characters(root, ["apb"])


def test_the_command_makes_a_stroke_file_of_several_originals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    segments = '.SEGMENT CHARACTER 0 ? "7"\n.SEGMENT CHARACTER 1 ? "A"\n.SEGMENT CHARACTER 9 ? "1"'
    root, file = unipen(tmp_path, segments), pendigits(tmp_path)
    (root / "data" / "1A" / "apb").mkdir()
    (root / "data" / "1A" / "apb" / "two.dat").write_text('.SEGMENT CHARACTER 0 ? "7"')
    config, out = tmp_path / "config.json", tmp_path / "all.jsonl"
    config.write_text("{}")
    command = ["--config", str(config), "strokes", str(file), str(root), "--out", str(out)]
    assert main([*command, "--donors", "aga", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "file": str(out),
        "digits": 3,
        "other": 1,
        "writers": 3,
        "not_asked_for": 0,
        "left_out": 1,
    }
    assert "one.dat, line 5" in said.err and len(said.err.splitlines()) == 1
    entries = read_strokes(out)
    assert [(entry.label, entry.writer) for entry in entries] == [
        (8, 12),
        (3, 7),
        (7, "aga-Ada"),
        (None, "aga-Ada"),
    ]
    assert json.loads(out.read_text().splitlines()[3])["character"] == "A"
    assert main([*command, "--donors", "aga", "--kinds", "other"]) == 0
    assert "0 digits and 1 other characters of 1 writers; 3 not asked" in capsys.readouterr().out
    assert [entry.label for entry in read_strokes(out)] == [None]


def test_a_source_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = pendigits(tmp_path)
    command = ["--config", str(tmp_path / "config.json"), "strokes", str(file), "--out", str(file)]
    assert main(command) == 1
    assert "expected another file" in capsys.readouterr().err
    assert file.read_bytes() == PENDIGITS.encode("latin-1")
