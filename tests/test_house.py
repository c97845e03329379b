"""The house stands: imports only go down, each concern has one home, opening imports little."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import network_files
import pytest

from storage.files import HOME

FLOORS = ("Main", "commands window", "Recognition", "learning", "digits", "storage")
HOMES = {
    "tkinter": "window",
    "sv_ttk": "window",
    "keras": "learning Recognition",
    "tensorflow": "learning",
    "matplotlib": "window",
    "h5py": "learning",
}
ROOMS = " ".join(FLOORS).split()


def files() -> Iterator[tuple[str, Path]]:
    """Every file of the house by the name it is imported with."""
    for room in ROOMS:
        paths = HOME.glob(f"{room}/**/*.py") if (HOME / room).is_dir() else [HOME / f"{room}.py"]
        for path in paths:
            yield ".".join(path.relative_to(HOME).with_suffix("").parts), path


def imported(path: Path, for_types: bool = True) -> set[str]:
    """Every module that a file imports, at its top or anywhere below; those for types if wanted."""
    names = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not for_types:
        tree.body = [node for node in tree.body if not is_for_types(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


IMPORTS = {name: imported(path) for name, path in files()}


def room(module: str) -> str:
    return module.split(".")[0]


def test_imports_only_go_down() -> None:
    floor = {name: number for number, names in enumerate(FLOORS) for name in names.split()}
    wrong = [
        f"{name} imports {module}"
        for name, modules in IMPORTS.items()
        for module in modules
        if room(module) in floor
        and room(module) != room(name)
        and floor[room(module)] <= floor[room(name)]
    ]
    assert not wrong


def test_no_two_files_import_each_other() -> None:
    running = {name: imported(path, for_types=False) for name, path in files()}
    TopologicalSorter({name: running[name] & set(running) for name in running}).prepare()


@pytest.mark.parametrize("library", HOMES)
def test_each_concern_has_one_home(library: str) -> None:
    wrong = [
        name
        for name, modules in IMPORTS.items()
        if library in map(room, modules) and room(name) not in HOMES[library].split()
    ]
    assert not wrong


def in_a_new_process(code: str, *arguments: str) -> str:
    """Run code in a process of its own; what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


HEAVY = """
import sys
heavy = {"tensorflow", "keras", "matplotlib", "pandas", "scipy", "pillow_heif"} & set(sys.modules)
print("heavy:", *sorted(heavy))
"""


def test_predicting_imports_neither_tensorflow_nor_matplotlib(tmp_path: Path) -> None:
    network = network_files.random_network(tmp_path / "network.keras")
    code = """
from PIL import Image
from Recognition import Recognizer
image = Image.new("L", (280, 280), 255)
image.paste(0, (130, 40, 150, 240))
assert Recognizer.load(sys.argv[1]).predict(image).digit is not None
"""
    assert in_a_new_process("import sys" + code + HEAVY, str(network)) == "heavy:"


def test_checking_the_settings_of_a_training_imports_no_tensorflow() -> None:
    assert in_a_new_process("import window.training_form" + HEAVY) == "heavy:"


def test_opening_the_window_imports_neither_tensorflow_nor_matplotlib() -> None:
    assert in_a_new_process("import window.app" + HEAVY) == "heavy:"
