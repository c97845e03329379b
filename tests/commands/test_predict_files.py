"""`predict` on many files, pages, standard input, labels and odd names."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import network_files
import pytest
from digit_images import drawing, rasterized
from PIL import Image

from Main import main
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import BUNDLED_NETWORK
from Recognition import Recognizer

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names, terminals, signals")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a network that answers 4 to all that is not blank; the current folder."""
    network_files.answering(tmp_path / "network.keras", d4=0.9)
    (tmp_path / "config.json").write_text(json.dumps({"paths": {"network": "network.keras"}}))
    rasterized(drawing(4)).save(tmp_path / "a.png")
    Image.new("L", (90, 90), 255).save(tmp_path / "blank.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def predict(*arguments: object, code: int = 0) -> None:
    assert main(["--config", "config.json", "predict", *map(str, arguments)]) == code


def test_without_a_network_of_its_own_a_config_uses_the_bundled_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "config.json").write_text("{}")
    predict("a.png", "--json")
    bundled = Recognizer.load(BUNDLED_NETWORK).predict(Image.open("a.png"))
    [read] = json.loads(capsys.readouterr().out)
    assert read["probabilities"] == pytest.approx(bundled.probabilities, abs=1e-5)
    (home / "models").mkdir()
    shutil.copy("network.keras", home / "models" / "digits.keras")
    predict("a.png", "--json")
    assert json.loads(capsys.readouterr().out)[0]["confidence"] == pytest.approx(0.9)
    (home / "config.json").write_text(json.dumps({"paths": {"network": "mine.keras"}}))
    predict("a.png", code=1)
    assert "mine.keras: expected a network" in capsys.readouterr().err


def command(*arguments: object) -> list[str]:
    start = [sys.executable, str(PROJECT_DIR / "Main.py"), "--config", "config.json", "predict"]
    return start + [str(argument) for argument in arguments]


def start(*arguments: object, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(*arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        preexec_fn=None if os.name == "nt" else receive_interruptions,
    )


def receive_interruptions() -> None:
    """Undo what a shell does for commands in the background: they ignore interruptions."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_each_result_is_printed_as_it_comes_and_standard_input_is_read(home: Path) -> None:
    process = start("a.png", "-")
    assert process.stdout is not None
    assert process.stdout.readline() == b"a.png: 4  (90.0 %)\n"  # while it waits for its input
    out, errors = process.communicate((home / "blank.png").read_bytes(), timeout=60)
    assert (out, errors, process.returncode) == (b"-: blank\n", b"", 0)


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "found an empty file"), (b"%PDF-1.7", "found a PDF; save")]
)
def test_what_is_no_image_on_standard_input_is_named(
    home: Path, content: bytes, words: str
) -> None:
    out, errors = start("-", "--json").communicate(content, timeout=60)
    assert out == b"[]\n"
    assert errors.decode().startswith(f"standard input: expected an image, {words}")


@POSIX
def test_json_is_whole_though_the_command_is_interrupted(home: Path) -> None:
    process = start("a.png", "-", "--json")
    assert process.stdin is not None
    assert process.stdout is not None and process.stderr is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.stdin.close()  # a signal just before its read is seen only after that
    [answer] = json.loads(first + process.stdout.read())
    assert (answer["file"], process.stderr.read()) == ("a.png", b"Interrupted.\n")
    assert process.wait(60) == 130


@POSIX
def test_a_terminal_shows_progress_while_results_go_to_a_file(home: Path) -> None:
    terminal, end = os.openpty()
    process = start("a.png", "blank.png", "absent.png", stderr=end)
    os.close(end)
    out, _ = process.communicate(timeout=60)
    shown = os.read(terminal, 4096).decode()
    os.close(terminal)
    assert out.count(b"\n") == 2
    assert "\r1 image, " in shown and "a second: a.png" in shown
    assert "absent.png: expected an image, found no such file\r\n" in shown
    assert " \r" in shown  # the line is taken away before other output


def test_without_a_terminal_there_is_no_progress(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predict("a.png", "blank.png")
    assert capsys.readouterr().err == ""


def test_json_is_a_list_with_every_file_of_a_folder(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "many" / "inner").mkdir(parents=True)
    names = ["00.png", *(f"inner/{number:02}.png" for number in range(70)), "z.png"]
    for name in names:
        (home / "many" / name).write_bytes((home / "a.png").read_bytes())
    predict("many", "--json")
    out = capsys.readouterr().out
    answers = json.loads(out)
    assert out == json.dumps(answers, indent=2) + "\n"
    assert [answer["file"] for answer in answers] == [str(Path("many", name)) for name in names]
    assert {answer["digit"] for answer in answers} == {4}


def test_every_page_of_a_tiff_is_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [Image.open("a.png"), Image.open("blank.png")]
    pages[0].save("scan.tif", save_all=True, append_images=pages[1:])
    predict("scan.tif", "a.png")
    assert capsys.readouterr().out.splitlines() == [
        "scan.tif[1]: 4  (90.0 %)", "scan.tif[2]: blank", "a.png: 4  (90.0 %)",
    ]  # fmt: skip
    predict("scan.tif", "a.png", "--json")
    answers = json.loads(capsys.readouterr().out)
    assert [(answer["file"], answer["page"]) for answer in answers] == [
        ("scan.tif", 1), ("scan.tif", 2), ("a.png", None),
    ]  # fmt: skip
    predict("scan.tif", "a.png", "--csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["file"], row["page"]) for row in rows] == [
        ("scan.tif", "1"), ("scan.tif", "2"), ("a.png", ""),
    ]  # fmt: skip


def test_of_an_animation_the_first_image_is_read_and_it_is_said_once(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Image.open("a.png")
    first.save("a.gif", save_all=True, append_images=[Image.new("L", first.size, 9)] * 2)
    predict("a.gif")
    shown = capsys.readouterr()
    assert shown.out == "a.gif: 4  (90.0 %)\n"
    assert shown.err == "a.gif: of an animation, the first image is read\n"


LABELS = "file,label\na.png,4\nblank.png,none\nb.png,7\nc.png,4 4\nabsent.png,1\na.png,4a\n"


def test_labels_are_printed_beside_the_results(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b.png", "c.png"):
        (home / name).write_bytes((home / "a.png").read_bytes())
    (home / "labels.csv").write_text(LABELS)
    predict("--labels", "labels.csv", "--json", code=1)
    shown = capsys.readouterr()
    found = [(each["file"], each["label"], each["correct"]) for each in json.loads(shown.out)]
    assert found == [
        ("a.png", "4", True), ("blank.png", "none", True), ("b.png", "7", False),
        ("c.png", "44", False),
    ]  # fmt: skip
    line, absent, score = shown.err.splitlines()
    assert "labels.csv, line 7: expected file and label" in line
    assert absent == "absent.png: expected an image, found no such file"
    assert score == "50.0 % of 4 labelled pictures right"


def test_with_labels_only_the_files_named_are_read(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "b.png").write_bytes((home / "a.png").read_bytes())
    (home / "labels.csv").write_text("b.png,7\n")
    predict("a.png", home / "b.png", "--labels", "labels.csv")
    shown = capsys.readouterr()
    assert shown.out == f"a.png: 4  (90.0 %)\n{home / 'b.png'}: 4  (90.0 %)  labelled 7\n"
    assert shown.err == "0 % of 1 labelled picture right\n"
    predict("a.png", "b.png", "--labels", "labels.csv", "--csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["label"], row["correct"]) for row in rows] == [("", ""), ("7", "false")]


@POSIX
@pytest.mark.parametrize("form", ["--json", "--csv", "--single"])
def test_odd_names_reach_neither_a_terminal_nor_a_sheet_raw(home: Path, form: str) -> None:
    (home / "odd").mkdir()
    names = [
        b"\x1b[2J\x07.png",
        b"\xff.png",
        "\u202e\x9b.png".encode(),
        b"=1+1.png",
        b"two\nlines.png",
    ]
    for name in names:
        Path(os.fsdecode(b"odd/" + name)).write_bytes((home / "a.png").read_bytes())
    Path(os.fsdecode(b"odd/\x1bbroken.png")).write_bytes(b"")
    out, errors = start(form, "odd", "=1.png").communicate(timeout=60)
    for text in (out.decode(), errors.decode()):
        assert text.isprintable() or all(c.isprintable() for c in text.replace("\n", ""))
    assert errors.count(b"\n") == 2
    if form == "--json":
        read = {os.fsencode(answer["file"]) for answer in json.loads(out)}
        assert read == {b"odd/" + name for name in names}
    else:
        assert out.count(b"\n") == len(names) + (form == "--csv")


def test_names_that_begin_like_a_formula_are_text_in_csv(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["=1+1.png", "+1.png", "@a.png"]
    for name in names:
        (home / name).write_bytes((home / "a.png").read_bytes())
    predict("--csv", *names)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["file"] for row in rows] == [f"'{name}" for name in names]
    assert [float(row["confidence"]) for row in rows] == [pytest.approx(0.9, abs=1e-5)] * 3


def test_predict_needs_something_to_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predict(code=2)
    assert "predict: FILE, FOLDER or --labels is required" in capsys.readouterr().err
