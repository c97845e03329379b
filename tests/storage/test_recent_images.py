"""The images opened last, in a file of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from number_recognition.storage.recent_images import RecentImages, pictures_folder


@pytest.fixture
def recent(tmp_path: Path) -> RecentImages:
    return RecentImages(tmp_path / "recent.json")


def test_ten_images_are_kept_the_newest_first_and_each_once(
    recent: RecentImages, tmp_path: Path
) -> None:
    images = [tmp_path / f"{number}.png" for number in range(12)]
    for image in [*images, images[3]]:
        recent.add(image)
    assert recent.paths() == [images[3], *reversed(images[4:]), images[2]]
    assert recent.folder() == tmp_path
    recent.clear()
    assert recent.paths() == [] and recent.folder() == tmp_path


def test_a_damaged_file_is_put_aside(recent: RecentImages, tmp_path: Path) -> None:
    (tmp_path / "recent.json").write_text("{")
    assert recent.paths() == []
    assert (tmp_path / "recent.json.corrupt").read_text() == "{"
    recent.add(tmp_path / "a.png")
    assert recent.paths() == [tmp_path / "a.png"]


def test_values_of_another_version_stay(recent: RecentImages, tmp_path: Path) -> None:
    (tmp_path / "recent.json").write_text('{"images": [], "sizes": [3]}')
    recent.add(tmp_path / "a.png")
    assert json.loads((tmp_path / "recent.json").read_text())["sizes"] == [3]


@pytest.mark.parametrize("content", ['{"images": 3}', '{"images": [3, null, ""], "folder": []}'])
def test_odd_values_are_left_out_and_put_aside(
    recent: RecentImages, tmp_path: Path, content: str
) -> None:
    (tmp_path / "recent.json").write_text(content)
    assert recent.paths() == [] and recent.folder() == pictures_folder()
    recent.add(tmp_path / "a.png")
    assert (tmp_path / "recent.json.corrupt").read_text() == content


def test_the_pictures_folder_is_that_of_the_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.platform", "linux")
    assert pictures_folder() == tmp_path
    (tmp_path / "Pictures").mkdir()
    assert pictures_folder() == tmp_path / "Pictures"
    for folder in ("config", "Bilder"):
        (tmp_path / folder).mkdir()
    (tmp_path / "config" / "user-dirs.dirs").write_text('XDG_PICTURES_DIR="$HOME/Bilder"\n')
    assert pictures_folder() == tmp_path / "Bilder"
