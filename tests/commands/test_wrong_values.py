"""A wrong value on the command line: one line, the right exit status, and nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from test_command_line import ENVIRONMENT, CommandLine, one_line

from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import BUNDLED_NETWORK

WRONG_USAGE, FAILED = 2, 1
TRAIN = ("train", "--sources", "synthetic")
SWEEP = ("experiment", "--sources", "synthetic")

USAGE = [
    # What stands before the command
    (["--model", "network.keras", "train"], "--model does not go with train"),
    (["--model", "network.keras", "experiment"], "--model does not go with experiment"),
    (["--json", "train"], "--json"),
    (["--config", "", "train"], "expected a path, found none"),
    (["--model", "", "predict", "blank.png"], "expected a path, found none"),
    # predict and evaluate
    (["predict", ""], "expected a path, found none"),
    (["predict", "blank.png", "--model", ""], "expected a path, found none"),
    (
        ["evaluate", "--strokes", "strokes.jsonl", "--scale", "0.05"],
        "--brush: expected a pen thinner than the digit, which is 14 pixels large (--scale), found",
    ),
    (["evaluate", "--mnist", ""], "expected a path, found none"),
    (["evaluate", "--strokes", "strokes.jsonl", "--scale", "nan"], "at most 1"),
    (["evaluate", "--strokes", "strokes.jsonl", "--scale", "0"], "greater than 0"),
    (["evaluate", "--strokes", "strokes.jsonl", "--brush", "inf"], "greater than 0"),
    (["evaluate", "--strokes", "strokes.jsonl", "--brush", "-3"], "--brush"),
    (["evaluate", "--strokes", "strokes.jsonl", "--place", "left"], "invalid choice"),
    (["evaluate", "--images", "images", "--brush", "20"], "--brush goes with --strokes"),
    (["evaluate", "--images", "images", "--scale", "0.5"], "--scale goes with --strokes"),
    (["evaluate", "--images", "images", "--place", "corner"], "--place goes with --strokes"),
    (["evaluate", "--images", "images", "--as-pictures"], "--as-pictures goes with --strokes"),
    # train and experiment
    *[
        ([*TRAIN, "--name", name], "expected a name")
        for name in ("a/b", "a\\b", "", " ", "..", ".hidden", "a\nb", "a\x7f", "a:b", "x" * 101)
    ],
    ([*SWEEP, "--name", "a/b"], "expected a name"),
    ([*TRAIN, "--out", "network.h5"], ".keras"),
    ([*TRAIN, "--out", ".keras"], ".keras"),
    ([*TRAIN, "--out", ""], ".keras"),
    ([*TRAIN, "--recipe", ""], "expected a path, found none"),
    ([*TRAIN, "--epochs", "-1"], "at least 1"),
    ([*TRAIN, "--epochs", "1.5"], "a whole number"),
    ([*TRAIN, "--learning-rate", "nan"], "expected a number"),
    ([*TRAIN, "--learning-rate", "inf"], "expected a number"),
    ([*TRAIN, "--dropout", "1"], "less than 1"),
    ([*TRAIN, "--hidden-layers", "512x"], "a whole number"),
    ([*TRAIN, "--hidden-layers", "0"], "at least 1"),
    ([*TRAIN, "--hidden-layers", "99999"], "at most 8192"),
    ([*TRAIN, "--seed", "-1"], "at least 0"),
    (["train", "--sources", ""], "at least 1"),
    (["train", "--sources", "none"], "at least 1"),
    (["train", "--sources", "mnist,mnist"], "each once"),
    ([*TRAIN, "--restarts", "9", "--epochs", "5"], "'restarts': expected fewer"),
    ([*TRAIN, "--teachers", "1"], "'teachers': expected 0"),
    ([*TRAIN, "--strokes", "strokes.jsonl"], "--strokes goes with 'strokes' in --sources"),
    ([*TRAIN, "--images", "images"], "--images goes with 'corrections' in --sources"),
    ([*TRAIN, "--mnist", "mnist.npz"], "--mnist goes with 'mnist' in --sources"),
    (["train", "--resume", "--epochs", "3"], "--resume"),
    ([*SWEEP, "--workers", "0"], "a whole number from 1"),
    ([*SWEEP, "--workers", "1.5"], "a whole number from 1"),
    ([*SWEEP, "--workers", "100000"], "a whole number from 1"),
    ([*SWEEP, "--workers", "2", "--cluster", "a:1"], "not allowed with"),
    ([*SWEEP, "--cluster", ""], "expected an address"),
    ([*SWEEP, "--cluster", "nope"], "expected an address"),
    ([*SWEEP, "--csv", "--json"], "not allowed with"),
    ([*SWEEP, "--epochs"], "expected at least one"),
    ([*SWEEP, "--epochs", "5", "0"], "at least 1"),
    ([*SWEEP, "--epochs", "9", "5", "--restarts", "5"], "'restarts': expected fewer"),
    ([*SWEEP, "--strokes", "strokes.jsonl"], "--strokes goes with 'strokes' in --sources"),
    # fine-tune
    (["fine-tune", "--max-drop", "-1"], "at least 0"),
    (["fine-tune", "--max-drop", "nan"], "expected a number"),
    (["fine-tune", "--max-drop", "101"], "at most 100"),
    (["fine-tune", "--out", "network.h5"], ".keras"),
]

NO_SUCH = "found no such file"
A_FOLDER = "found a folder"

FILES = [
    (
        ["--config", "no/nope.json", "train"],
        f"nope.json: expected a configuration (.json), {NO_SUCH}",
    ),
    (["--config", "no/nope.json"], f"nope.json: expected a configuration (.json), {NO_SUCH}"),
    (["--config", "empty", "train"], f"empty: expected a configuration (.json), {A_FOLDER}"),
    (
        ["predict", "blank.png", "--model", "empty"],
        f"empty: expected a network (.keras), {A_FOLDER}",
    ),
    (["evaluate", "--mnist", "nope"], f"expected MNIST, {NO_SUCH}"),
    (["evaluate", "--strokes", "nope"], f"nope: expected a stroke file (.jsonl), {NO_SUCH}"),
    (["evaluate", "--strokes", "empty"], f"empty: expected a stroke file (.jsonl), {A_FOLDER}"),
    (["evaluate", "--images", "nope"], "nope: expected a folder, found none"),
    (["evaluate", "--images", "blank.png"], "blank.png: expected a folder, found a file"),
    (["train", "--mnist", "nope"], f"expected MNIST, {NO_SUCH}"),
    (["train", "--mnist", "empty"], "expected MNIST, found a folder"),
    (["train", "--mnist", "no_image.png"], "no_image.png: expected MNIST in Keras's format"),
    (["train", "--sources", "strokes"], "needs a stroke file"),
    (
        ["train", "--sources", "strokes", "--strokes", "nope"],
        f"nope: expected a stroke file (.jsonl), {NO_SUCH}",
    ),
    (["train", "--sources", "strokes", "--strokes", "no_image.png"], "no_image.png, line 1"),
    (["train", "--sources", "corrections", "--images", "nope"], "nope: expected a folder"),
    (["train", "--sources", "corrections", "--images", "empty"], "empty: expected images"),
    ([*TRAIN, "--recipe", "nope"], "nope: expected a recipe (shipped, synthetic) or its file"),
    ([*TRAIN, "--recipe", "empty"], "empty: expected a recipe"),
    ([*TRAIN, "--recipe", "no_image.png"], "no_image.png, line 1"),
    ([*TRAIN, "--initial-weights", "nope"], f"nope: expected a network (.keras), {NO_SUCH}"),
    ([*TRAIN, "--initial-weights", "no_image.png"], "no_image.png: expected a network"),
    ([*TRAIN, "--initial-weights", "network.keras", "--hidden-layers", "7"], "layers of 7 units"),
    ([*TRAIN, "--out", "no/such.keras"], "expected a folder, found none"),
    ([*TRAIN, "--out", "blank.png/a.keras"], "expected a folder, found a file"),
    ([*TRAIN, "--out", "folder.keras"], "folder.keras: expected a file, found a folder"),
    (["predict", "--labels", "nope.csv"], f"expected a CSV of file and label, {NO_SUCH}"),
    (["evaluate", "--mnist", "empty"], "expected MNIST, found a folder"),
    (["strokes", "nope", "--out", "o.jsonl"], "nope: expected an original, found no such file"),
    (["strokes", "nope", "--out", "no/o.jsonl"], "expected a folder, found none"),
    (["strokes", "nope", "--out", "blank.png"], "blank.png: expected a new file or a stroke file"),
    (["train", "--resume"], "expected an unfinished training to resume"),
    (["train", "--resume", "--out", "no/such.keras"], "expected a folder, found none"),
    (["train", "--out", str(BUNDLED_NETWORK)], "expected another file, found the bundled network"),
    ([*SWEEP, "--recipe", "nope"], "nope: expected a recipe"),
    (
        [*SWEEP, "--initial-weights", "none", "nope"],
        f"nope: expected a network (.keras), {NO_SUCH}",
    ),
    ([*SWEEP, "--out", "no/such.keras"], "expected a folder, found none"),
    (["experiment", "--mnist", "nope"], f"expected MNIST, {NO_SUCH}"),
    (["experiment", "--sources", "synthetic", "strokes", "--strokes", "nope"], "nope: expected"),
    (["fine-tune", "--model", "nope"], f"nope: expected a network (.keras), {NO_SUCH}"),
    (["fine-tune", "--images", "nope"], "nope: expected a folder, found none"),
    (["fine-tune", "--images", "empty"], "empty: expected kept drawings"),
    (["fine-tune", "--images", "images", "--mnist", "nope"], f"expected MNIST, {NO_SUCH}"),
    (["fine-tune", "--images", "images", "--out", "no/a.keras"], "expected a folder, found none"),
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """Files to be wrong about."""
    made = CommandLine(tmp_path_factory.mktemp("home"))
    (made.folder / "folder.keras").mkdir()
    return made


CASES = [(*case, WRONG_USAGE) for case in USAGE] + [(*case, FAILED) for case in FILES]
RUN_ALL = """
import contextlib, io, json, sys
from pathlib import Path
from Main import main

def content():
    return {str(path): path.stat().st_mtime_ns for path in Path().rglob("*")}

before, answers = content(), []
for arguments in json.load(sys.stdin):
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = ended.code
    answers.append([code, output.getvalue(), errors.getvalue(), content() == before])
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def answers(session: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """Exit status, output, errors and whether all files are as before, of each command.

    They run in one process, where importing TensorFlow or Keras is an error with lines of its own.
    """
    folder = tmp_path_factory.mktemp("modules")
    for name in ("tensorflow", "keras"):
        (folder / f"{name}.py").write_text(f"raise RuntimeError('{name} was imported')")
    commands = [session.command(*arguments)[2:] for arguments, *_ in CASES]
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        cwd=session.folder,
        env={**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([str(folder), str(PROJECT_DIR)])},
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[" ".join(case[0])[:80] for case in CASES]
)
def test_a_wrong_value_is_refused_at_once(answers: list[list[Any]], number: int) -> None:
    _, words, code = CASES[number]
    status, output, errors, unchanged = answers[number]
    assert words in one_line(errors)
    assert (status, output) == (code, "") and unchanged
