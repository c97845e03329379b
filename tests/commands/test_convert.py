"""`convert`: networks that others made become files like the program's own."""

from __future__ import annotations

from pathlib import Path

import network_files
import numpy as np
import pytest

from Main import main
from number_recognition.learning.models.keras_file import read_network

ANSWER = [0.55, *[0.05] * 9]


def convert(folder: Path, *names: str, code: int = 0) -> None:
    (folder / "config.json").write_text("{}")
    paths = [str(folder / name) for name in names]
    assert main(["--config", str(folder / "config.json"), "convert", *paths]) == code


def test_a_network_of_the_older_format_is_converted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network_files.write_legacy(tmp_path / "old.h5", ANSWER)
    convert(tmp_path, "old.h5", "new.keras")
    assert capsys.readouterr().out == f"{tmp_path / 'new.keras'}\n"
    found = read_network(tmp_path / "new.keras")
    assert found.is_own
    values = np.zeros((1, 784), np.float32)
    for layer in found.layers:
        values = layer(values)
    assert values[0] == pytest.approx(ANSWER, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "target", "words"),
    [
        ("absent.h5", "new.keras", "absent.h5: expected a network (.keras), found no such file"),
        ("old.h5", "there.keras", "there.keras: expected a new file, found one of this name"),
        ("text.h5", "new.keras", "text.h5: expected a network (.keras), found another file"),
        ("old.h5", "nowhere/new.keras", "nowhere: expected a folder, found none"),
    ],
)
def test_what_cannot_be_converted_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, target: str, words: str
) -> None:
    network_files.write_legacy(tmp_path / "old.h5", ANSWER)
    (tmp_path / "there.keras").write_text("something else")
    (tmp_path / "text.h5").write_text("text")
    convert(tmp_path, name, target, code=1)
    assert words in capsys.readouterr().err
    assert (tmp_path / "there.keras").read_text() == "something else"
    assert not (tmp_path / "new.keras").exists()


def test_the_new_file_ends_in_keras(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        convert(tmp_path, "old.h5", "new.h5")
    assert "expected a name that ends in .keras" in capsys.readouterr().err


def test_using_the_older_format_says_how_to_convert_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network_files.write_legacy(tmp_path / "old.h5", ANSWER)
    (tmp_path / "config.json").write_text("{}")
    arguments = ["predict", str(tmp_path / "a.png"), "--model", str(tmp_path / "old.h5")]
    assert main(["--config", str(tmp_path / "config.json"), *arguments]) == 1
    assert "'Main.py convert old.h5 old.keras' converts it" in capsys.readouterr().err
