"""The desk without a window: what is undone and what is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from digit_images import drawing, painted

from number_recognition.session import session as desk
from number_recognition.session.pad_content import PadContent
from number_recognition.session.session import Session
from number_recognition.storage.settings import Config, read_config


@pytest.fixture
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for the pictures of two steps."""
    monkeypatch.setattr(desk, "_PICTURES_ROOM", 2 * PadContent(image=painted(drawing(7))).size())


def test_pictures_are_forgotten_and_keepings_of_late_can_be_taken_back(
    network: Path, tmp_path: Path, small_room: None
) -> None:
    desk = Session(network, tmp_path / "config.json")
    desk.load_network()
    for _ in range(5):
        desk.set_content(PadContent(image=painted(drawing(7))))
        desk.keep(7)
    assert desk.counters.kept[7] == 5
    taken = []
    while desk.can_undo:
        taken.append(desk.undo())
    assert sum(kept is not None for kept in taken) == 2
    assert len(list(desk.corrections)) == desk.counters.kept[7] == 3
    # The keeping that led here stays: the picture that was kept is forgotten.
    assert desk.undo() is None and len(list(desk.corrections)) == 3
    assert desk.redo() is None and desk.content.image is not None


def test_a_missing_config_is_made_in_the_folder_of_the_program_alone(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, named = tmp_path / "config.json", tmp_path / "other.json"
    monkeypatch.setattr(desk, "CONFIG", usual)
    assert not Session(network, usual).warnings and read_config(usual) == Config()
    assert str(named) in Session(network, named).warnings[0] and not named.exists()
    assert list(tmp_path.iterdir()) == [usual]
