"""`predict` and `evaluate` refuse drawings by the same rule as the window, set in config.json."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from digit_images import drawing, rasterized
from network_files import answering
from PIL import Image

from Main import main
from number_recognition.digits.drawing.stroke_files import format_line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A picture of a 4, the same in a labelled folder, and a stroke file with no digit in it."""
    for name in ("four.png", "labelled/4/four.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        rasterized(drawing(4)).save(tmp_path / name)
    Image.new("L", (28, 28), 255).save(tmp_path / "blank.png")
    strokes = drawing(4).drawing
    lines = [format_line(strokes, 4), format_line(strokes, None)]
    (tmp_path / "strokes.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


class Commands:
    """Runs commands with a network that is 60 % sure of a 4 and 30 % of no digit."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys
        self._network = answering(folder / "network.keras", d4=0.6, none=0.3)

    def run(self, refuse_above: float | None, command: str, *arguments: str) -> str:
        config = self._folder / "config.json"
        config.write_text(json.dumps({"recognition": {"refuse_above": refuse_above}}))
        names = [str(self._folder / a) if "." in a or a == "labelled" else a for a in arguments]
        given = ["--config", str(config), "--model", str(self._network), command, *names]
        assert main(given) == 0
        return self._capsys.readouterr().out

    def json(self, *arguments: Any) -> Any:
        return json.loads(self.run(*arguments, "--json"))


@pytest.fixture
def commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(folder, capsys)


@pytest.mark.parametrize(("refuse_above", "digit"), [(None, 4), (0.5, 4), (0.2, None)])
def test_predict_refuses_above_the_limit(
    commands: Commands, refuse_above: float | None, digit: int | None
) -> None:
    [answer] = commands.json(refuse_above, "predict", "four.png")
    assert (answer["digit"], answer["best_guess"]) == (digit, 4)
    columns = ["file", "digit", "best_guess", "confidence", "probabilities", "text", "digits"]
    assert list(answer) == [*columns, "page"]


def test_csv_has_the_same_columns_for_an_answer_a_refusal_and_a_blank_image(
    commands: Commands,
) -> None:
    probabilities = [f"p{digit}" for digit in range(10)]
    columns = ["file", "digit", "confidence", *probabilities, "best_guess", "text", "boxes", "page"]
    found = []
    for refuse_above in (None, 0.2):
        text = commands.run(refuse_above, "predict", "four.png", "blank.png", "--csv")
        reader = csv.DictReader(io.StringIO(text))
        found.append([(row["digit"], row["best_guess"]) for row in reader])
        assert reader.fieldnames == columns
    assert found == [[("4", "4"), ("", "")], [("none", "4"), ("", "")]]


def test_predict_prints_none_for_people(commands: Commands, folder: Path) -> None:
    printed = commands.run(0.2, "predict", "four.png", "blank.png")
    assert printed == (f"{folder}/four.png: none  (best guess 4)\n{folder}/blank.png: blank\n")


@pytest.mark.parametrize(("refuse_above", "refused"), [(None, 0), (0.2, 1)])
def test_evaluate_refuses_above_the_limit(
    commands: Commands, refuse_above: float | None, refused: int
) -> None:
    result = commands.json(
        refuse_above, "evaluate", "--strokes", "strokes.jsonl", "--images", "labelled"
    )
    for source in ("strokes", "images"):
        assert (result[source]["refused"], result[source]["accuracy"]) == (refused, 1 - refused)
    assert result["strokes"]["other"] == {"n": 1, "refused": refused}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"refuse_above": 2}, "'refuse_above': expected at most 1, found 2"),
        ({"refuse_above": "often"}, "'refuse_above': expected a number or null, found 'often'"),
        ({"unsure_below": None}, "'unsure_below': expected a number, found None"),
    ],
)
def test_a_limit_that_is_no_probability_is_rejected(
    folder: Path, capsys: pytest.CaptureFixture[str], settings: dict[str, Any], expected: str
) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({"recognition": settings}))
    assert main(["--config", str(path), "predict", str(folder / "four.png")]) == 1
    assert expected in capsys.readouterr().err
