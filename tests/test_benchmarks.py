"""Benchmarks measure every row, and say so where they cannot."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import network_files
import pytest
from digit_images import drawing, rasterized, write_mnist
from PIL import Image

from benchmarks import (
    accuracy,
    numbers,
    pictures,
    refusals,
    training_loop,
    turned_pages,
)
from benchmarks.probes import probing
from benchmarks.samples.blank_paper import PAPERS
from benchmarks.samples.degradations import CLUTTER, LIGHT
from benchmarks.samples.sizes import SIZES
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.stroke_files import format_line
from Recognition import Recognizer


@pytest.fixture
def network(tmp_path: Path) -> str:
    return str(network_files.random_network(tmp_path / "network.keras"))


def test_rows_without_their_data_are_not_measured(
    network: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accuracy.main(["--model", network]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "not measured (no MNIST: --mnist FILE.npz)" in lines[0]
    assert "not measured (no stroke file: --strokes FILE.jsonl)" in lines[1]


def zip_of_pictures(path: Path, *rows: tuple[str, str]) -> Path:
    """A zip with a picture of a digit and its line in the list for each file and label."""
    lines = ["file,label,kind", *(f"{name},{label},photo" for name, label in rows)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("labels.csv", "\n".join(lines))
        for name, _ in rows:
            rasterized(drawing(7)).save(path.with_name(name))
            archive.write(path.with_name(name), name)
    return path


def test_pictures_of_one_digit_are_measured_at_each_size(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = zip_of_pictures(tmp_path / "image_menu.zip", ("a.png", "7"), ("b.png", "77"))
    assert accuracy.main(["--model", network, "--pictures", str(archive), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"][2:]
    assert [row["name"] for row in rows] == [
        "pictures, photo",
        "photos of paper, as they are",
        "photos of paper, shrunk into 200 pixels",
        "photos of paper, shrunk into 64 pixels",
        "photos of paper, shrunk into 28 pixels",
    ]
    assert {row["n"] for row in rows} == {1}


def test_pictures_in_folders_are_measured_with_each_kind_of_clutter_and_light(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for label in (2, 7):
        (tmp_path / str(label)).mkdir()
        rasterized(drawing(label), size=150).save(tmp_path / str(label) / "a.png")
    arguments = [str(tmp_path), "--count", "1", "--seeds", "1", "2", "--degraded", "--json"]
    assert pictures.main(arguments) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    names = [f"good digits, {name}" for name in CLUTTER | LIGHT | SIZES]
    assert [row["name"] for row in rows] == [*names, *(f"empty paper, {k}" for k in PAPERS)]
    assert {row["n"] for row in rows[:-1]} == {2}


def test_a_file_of_pictures_that_is_none_is_named(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_text("hello")
    assert accuracy.main(["--model", network, "--pictures", str(tmp_path / "a.zip")]) == 1
    assert "a.zip: expected a zip with labels.csv" in capsys.readouterr().err


def test_every_row_is_measured_on_held_out_writers_alone(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strokes, sheet = tmp_path / "strokes.jsonl", tmp_path / "errors.png"
    lines = [format_line(drawing(n).drawing, n, writer) for writer in (3, 4) for n in range(3)]
    strokes.write_text("\n".join(lines))

    arguments = ["--model", network, "--strokes", str(strokes), "--sheet", str(sheet), "--json"]
    assert accuracy.main(arguments) == 0

    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["n"] for row in rows[1:]} == {3}
    cells = {row["name"]: len(row["cells"]) for row in rows if "cells" in row}
    assert sorted(cells.values()) == [6, 22, 32]
    with Image.open(sheet) as image:
        assert image.width > 1000


def test_sure_answers_are_counted_and_judged(tmp_path: Path) -> None:
    path = network_files.answering(tmp_path / "network.keras", d4=0.95, none=0.01)
    measured = refusals.rows(Recognizer.load(path), [drawing(4), drawing(7)], 30)
    found = {row.name.strip(): row.part for row in measured}
    assert found["shown as sure"] == 1 and found["of those shown as sure, right"] == 0.5
    assert "of those shown as unsure, right" not in found


def test_a_stroke_file_without_held_out_writers_is_named(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strokes = tmp_path / "strokes.jsonl"
    strokes.write_text(format_line(drawing(1).drawing, 1, 3))
    assert accuracy.main(["--model", network, "--strokes", str(strokes)]) == 1
    assert "strokes.jsonl: expected drawings of the writers" in capsys.readouterr().err


def test_trainings_are_measured_only_with_their_data(
    network: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accuracy.main(["--model", network, "--train", "1"]) == 1
    said = capsys.readouterr()
    assert "--train needs --mnist FILE.npz and --strokes FILE.jsonl" in said.err and not said.out


def test_files_that_are_none_are_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks import adaptation, speed

    broken, missing = tmp_path / "broken.keras", tmp_path / "missing.jsonl"
    broken.write_text("no network")
    assert speed.main(["--model", str(broken)]) == 1
    assert one_line(capsys).startswith(str(broken))
    assert adaptation.main(["--strokes", str(missing), "--mnist", str(missing)]) == 1
    assert "missing.jsonl" in one_line(capsys)


def test_writers_of_a_few_digits_are_left_out_of_adaptation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks import adaptation

    strokes, mnist_file = tmp_path / "strokes.jsonl", write_mnist(tmp_path / "mnist.npz")
    strokes.write_text(format_line(drawing(1).drawing, 1, 3))
    assert adaptation.main(["--strokes", str(strokes), "--mnist", str(mnist_file)]) == 1
    assert "expected a writer of 150 digits or more, found none" in one_line(capsys)


def test_a_probe_that_fails_says_its_last_word_alone() -> None:
    with pytest.raises(OSError, match=r"^-c 1 / 0 failed: ZeroDivisionError: division by zero$"):
        probing.run_python(["-c", "1 / 0"])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.keras"
    path.write_text("no network")
    return path


@pytest.mark.parametrize("what", ["open", "keep", "train"])
def test_a_window_without_a_network_ends_at_once(
    display: str, broken: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "TIME_LIMIT", 60)
    with pytest.raises(OSError, match=r"broken\.keras: expected a network"):
        probing.probed(what, broken)


@pytest.mark.parametrize(
    ("lines", "said"),
    [("", "expected a drawing a line"), (format_line(Drawing(), 1, 3), "line 1: expected")],
)
def test_a_window_without_drawings_ends_at_once(
    display: str, network: str, tmp_path: Path, lines: str, said: str
) -> None:
    strokes = tmp_path / "strokes.jsonl"
    strokes.write_text(lines)
    with pytest.raises(OSError, match=said):
        probing.probed("tune", Path(network), "--strokes", str(strokes), "--writer", "3")


def test_a_mistake_in_the_window_ends_the_probe(display: str, network: str, tmp_path: Path) -> None:
    code = """
import sys
import zipfile
from pathlib import Path
from benchmarks.probes.probe import Probe
probe = Probe(Path(sys.argv[1]), Path(sys.argv[2]))
def steps():
    probe.app.after(1, lambda: 1 / 0)
    while True:
        yield 1
probe.run(steps())
"""
    with pytest.raises(OSError, match="ZeroDivisionError"):
        probing.run_python(["-c", code, network, str(tmp_path)])


@pytest.mark.skipif(sys.platform != "linux", reason="X11 alone has displays by number")
def test_a_display_that_is_none_is_named_in_one_line(
    network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":54321")
    with pytest.raises(OSError, match=":54321"):
        probing.probed("open", Path(network))


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_numbers_are_composed_of_each_writers_digits_and_measured(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strokes = tmp_path / "strokes.jsonl"
    lines = [format_line(drawing(n % 10, n).drawing, n % 10, 3) for n in range(20)]
    strokes.write_text("\n".join([*lines, format_line(drawing(7).drawing, "42", 4)]))
    arguments = ["--model", network, "--strokes", str(strokes), "--count", "2", "--json"]
    assert numbers.main(arguments) == 0
    measured = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["n"]) for row in measured["rows"]] == [
        ("strokes, as written", 1),
        ("strokes, clear gaps", 2),
        ("strokes, touching", 2),
        ("strokes, single digits", 8),
        ("strokes, pen not lifted", 2),
    ]
    assert measured["seed"] == 0 and "split" in measured["rows"][-2]


def test_pages_of_held_out_writers_are_turned_and_measured(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strokes = tmp_path / "strokes.jsonl"
    lines = [format_line(drawing(n % 10, n).drawing, n % 10, 4) for n in range(20)]
    strokes.write_text("\n".join(lines))
    assert turned_pages.main(["--model", network, "--strokes", str(strokes), "--count", "1"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 1 + len(turned_pages.TURNS) * len(turned_pages.KINDS)
    assert rows[0].startswith("single digits turned by any angle") and "10 samples" in rows[0]


def test_the_training_loop_is_measured_beside_fit(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--samples", "128", "--batch-size", "32", "--epochs", "3", "--rounds", "1"]
    assert training_loop.main([*arguments, "--hidden-layers", "8", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    rates = {row["name"]: row["value"] for row in figures if row["unit"] == "samples/s"}
    assert list(rates) == ["training loop", "fit", "fit, steps_per_execution=16"]
    ratio = next(row["value"] for row in figures if row["name"] == "training loop / fit")
    assert ratio == pytest.approx(rates["training loop"] / rates["fit"])


def test_the_training_loop_is_not_measured_without_a_second_epoch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        training_loop.main(["--epochs", "1"])
    assert "two epochs" in capsys.readouterr().err
