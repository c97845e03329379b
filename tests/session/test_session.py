"""The session without a window: keeping, undoing, editing kept drawings, config.json."""

from __future__ import annotations

from pathlib import Path

import pytest
from digit_images import drawing, rasterized
from number_drawings import number_drawing
from PIL import Image

from number_recognition.digits.drawing.rasterize import rasterize, run_to_end
from number_recognition.session.pad_content import PadContent
from number_recognition.session.preferences import preferences
from number_recognition.session.session import Session
from number_recognition.session.steps import KeepStep
from number_recognition.session.undo_history import StepLostError, UndoHistory
from number_recognition.storage.config_file import read_config
from number_recognition.storage.files import write_json
from number_recognition.storage.settings import BUNDLED_NETWORK, Config


@pytest.fixture
def session(network: Path, tmp_path: Path) -> Session:
    session = Session(network, tmp_path / "config.json")
    session.load_network()
    return session


def test_a_digit_that_is_chosen_while_a_number_is_read_stays_chosen(session: Session) -> None:
    if not session.recognizer.network.can_refuse:
        pytest.skip("reading numbers needs the bundled network")
    content = PadContent(number_drawing(7, 1))
    session.set_content(content)
    run_to_end(session.read_number_in_steps(content))
    again = session.read_number_in_steps(content)
    next(again)
    session.set_number(session.number.choose(1))
    run_to_end(again)
    assert session.number.index == 1 and session.prediction.digit == 1


def test_a_kept_digit_of_a_picture_takes_no_memory_for_the_whole_picture(session: Session) -> None:
    if not session.recognizer.network.can_refuse:
        pytest.skip("reading numbers needs the bundled network")
    picture = rasterize(number_drawing(7, 1), 2100)
    content = PadContent(image=picture)
    session.set_content(content)
    run_to_end(session.read_number_in_steps(content))
    session.keep(7)
    assert session.history.next_undo.image_bytes < content.image_bytes / 4


def keep_image(session: Session, label: int | None) -> None:
    session.set_content(PadContent(image=rasterized(drawing(7))))
    session.keep(label)


def labels(session: Session) -> list[int | None]:
    return [correction.label for correction in session.corrections.list_kept()[0]]


def test_images_are_forgotten_and_the_latest_keepings_can_be_undone(session: Session) -> None:
    keep_image(session, 7)
    step = session.history.next_undo
    session.history = UndoHistory(max_image_bytes=2 * step.image_bytes)
    for _ in range(4):
        keep_image(session, 7)
    assert session.counters.kept[7] == 5
    undone = []
    while session.history.next_undo is not None:
        undone.append(session.history.undo())
    assert sum(isinstance(step, KeepStep) for step in undone) == 2
    assert len(labels(session)) == session.counters.kept[7] == 3


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
def test_a_picture_comes_back_whole_and_takes_little_memory_meanwhile(
    session: Session, mode: str
) -> None:
    picture = Image.new("L", (600, 400), 250)
    picture.paste(20, (100, 100, 500, 350))
    picture = picture.convert(mode)
    session.set_content(PadContent(image=picture, is_test_image=True))
    whole = session.content.image_bytes
    session.set_content(PadContent())
    packed = session.history.next_undo.image_bytes
    assert packed < whole / 20 if mode in ("L", "RGB") else packed == whole
    for _ in range(2):
        session.history.undo()
        assert session.content.image == picture and session.content.is_test_image
        session.history.redo()
        assert not session.content


def test_every_kind_of_step_is_undone_and_redone_in_order(session: Session) -> None:
    keep_image(session, 7)
    edits, corrections = session.edits, session.corrections
    edits.relabel(corrections.digits(), 1)
    edits.trash(corrections.digits())
    edits.restore(corrections.trashed())
    states: list[list[int | None]] = [labels(session)]
    while session.history.undo() is not None:
        states.append(labels(session))
    assert states == [[1], [], [1], [7], [], []] and not session.content
    states = []
    while session.history.redo() is not None:
        states.append(labels(session))
    assert states == [[], [7], [1], [], [1]] and session.counters.kept[1] == 1


def test_a_drawing_kept_again_has_the_name_it_had(session: Session) -> None:
    keep_image(session, 7)
    [before] = session.corrections.digits()
    session.history.undo()
    session.history.redo()
    assert [before] == session.corrections.digits()


def test_a_step_whose_file_is_gone_is_lost_and_the_keeping_before_is_undone(
    session: Session,
) -> None:
    keep_image(session, 7)
    session.edits.relabel(session.corrections.digits(), 1)
    [moved] = session.corrections.digits()
    moved.path.unlink()
    with pytest.raises(StepLostError, match=f"1/{moved.path.name} was deleted"):
        session.history.undo()
    session.history.undo()
    assert session.content.image is not None and not labels(session)


def test_a_missing_config_is_written_to_the_usual_path_alone(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, other = tmp_path / "config.json", tmp_path / "other.json"
    monkeypatch.setattr(preferences, "CONFIG", usual)
    assert not Session(network, usual).warnings and read_config(usual) == Config()
    assert str(other) in Session(network, other).warnings[0] and not other.exists()
    assert list(tmp_path.iterdir()) == [usual]


def test_a_config_in_another_folder_reads_with_the_bundled_network(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {})
    session = Session(config_path=tmp_path / "config.json")
    session.load_network()
    assert session.network_path == BUNDLED_NETWORK and not session.warnings
