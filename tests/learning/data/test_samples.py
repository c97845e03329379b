"""Samples come from every source, and nobody's hand is on both sides of a split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized, write_mnist
from PIL import Image

from number_recognition.core.progress import Progress, WorkStopped
from number_recognition.digits.drawing.stroke_files import format_line
from number_recognition.digits.images.frame import frame
from number_recognition.learning.data.gather import gather
from number_recognition.learning.data.samples import DataPaths, Samples, read_labelled_images
from number_recognition.learning.data.sources import unreadable_corrections
from number_recognition.storage.settings import TrainingSettings


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    """Six writers, ten digits each."""
    path = tmp_path / "strokes.jsonl"
    lines = [
        format_line(drawing(label, writer).drawing, label, writer)
        for writer in range(1, 7)
        for label in range(10)
    ]
    path.write_text("\n".join(lines))
    return path


def settings(**changes: object) -> TrainingSettings:
    return TrainingSettings(**{"sources": ("strokes",), "validation_split": 0.34, **changes})


def test_strokes_are_split_by_writer_and_held_out_writers_are_left_out(strokes: Path) -> None:
    gathered = gather(
        settings(held_out_writers=(1, 2), stroke_renderings=3), DataPaths(strokes=(strokes,))
    )
    # Of each nine zeros painted, a quarter more have a stroke through them.
    assert len(gathered.validation) == 10 and gathered.training.sources == {"strokes": 92}
    assert np.bincount(gathered.training.labels).tolist() == [11] + [9] * 9


def test_several_stroke_files_are_learnt_from_and_what_is_no_digit_is_left_out(
    strokes: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more.jsonl"
    lines = [format_line(drawing(label, 9).drawing, label, "anna") for label in range(10)]
    lines += [format_line(drawing(3).drawing, 3), format_line(drawing(4).drawing, None, "anna")]
    more.write_text("\n".join(lines))
    places = DataPaths(strokes=(strokes, more))
    gathered = gather(settings(stroke_renderings=1, validation_split=0), places)
    assert len(gathered.training) == 71
    chosen = settings(held_out_writers=(1, "anna"), stroke_renderings=1, validation_split=0)
    assert len(gather(chosen, places).training) == 51


def test_holding_every_writer_out_is_explained(strokes: Path) -> None:
    everyone = settings(held_out_writers=tuple(range(1, 7)))
    with pytest.raises(ValueError, match="writers who are not held out"):
        gather(everyone, DataPaths(strokes=(strokes,)))


def test_sources_add_up(strokes: Path) -> None:
    gathered = gather(
        settings(sources=("synthetic", "strokes"), synthetic_samples=50, stroke_renderings=1),
        DataPaths(strokes=(strokes,)),
    )
    assert gathered.training.sources == {"synthetic": 33, "strokes": 40}
    assert len(gathered.validation) == 17 + 20 and len(gathered.test) == 0
    assert gathered.training.pixels.dtype == np.uint8


def test_samples_of_one_source_stay_in_a_row() -> None:
    seven = Samples(np.zeros((1, 28, 28), np.uint8), np.array([7], np.uint8))
    known = seven.with_source("mnist")
    assert (known + seven.with_source("synthetic")).sources == {"mnist": 1, "synthetic": 1}
    assert (Samples.empty() + known).sources == (known + Samples.empty()).sources == {"mnist": 1}
    with pytest.raises(ValueError, match="found twice: mnist"):
        known + known
    with pytest.raises(ValueError, match="known sources in both"):
        seven + known


def test_morphs_come_of_the_digits_that_are_learnt_from_alone(tmp_path: Path) -> None:
    mnist = write_mnist(tmp_path / "mnist.npz")
    changes = {"sources": ("mnist",), "validation_split": 0.25}
    on_progress: list[Progress] = []
    plain = gather(settings(**changes), DataPaths(mnist=mnist))
    more = gather(
        settings(**changes, mnist_morphs=2), DataPaths(mnist=mnist), report=on_progress.append
    )
    count = len(plain.training)
    assert more.training.sources == {"mnist": 3 * count} and count == 150
    assert (more.training.pixels[:count] == plain.training.pixels).all()
    assert (more.validation.pixels == plain.validation.pixels).all()
    assert (more.test.pixels == plain.test.pixels).all()
    assert (np.bincount(more.training.labels) == 3 * np.bincount(plain.training.labels)).all()
    assert "outlines" in on_progress[0].message


def test_gathering_reports_and_can_be_stopped(strokes: Path) -> None:
    on_progress: list[Progress] = []
    gather(settings(), DataPaths(strokes=(strokes,)), report=on_progress.append)
    assert on_progress and "of" in on_progress[0].message
    with pytest.raises(WorkStopped):
        gather(settings(), DataPaths(strokes=(strokes,)), stopped=lambda: True)


def test_a_source_without_its_file_says_how_to_give_it() -> None:
    with pytest.raises(ValueError, match=r"--strokes FILE\.jsonl"):
        gather(settings(), DataPaths())
    with pytest.raises(ValueError, match="--images FOLDER"):
        gather(settings(sources=("corrections",)), DataPaths())


def test_refused_images_are_named_and_framed_ones_are_taken_as_they_are(tmp_path: Path) -> None:
    pixels = np.round(frame(rasterized(drawing(8))).pixels * 255).astype(np.uint8)
    moved = np.roll(pixels, 2, axis=1)
    Image.fromarray(moved).save(tmp_path / "framed.png")
    rasterized(drawing(8)).save(tmp_path / "drawn.png")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("hello")
    paths = [tmp_path / f"{name}.png" for name in ("framed", "drawn", "blank", "text")]

    samples, refused = read_labelled_images([(path, 8) for path in paths])

    assert (samples.pixels[0] == moved).all() and (samples.pixels[1] == pixels).all()
    assert [path.name for path, _ in refused] == ["blank.png", "text.png"]
    assert "blank" in refused[0][1]


def test_kept_drawings_that_are_broken_are_told_of_and_left_where_they_lie(tmp_path: Path) -> None:
    for label in (4, 7):
        (tmp_path / str(label)).mkdir()
        rasterized(drawing(label)).save(tmp_path / str(label) / "sound.png")
    broken = tmp_path / "4" / "broken.png"
    broken.write_bytes(b"\x89PNG no more")
    on_progress: list[Progress] = []
    corrections = settings(sources=("corrections",), correction_renderings=1, validation_split=0)
    gathered = gather(corrections, DataPaths(images=tmp_path), report=on_progress.append)
    [refused] = [each.details["skipped"] for each in on_progress if "skipped" in each.details]
    assert len(gathered.training) == 2 and broken.exists()
    assert len(refused) == 1 and str(broken) in refused[0]
    assert unreadable_corrections(DataPaths(images=tmp_path)) == refused
    for sound in tmp_path.glob("*/sound.png"):
        sound.unlink()
    with pytest.raises(ValueError, match=r"broken\.png"):
        gather(corrections, DataPaths(images=tmp_path))


def test_a_split_loses_and_repeats_nothing() -> None:
    samples = Samples(
        np.arange(100, dtype=np.uint8)[:, None, None].repeat(28, 1).repeat(28, 2),
        np.arange(100, dtype=np.uint8) % 10,
    )
    larger, smaller = samples.split(0.2, seed=1)
    assert (len(larger), len(smaller)) == (80, 20)
    both = np.concatenate([larger.pixels[:, 0, 0], smaller.pixels[:, 0, 0]])
    assert sorted(both.tolist()) == list(range(100))


def test_fewer_of_mnist_are_trained_on_and_as_many_validate(tmp_path: Path) -> None:
    paths = DataPaths(mnist=write_mnist(tmp_path / "mnist.npz"))
    all_digits, few = (
        gather(settings(sources=("mnist",), validation_split=0.25, mnist_samples=count), paths)
        for count in (1_000_000, 10)
    )
    assert few.training.sources == {"mnist": 10} and len(all_digits.training) > 10
    assert (few.training.pixels == all_digits.training.pixels[:10]).all()
    assert (few.validation.pixels == all_digits.validation.pixels).all()


def test_mnist_is_seen_as_often_as_asked(tmp_path: Path) -> None:
    mnist = write_mnist(tmp_path / "mnist.npz")
    plain, twice = (
        gather(
            settings(sources=("mnist",), validation_split=0.25, mnist_repeats=times),
            DataPaths(mnist=mnist),
        )
        for times in (1, 2)
    )
    assert twice.training.sources == {"mnist": 2 * len(plain.training)}
    assert (twice.training.pixels[len(plain.training) :] == plain.training.pixels).all()
    assert len(twice.validation) == len(plain.validation)
