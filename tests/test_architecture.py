"""The architecture holds: imports go down, packages have no circle, opening imports little."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import network_files
import pytest

from number_recognition.storage.files import PROJECT_DIR

PACKAGE = "number_recognition"
LAYERS = (
    "Main",
    f"{PACKAGE}.window {PACKAGE}.commands",
    f"{PACKAGE}.session",
    "Recognition",
    f"{PACKAGE}.learning",
    f"{PACKAGE}.digits",
    f"{PACKAGE}.storage",
    f"{PACKAGE}.core",
)
"""From the top down: a file imports its own layer entry and those of the layers below."""
HOMES = {
    "tkinter": "window",
    "sv_ttk": "window",
    "tkinterdnd2": "window",
    "matplotlib": "window",
    "keras": "learning Recognition",
    "tensorflow": "learning",
    "h5py": "learning",
    "cv2": "digits",
    "PIL": "window session Recognition learning digits commands",
}
MOST_FILES, MOST_LINES, MOST_CLASS_LINES, MOST_FUNCTION_LINES = 12, 300, 250, 40
MOST_INIT_LINES = 15


def source_files() -> Iterator[tuple[str, Path]]:
    """Every file of the product by the name it is imported with."""
    for path in [PROJECT_DIR / "Main.py", PROJECT_DIR / "Recognition.py"]:
        yield path.stem, path
    for path in sorted((PROJECT_DIR / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


def all_files() -> dict[str, Path]:
    """The files of the product and of the benchmarks."""
    benchmarks = sorted((PROJECT_DIR / "benchmarks").rglob("*.py"))
    return FILES | {str(path.relative_to(PROJECT_DIR)): path for path in benchmarks}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at its top or anywhere below, those for types as well."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


FILES = dict(source_files())
IMPORTS = {name: imported(path) for name, path in FILES.items()}


def layer_entry(module: str) -> str:
    """The entry of LAYERS that a module belongs to."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == PACKAGE else parts[0]


def package(module: str) -> str:
    """The package of a module; a package is its own."""
    is_package = module in FILES and FILES[module].name == "__init__.py"
    return module if is_package or "." not in module else module.rpartition(".")[0]


def test_imports_only_go_down() -> None:
    layer = {entry: number for number, names in enumerate(LAYERS) for entry in names.split()}
    wrong = [
        f"{name} imports {module}"
        for name, modules in IMPORTS.items()
        for module in modules
        if layer_entry(module) in layer
        and layer_entry(name) in layer
        and layer_entry(module) != layer_entry(name)
        and layer[layer_entry(module)] <= layer[layer_entry(name)]
    ]
    assert not wrong


def test_packages_have_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for name in FILES:
        found = {package(module) for module in IMPORTS[name] & set(FILES)}
        graph.setdefault(package(name), set()).update(found - {package(name), PACKAGE})
    TopologicalSorter(graph).prepare()


def test_files_have_no_circle() -> None:
    TopologicalSorter({name: IMPORTS[name] & set(FILES) - {name} for name in FILES}).prepare()


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    homes = HOMES[library].split()
    wrong = [
        name
        for name, modules in IMPORTS.items()
        if any(module.split(".")[0] == library for module in modules)
        and layer_entry(name).rpartition(".")[2] not in homes
    ]
    assert not wrong


def test_the_lowest_packages_use_the_standard_library_alone() -> None:
    known = {*sys.stdlib_module_names, PACKAGE}
    wrong = [
        f"{name} imports {module}"
        for name, modules in IMPORTS.items()
        if layer_entry(name) in (f"{PACKAGE}.core", f"{PACKAGE}.storage")
        for module in modules
        if module.split(".")[0] not in known
    ]
    assert not wrong


def defined(path: Path) -> set[str]:
    """The names that a file defines at its top, and those of its classes as Class.name."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
        names |= {getattr(each, "id", getattr(each, "name", "")) for each in targets}
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{getattr(each, 'name', '')}" for each in node.body}
    return names


def test_what_docstrings_refer_to_is_there() -> None:
    reference = re.compile(r"`((?:core|storage|digits|learning)\.[\w.]+)`")
    wrong = []
    for name, path in FILES.items():
        for found in reference.findall(path.read_text(encoding="utf-8")):
            parts = f"{PACKAGE}.{found}".split(".")
            module = next(
                m for n in range(len(parts), 0, -1) if (m := ".".join(parts[:n])) in FILES
            )
            rest = ".".join(parts).removeprefix(module).lstrip(".")
            if rest and rest not in defined(FILES[module]):
                wrong.append(f"{name}: {found}")
    assert not wrong


def test_no_folder_has_too_many_files() -> None:
    counts = Counter(path.parent for path in all_files().values())
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_every_package_says_what_is_in_it() -> None:
    packages = [path for path in all_files().values() if path.name == "__init__.py"]
    docs = {str(path): ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in packages}
    assert [name for name, text in docs.items() if text is None or len(text) < 60] == []


def test_files_classes_and_functions_are_short() -> None:
    long = []
    for name, path in all_files().items():
        tree = ast.parse(text := path.read_text(encoding="utf-8"))
        if text.count("\n") > MOST_LINES:
            long.append(f"{name}: {text.count(chr(10))} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and length(node) > MOST_CLASS_LINES:
                long.append(f"{name}.{node.name}: {length(node)} lines")
            if isinstance(node, ast.FunctionDef) and length(node) > MOST_FUNCTION_LINES:
                long.append(f"{name}.{node.name}: {length(node)} lines")
    assert not long


def test_constructors_in_the_window_are_short() -> None:
    long = {
        f"{name}.{node.name}": code_length(method)
        for name, path in FILES.items()
        if layer_entry(name) == f"{PACKAGE}.window"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "__init__"
    }
    assert {name: count for name, count in long.items() if count > MOST_INIT_LINES} == {}


def length(node: ast.stmt) -> int:
    return int(node.end_lineno or 0) - node.lineno + 1


def code_length(function: ast.FunctionDef) -> int:
    """The lines of a function without its docstring."""
    documented = ast.get_docstring(function) is not None
    return length(function) - (length(function.body[0]) if documented else 0)


def test_no_test_reaches_into_private_attributes() -> None:
    found = []
    for path in sorted((PROJECT_DIR / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found += [f"{path.name}:{node.lineno}: {name}" for name in private_names(node)]
    assert found == []


def private_names(node: ast.AST) -> list[str]:
    """The private names of other objects that a node reads, imports or patches."""
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls", "os"):
        names = [node.attr]
    elif isinstance(node, ast.ImportFrom):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("attr"):
        names = [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
    else:
        return []
    return [name for name in names if name.startswith("_") and not name.startswith("__")]


def in_a_new_process(code: str, *arguments: str) -> str:
    """Run code in a process of its own; what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT_DIR,
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


HEAVY = """
import sys
names = {"tensorflow", "keras", "matplotlib", "pandas", "scipy", "pillow_heif", "cv2"}
heavy = names & set(sys.modules)
print("heavy:", *sorted(heavy))
"""


def test_predicting_imports_neither_tensorflow_nor_matplotlib(tmp_path: Path) -> None:
    network = network_files.random_network(tmp_path / "network.keras")
    code = """
from PIL import Image
from Recognition import Recognizer
image = Image.open("images/testing/3-large.png")
assert Recognizer.load(sys.argv[1]).predict(image).digit is not None
"""
    assert in_a_new_process("import sys" + code + HEAVY, str(network)) == "heavy:"


def test_reading_a_drawing_of_several_digits_imports_no_opencv(tmp_path: Path) -> None:
    network = network_files.random_network(tmp_path / "network.keras")
    code = """
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from Recognition import Recognizer
strokes = (Stroke(((50, 50), (50, 200))), Stroke(((200, 50), (200, 200))))
assert Recognizer.load(sys.argv[1]).read(Drawing(strokes)).pieces
"""
    assert in_a_new_process("import sys" + code + HEAVY, str(network)) == "heavy:"


def test_checking_the_settings_of_a_training_imports_no_tensorflow() -> None:
    module = "number_recognition.window.training.training_form"
    assert in_a_new_process(f"import {module}" + HEAVY) == "heavy:"


def test_opening_the_window_imports_neither_tensorflow_nor_matplotlib() -> None:
    assert in_a_new_process("import number_recognition.window.app" + HEAVY) == "heavy:"
