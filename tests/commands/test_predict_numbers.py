"""`predict` on images with several digits."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from number_drawings import number_drawing

from Main import main
from number_recognition.digits.drawing.rasterize import rasterize
from Recognition import SHIPPED

pytestmark = pytest.mark.skipif(
    not Path(SHIPPED).exists(), reason="reading numbers needs the bundled network"
)


@pytest.fixture
def number(tmp_path: Path) -> Path:
    path = tmp_path / "713.png"
    rasterize(number_drawing(7, 1, 3), 560).save(path)
    return path


def predict(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    config = Path(str(arguments[0])).with_name("config.json")
    config.write_text("{}")
    options = ["--model", str(SHIPPED), *map(str, arguments)]
    assert main(["--config", str(config), "predict", *options]) == 0
    return capsys.readouterr().out


def test_the_number_is_printed(number: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert predict(capsys, number).startswith(f"{number}: 713  (")


def test_json_lists_every_digit_with_its_box(
    number: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [answer] = json.loads(predict(capsys, number, "--json"))
    assert (answer["text"], answer["digit"], answer["probabilities"]) == ("713", None, None)
    assert [digit["digit"] for digit in answer["digits"]] == [7, 1, 3]
    lefts = [digit["box"][0] for digit in answer["digits"]]
    assert lefts == sorted(lefts) and 0 < answer["confidence"] <= 1
    for digit in answer["digits"]:
        left, top, right, bottom = digit["box"]
        assert 0 <= left < right <= 560 and 0 <= top < bottom <= 560


def test_csv_has_the_text_and_the_boxes_in_further_columns(
    number: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [row] = csv.DictReader(io.StringIO(predict(capsys, number, "--csv")))
    assert list(row)[:3] == ["file", "digit", "confidence"]
    assert list(row)[-4:] == ["best_guess", "text", "boxes", "page"]
    assert (row["digit"], row["p0"], row["text"]) == ("", "", "713")
    assert [len(box.split()) for box in row["boxes"].split("; ")] == [4, 4, 4]


def test_with_single_an_image_is_one_digit(
    number: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [answer] = json.loads(predict(capsys, number, "--single", "--json"))
    assert len(answer["text"]) <= 1 and len(answer["probabilities"]) == 10
