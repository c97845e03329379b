"""The command line, each time in a process of its own, as people run it."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import network_files
import numpy as np
import pytest
from digit_images import drawing, rasterized, write_mnist
from number_drawings import number_drawing
from PIL import Image
from pillow_heif import register_heif_opener

from Main import main
from number_recognition.commands.fine_tune import keep
from number_recognition.commands.options import parser
from number_recognition.commands.output import counted
from number_recognition.commands.train import copy_network
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import format_line
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.runs.recipes import find_recipe
from number_recognition.learning.runs.run import SWEEPS
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import Counters, read_counters, write_counters
from number_recognition.storage.files import PROJECT_DIR

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "DISPLAY"}


class CommandLine:
    """A folder with a configuration, a network that has learnt nothing, and some files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.json"
        self.model = network_files.random_network(folder / "network.keras")
        self.config.write_text(json.dumps({"paths": {"network": "network.keras"}}))
        for label in (3, 7):
            (folder / "images" / str(label)).mkdir(parents=True)
            rasterized(drawing(label)).save(folder / "images" / str(label) / "a.png")
        Image.new("L", (90, 90), 255).save(folder / "blank.png")
        (folder / "no_image.png").write_text("hello")
        (folder / "empty").mkdir()
        (folder / "empty.jsonl").touch()
        lines = [format_line(drawing(n % 10, n).drawing, n % 10, 1) for n in range(20)]
        (folder / "strokes.jsonl").write_text("\n".join(lines))
        write_mnist(folder / "mnist.npz")

    def command(self, *arguments: object) -> list[str]:
        text = [str(argument) for argument in arguments]
        return [sys.executable, str(PROJECT_DIR / "Main.py"), "--config", str(self.config), *text]

    def run(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        return done

    def run_here(self, *arguments: object) -> int:
        """Run a command in this process, which may have imported TensorFlow already."""
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            return main(self.command(*arguments)[2:])
        finally:
            os.chdir(before)

    def json(self, *arguments: object) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("home"))


def test_predict_answers_for_files_and_folders(session: CommandLine) -> None:
    answers = session.json("predict", "images", "blank.png")
    assert [answer["file"] for answer in answers] == [
        str(Path("images/3/a.png")),
        str(Path("images/7/a.png")),
        "blank.png",
    ]
    for answer in answers[:2]:
        assert list(answer) == [
            "file", "digit", "best_guess", "confidence", "probabilities", "text", "digits", "page",
        ]  # fmt: skip
        assert answer["text"] == str(answer["digit"]) and len(answer["digits"]) == 1
        assert answer["best_guess"] == answer["digit"]
        assert answer["probabilities"][answer["digit"]] == answer["confidence"]
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert answers[2]["digit"] is None and answers[2]["confidence"] == 0
    assert answers[2]["best_guess"] is None


def test_predict_prints_a_table_for_people_and_csv_for_sheets(session: CommandLine) -> None:
    assert session.run("predict", "blank.png").stdout == "blank.png: blank\n"
    rows = list(csv.DictReader(io.StringIO(session.run("predict", "images", "--csv").stdout)))
    assert [row["file"] for row in rows] == [str(Path(f"images/{n}/a.png")) for n in (3, 7)]
    assert set(rows[0]) >= {"digit", "confidence", "p0", "p9", "best_guess"}


def test_predict_says_none_where_a_drawing_is_refused(
    session: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    network = network_files.answering(session.folder / "refusing.keras", d4=0.05, none=0.9)
    path = session.folder / "images/3/a.png"

    def said(*form: str) -> str:
        arguments = ["predict", str(path), "--model", str(network), *form]
        assert main(["--config", str(session.config), *arguments]) == 0
        return capsys.readouterr().out

    assert said() == f"{path}: none  (best guess 4)\n"
    [row] = csv.DictReader(io.StringIO(said("--csv")))
    assert (row["digit"], row["best_guess"]) == ("none", "4")
    [answer] = json.loads(said("--json"))
    assert (answer["digit"], answer["best_guess"]) == (None, 4)


def test_predict_names_what_is_no_image_and_goes_on(session: CommandLine) -> None:
    done = session.run("predict", "no_image.png", "images/3/a.png", "--json", code=1)
    assert one_line(done.stderr).startswith("no_image.png: expected an image")
    assert len(json.loads(done.stdout)) == 1


def test_predict_reads_or_names_every_picture_of_a_folder(
    session: CommandLine, tmp_path: Path
) -> None:
    register_heif_opener()
    rasterized(drawing(3)).save(tmp_path / "IMG_0001.HEIC")
    rasterized(drawing(7)).save(tmp_path / "no ending", "PNG")
    (tmp_path / "vector.svg").write_text("<svg/>")
    (tmp_path / "broken.heic").write_bytes(b"")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    for name in ("notes.txt", "network.h5"):
        (tmp_path / name).write_text("no picture")
    done = session.run("predict", tmp_path, "--json", code=1)
    read = [Path(answer["file"]).name for answer in json.loads(done.stdout)]
    assert read == ["IMG_0001.HEIC", "no ending"]
    broken, paper, vector = done.stderr.splitlines()
    assert "broken.heic: expected an image" in broken and "an empty file" in broken
    assert "paper.pdf: expected an image, found a PDF; save its pages as PNG" in paper
    assert "vector.svg: expected an image, found an SVG drawing; export it as PNG" in vector


def test_predict_says_nothing_of_what_is_no_picture(session: CommandLine, tmp_path: Path) -> None:
    rasterized(drawing(3)).save(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("no picture")
    assert session.run("predict", tmp_path).stderr == ""


def test_evaluate_names_the_pictures_that_it_leaves_out(
    session: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "3").mkdir()
    rasterized(drawing(3)).save(tmp_path / "3" / "a.png")
    (tmp_path / "3" / "broken.png").write_text("no image")
    (tmp_path / "3" / "notes.txt").write_text("no picture")
    done = session.run("evaluate", "--images", tmp_path, "--json", code=1)
    assert "broken.png: expected an image" in one_line(done.stderr)
    assert json.loads(done.stdout)["images"]["n"] == 1


def test_evaluate_judges_every_source_asked_for(session: CommandLine) -> None:
    results = session.json(
        *("evaluate", "--mnist", "mnist.npz", "--images", "images", "--strokes", "strokes.jsonl"),
        *("--scale", 0.25, "--place", "corner"),
    )
    assert {name: result["n"] for name, result in results.items()} == {
        "mnist": 20,
        "images": 2,
        "strokes": 20,
    }
    for result in results.values():
        confusion = np.array(result["confusion"])
        assert confusion.shape == (10, 10) and confusion.sum() == result["n"]
        assert np.trace(confusion) / result["n"] == pytest.approx(result["accuracy"])
        assert len(result["per_digit"]) == 10
        assert result["refused"] == 0 and "other" not in result
    assert results["images"]["per_digit"][0] is None
    assert "strokes: " in session.run("evaluate", "--strokes", "strokes.jsonl").stdout


def test_evaluate_takes_several_stroke_files_and_counts_what_is_no_digit_apart(
    session: CommandLine,
) -> None:
    others = [format_line(drawing(n).drawing, None, "anna", character="A") for n in range(3)]
    (session.folder / "others.jsonl").write_text("\n".join(others))
    result = session.json("evaluate", "--strokes", "strokes.jsonl", "others.jsonl")["strokes"]
    assert result["n"] == 20 and result["other"] == {"n": 3, "refused": 0}
    result = session.json("evaluate", "--strokes", "others.jsonl")["strokes"]
    assert result["n"] == 0 and result["accuracy"] is None and result["other"]["n"] == 3
    said = session.run("evaluate", "--strokes", "others.jsonl").stdout
    assert said == "strokes: 0 % of 3 that are no digit refused\n"


def test_evaluate_reads_the_labels_of_pictures_from_a_csv(session: CommandLine) -> None:
    folder = session.folder / "pictures"
    folder.mkdir()
    for label in (3, 7):
        rasterized(drawing(label)).save(folder / f"{label}.png")
    Image.new("L", (90, 90), 255).save(folder / "blank.png")
    lines = ["file,label", "3.png,3", "7.png,none", "blank.png,none", "3.png,4a", "absent.png,1",
             "3.png,5"]  # fmt: skip
    (folder / "labels.csv").write_text("\n".join(lines))
    done = session.run("evaluate", "--images", "pictures", "--json", code=1)
    result = json.loads(done.stdout)["images"]
    assert result["n"] == 1 and result["other"] == {"n": 2, "refused": 0.5}
    wrong, twice, absent = done.stderr.splitlines()
    assert "labels.csv, line 7: expected one label for 3.png, found 5 after 3" in twice
    assert "labels.csv, line 5: expected file and label (0 to 9, or none)" in wrong
    assert "absent.png: expected an image" in absent


def test_what_takes_longer_than_a_moment_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(counted("abc", 3, "Reading", at_once=0)) == ["a", "b", "c"]
    assert "Reading, 1 of 3" in capsys.readouterr().err
    assert list(counted("abc", 3, "Reading")) == ["a", "b", "c"]
    assert not capsys.readouterr().err


def test_evaluate_measures_numbers_and_single_digits_read_as_several(session: CommandLine) -> None:
    folder = session.folder / "numbers"
    folder.mkdir()
    rasterized(drawing(7)).save(folder / "7.png")
    rasterize(number_drawing(7, 1, 3), 560).save(folder / "713.png")
    (folder / "labels.csv").write_text("file,label\n7.png,7\n713.png,71 3\n")
    lines = [format_line(number_drawing(4, 2), "42"), format_line(drawing(3).drawing, 3)]
    (session.folder / "numbers.jsonl").write_text("\n".join(lines))
    arguments = ("evaluate", "--images", "numbers", "--strokes", "numbers.jsonl")
    for result in session.json(*arguments).values():
        assert result["n"] == 1 and 0 <= result["split"] <= 1
        assert result["numbers"]["n"] == 1 and set(result["numbers"]) == {"n", "accuracy", "digits"}
    text = session.run(*arguments).stdout
    assert "of 1 numbers right" in text and "of single digits read as several" in text


def test_evaluate_takes_a_file_of_numbers_alone(session: CommandLine) -> None:
    (session.folder / "only.jsonl").write_text(format_line(number_drawing(4, 2), "42"))
    result = session.json("evaluate", "--strokes", "only.jsonl")["strokes"]
    assert (result["n"], result["numbers"]["n"], "split" in result) == (0, 1, False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["predict", "absent.png"], "absent.png: expected an image, found no such file"),
        (["predict", "empty"], "empty: expected images in this folder"),
        (["predict", "blank.png", "--model", "no_image.png"], "no_image.png: expected a network"),
        (["predict", "blank.png", "--model", "absent.keras"], "absent.keras: expected a network"),
        (["predict", "blank.png", "--config", "no_image.png"], "no_image.png, line 1"),
        (["evaluate", "--strokes", "empty.jsonl"], "empty.jsonl: expected a drawing a line"),
        (["evaluate", "--images", "empty"], "empty: expected images"),
        (["evaluate", "--mnist", "no_image.png"], "no_image.png: expected MNIST"),
        ([], "No window can be opened"),
    ],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_bad_input_gets_one_clear_line(
    session: CommandLine, arguments: list[str], words: str
) -> None:
    done = session.run(*arguments, code=1)
    assert words in one_line(done.stderr)
    assert done.stdout in ("", "[]\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["read"], "invalid choice"),
        (["predict"], "required"),
        (["predict", "a.png", "--json", "--csv"], "not allowed with"),
        (["strokes", "pendigits-orig.tra"], "--out"),
        (["evaluate", "--scale", "1.5"], "at most 1"),
        (["evaluate", "--brush", "0"], "greater than 0"),
        (["train", "--epochs", "0"], "at least 1"),
        (["train", "--sources", "svhn"], "one of"),
        (["train", "--out", "network.h5"], ".keras"),
    ],
)
def test_wrong_usage_is_explained(session: CommandLine, arguments: list[str], words: str) -> None:
    said = one_line(session.run(*arguments, code=2).stderr)
    assert words in said and said.endswith("--help")


def test_help_imports_no_tensorflow() -> None:
    for command in ([], ["predict"], ["evaluate"], ["train"], ["fine-tune"], ["strokes"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", str(PROJECT_DIR / "Main.py"), *command, "--help"],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0 and "usage: Main.py" in done.stdout
        imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
        assert not imported & {"tensorflow", "keras", "matplotlib", "tkinter"}


def test_config_and_model_may_stand_before_the_command(
    session: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{")
    command = [sys.executable, str(PROJECT_DIR / "Main.py")]
    for options in (
        ["--config", tmp_path / "broken.json"],
        ["--config", session.config, "--model", tmp_path / "absent.keras"],
    ):
        whole = [*command, *map(str, options), "predict", str(session.folder / "blank.png")]
        done = subprocess.run(whole, env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == 1 and str(tmp_path) in one_line(done.stderr)


def test_a_config_that_is_not_there_is_told_and_not_made(
    session: CommandLine, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    done = session.run("predict", "--config", config, "--model", session.model, "blank.png")
    assert str(config) in one_line(done.stderr) and "blank" in done.stdout
    config = tmp_path / "mistyped" / "config.json"
    done = session.run("predict", "--config", config, "blank.png", code=1)
    assert str(config) in one_line(done.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to another process")
def test_an_interrupted_training_keeps_the_best_and_can_be_resumed(
    session: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    process = subprocess.Popen(
        session.command(
            *("train", "--sources", "synthetic", "--synthetic-samples", 300, "--epochs", 60),
            *("--hidden-layers", 16, "--batch-size", 100, "--seed", 3, "--out", "first.keras"),
            *("--distortion", 0, "--dropout", 0.1),
        ),
        cwd=session.folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    on_progress = []
    for line in process.stderr:
        on_progress.append(line)
        if "epoch" in line and not line.lstrip().startswith("0 %"):
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate(timeout=120)
    assert process.returncode == 130, on_progress
    [folder] = (session.folder / "models" / "runs").glob("*-training")
    assert f"train --resume {folder.name} continues." in rest
    assert (session.folder / "first.keras").exists()

    of_experiment = folder.with_name("99990101T000000-experiment")
    shutil.copytree(folder, of_experiment)
    (folder.parent / SWEEPS / of_experiment.name).mkdir(parents=True)
    assert session.run_here("train", "--resume", "nope") == 1
    assert f"expected one of {folder.name}, found 'nope'" in capsys.readouterr().err
    assert session.run_here("train", "--resume", "--out", "whole.keras", "--json") == 0
    printed = capsys.readouterr()
    assert f"Resuming {folder.name}." in printed.err
    run = json.loads(printed.out)
    assert run["completed"] and len(run["history"]) == 60
    assert run["settings"]["seed"] == 3
    assert read_counters(session.folder / "counters.json")[0].trainings == 2
    assert (Path(run["folder"]) / "history.csv").read_text().count("\n") == 61
    result = session.json("evaluate", "--model", "whole.keras", "--images", "images")
    assert result["images"]["n"] == 2


def test_a_training_names_the_kept_drawings_that_it_leaves_out(
    session: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = session.folder / "kept"
    for label in range(10):
        (kept / str(label)).mkdir(parents=True)
        rasterized(drawing(label)).save(kept / str(label) / "a.png")
    (kept / "3" / "broken.png").write_text("no image")
    done = session.run_here(
        *("train", "--sources", "corrections", "--images", "kept", "--epochs", 1),
        *("--hidden-layers", 4, "--distortion", 0, "--json"),
    )
    assert done == 0
    printed, said = capsys.readouterr()
    [line] = [line for line in said.splitlines() if "broken.png" in line]
    assert line.startswith("Skipped: ") and (kept / "3" / "broken.png").exists()
    assert sum(json.loads(printed)["samples"].values()) > 0


def test_resuming_refuses_what_would_shape_the_run(session: CommandLine) -> None:
    options = ("--epochs", 3, "--hidden-layers", 8, "--mnist", "mnist.npz", "--name", "other")
    done = session.run("train", "--resume", *options, "--json", code=2)
    line = one_line(done.stderr)
    assert "--mnist, --name, --hidden-layers, --epochs with it" in line
    done = session.run("train", "--resume", "--out", "new.keras", "--json", code=1)
    assert "expected an unfinished training to resume" in one_line(done.stderr)


def test_evaluate_finds_mnist_where_config_json_says(tmp_path: Path) -> None:
    session = CommandLine(tmp_path)
    places = {"network": "network.keras", "mnist": "mnist.npz"}
    session.config.write_text(json.dumps({"paths": places}))
    assert session.json("evaluate")["mnist"]["n"] == 20


def test_a_version_kept_on_the_command_line_is_used_and_counted(tmp_path: Path) -> None:
    network = tmp_path / "models" / "versions" / "new.keras"
    same = Change(0.9, 0.9, 100)
    card = FineTuningReport(
        network, tmp_path / "old.keras", 5, same, same, 3, 0.0, True, "", 1.0, 1.0
    )
    network.parent.mkdir(parents=True)
    counters = tmp_path / "counters.json"
    write_counters(Counters(new=7, fine_tunings=1), counters)
    options = argparse.Namespace(out=None, config=tmp_path / "config.json")
    options.config.write_text("{}")
    assert keep(card, options, counters, new_drawings=5) == (card, True)
    assert read_counters(counters) == (Counters(new=2, fine_tunings=2), None)
    assert read_config(options.config).paths.network == "models/versions/new.keras"


def test_a_version_is_kept_on_the_command_line_though_it_cannot_be_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = tmp_path / "models" / "versions" / "new.keras"
    same = Change(0.9, 0.9, 100)
    card = FineTuningReport(
        network, tmp_path / "old.keras", 5, same, same, 3, 0.0, True, "", 1.0, 1.0
    )
    network.parent.mkdir(parents=True)
    (tmp_path / "counters.json").mkdir()
    options = argparse.Namespace(out=None, config=tmp_path / "config.json")
    options.config.write_text("{}")
    assert keep(card, options, tmp_path / "counters.json", new_drawings=5) == (card, True)
    assert "Counts may be wrong." in one_line(capsys.readouterr().err)
    assert read_config(options.config).paths.network == "models/versions/new.keras"


def test_a_version_is_kept_where_config_json_cannot_name_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, same = tmp_path / "new.keras", Change(0.9, 0.9, 100)
    card = FineTuningReport(
        network, tmp_path / "old.keras", 5, same, same, 3, 0.0, True, "", 1.0, 1.0
    )
    options = argparse.Namespace(out=None, config=tmp_path / "mistyped.json")
    assert keep(card, options, tmp_path / "counters.json", new_drawings=5) == (card, False)
    line = one_line(capsys.readouterr().err)
    assert line.startswith("The network is kept, but not used from now on: ")
    assert "mistyped.json" in line and not options.config.exists()


def test_a_network_that_cannot_be_copied_is_kept_and_its_place_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, out = tmp_path / "run.keras", tmp_path / "out.keras"
    network.write_bytes(b"a network")
    out.mkdir()
    assert not copy_network(network, out)
    line = one_line(capsys.readouterr().err)
    assert str(out) in line and line.endswith(f"; the network is kept as {network}.")


def one_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def test_old_names_in_config_json_are_rewritten_with_one_line(tmp_path: Path) -> None:
    session = CommandLine(tmp_path)
    session.config.write_text(json.dumps({"places": {"network": "network.keras"}}))
    line = one_line(session.run("predict", "blank.png").stderr)
    assert line == f"{session.config}: 'places' is now 'paths'; it was rewritten with the new names"
    assert json.loads(session.config.read_text()) == {"paths": {"network": "network.keras"}}
    assert session.run("predict", "blank.png").stderr == ""


@pytest.mark.parametrize("command", ["train", "experiment"])
def test_old_options_set_the_renamed_settings_and_are_not_in_the_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = ["--data", "generated", "--start", "a", "--weight-average", "0.5"]
    new = ["--sources", "synthetic", "--initial-weights", "a", "--ema-momentum", "0.5"]
    old += ["--generated-samples", "30"]
    new += ["--synthetic-samples", "30"]
    assert parser().parse_args([command, *old]) == parser().parse_args([command, *new])
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    shown = capsys.readouterr().out
    assert all(option in shown for option in new if option.startswith("--"))
    assert not any(f"{option} " in shown for option in old if option.startswith("--"))


def test_the_old_name_of_a_recipe_is_accepted() -> None:
    assert find_recipe(Path("generated")) == find_recipe(Path("synthetic"))
