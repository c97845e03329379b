"""Recipes: the settings of a training in one JSON file; some come with the program."""

from __future__ import annotations

from pathlib import Path

from number_recognition.storage.fields import from_dict
from number_recognition.storage.files import PROJECT_DIR, read_json_object
from number_recognition.storage.renamed_settings import SOURCES
from number_recognition.storage.settings import TrainingSettings

RECIPES = PROJECT_DIR / "number_recognition" / "learning" / "recipes"


def recipe_names() -> list[str]:
    """The names of the recipes that come with the program."""
    return sorted(path.stem for path in RECIPES.glob("*.json"))


def find_recipe(name: str | Path) -> Path:
    """The file of a recipe: of one that comes with the program by its name, else the path given.

    Raises:
        OSError: there is no such recipe and no such file.
    """
    names = recipe_names()
    if (known := SOURCES.get(str(name), str(name))) in names:
        return RECIPES / f"{known}.json"
    if not Path(name).is_file():
        found = "a folder" if Path(name).is_dir() else "no such file"
        raise OSError(f"{name}: expected a recipe ({', '.join(names)}) or its file, found {found}")
    return Path(name)


def load_recipe(path: Path) -> TrainingSettings:
    """Read a recipe, or the settings of an exported run.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
        OSError: it cannot be read.
    """
    values = read_json_object(path)
    settings: TrainingSettings = from_dict(
        TrainingSettings, values.get("settings", values), str(path)
    )
    return settings
