"""Recognizer, the contract that scripts lean on."""

from __future__ import annotations

import re
from pathlib import Path

import network_files
import numpy as np
import pytest
from digit_images import drawing, rasterized, synthetic_samples
from PIL import ExifTags, Image

from number_recognition.core.progress import WorkStopped
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.strokes import fit_to_canvas
from number_recognition.digits.images.frame import frame
from number_recognition.storage.settings import TrainingSettings
from Recognition import Recognizer, frame_drawing


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    path = tmp_path_factory.mktemp("models") / "network.keras"
    return Recognizer.load(network_files.random_network(path))


def test_an_image_is_answered_with_digit_confidence_and_probabilities(
    recognizer: Recognizer,
) -> None:
    prediction = recognizer.predict(rasterized(drawing(3)))
    assert type(prediction.digit) is int and type(prediction.confidence) is float
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.dtype == np.float32
    assert prediction.probabilities.sum() == pytest.approx(1)
    assert prediction.probabilities[prediction.digit] == prediction.confidence
    assert prediction.ranking()[0] == (prediction.digit, prediction.confidence)


def test_a_blank_image_and_an_empty_drawing_have_no_digit(recognizer: Recognizer) -> None:
    for prediction in (
        recognizer.predict(Image.new("L", (280, 280), 255)),
        recognizer.predict_drawing(Drawing()),
    ):
        assert prediction.digit is None and prediction.confidence == 0
        assert (prediction.probabilities == np.zeros(10)).all()


def test_the_answer_shows_what_the_network_was_shown(recognizer: Recognizer) -> None:
    image = rasterized(drawing(3))
    prediction = recognizer.predict(image)
    assert (prediction.frame.pixels == frame(image).pixels).all()
    again = recognizer.predict_pixels(prediction.frame.pixels[None])
    assert again[0] == pytest.approx(prediction.probabilities)


@pytest.mark.parametrize("pen", [4, 18, 32])
@pytest.mark.parametrize("place", ["middle", "corner"])
@pytest.mark.parametrize("size", [56, 112, 252])
def test_on_the_pad_neither_size_nor_place_nor_pen_matters(
    size: float, place: str, pen: float
) -> None:
    digit = drawing(5).drawing
    usual = frame_drawing(fit_to_canvas(digit, 182, 18)).pixels
    other = frame_drawing(fit_to_canvas(digit, size, pen, place)).pixels
    assert np.abs(usual - other).sum() < 0.05 * usual.sum()


def test_a_dot_on_the_pad_is_a_disc() -> None:
    pixels = frame_drawing(Drawing((Stroke(((100.0, 100.0),), 18),))).pixels
    assert pixels[14, 14] == 1 and pixels[4:24, 4:24].mean() == pytest.approx(np.pi / 4, abs=0.05)


def test_many_pixels_are_answered_at_once(recognizer: Recognizer) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (7, 28, 28), dtype=np.uint8)
    answers = recognizer.predict_pixels(pixels)
    assert answers.shape == (7, 10) and answers.dtype == np.float32
    assert answers == pytest.approx(recognizer.predict_pixels(pixels / 255), abs=1e-6)
    assert recognizer.predict_pixels(pixels[:0]).shape == (0, 10)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((28, 28)),
        np.zeros((1, 32, 32)),
        np.full((1, 28, 28), 255.0),
        np.full((1, 28, 28), np.nan),
        np.full((1, 28, 28), -1),
    ],
    ids=["no batch", "another size", "floats to 255", "not a number", "negative"],
)
def test_pixels_of_another_kind_are_refused(recognizer: Recognizer, pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected"):
        recognizer.predict_pixels(pixels)


@pytest.mark.parametrize(
    ("labels", "found"),
    [([1, 2], "(2,)"), ([7.5, 2, 1], "7.5"), ([12, 2, 1], "12"), ([3, -1, 1], "-1")],
)
def test_labels_of_another_kind_are_refused(
    recognizer: Recognizer, labels: list[float], found: str
) -> None:
    with pytest.raises(ValueError, match=f"expected labels .*found {re.escape(found)}"):
        recognizer.evaluate(np.zeros((3, 28, 28), np.float32), labels)


def test_an_opened_image_is_read_as_the_command_line_reads_its_file(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    seven = rasterized(drawing(7))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    seven.rotate(90).save(tmp_path / "turned.png", exif=exif)
    twelve_bit = np.asarray(seven, np.uint16) * 16
    Image.fromarray(twelve_bit).save(tmp_path / "twelve.png")
    for name in ("turned.png", "twelve.png"):
        with Image.open(tmp_path / name) as opened:
            found = recognizer.predict(opened).probabilities
            assert found == pytest.approx(recognizer.predict(seven).probabilities, abs=0.02)
            assert recognizer.read(opened).text == recognizer.read(seven).text


@pytest.mark.parametrize(
    ("image", "words"),
    [("a.png", "a Pillow image, found str"), (Image.new("L", (0, 3)), "pixels, found 0 × 3")],
)
def test_what_is_no_image_is_named(recognizer: Recognizer, image: object, words: str) -> None:
    for answer in (recognizer.predict, recognizer.read):
        with pytest.raises((TypeError, ValueError), match=words):
            answer(image)


def test_evaluating_counts_what_was_read_as_what(recognizer: Recognizer) -> None:
    pixels = np.random.default_rng(1).random((30, 28, 28), dtype=np.float32)
    labels = recognizer.predict_pixels(pixels).argmax(axis=1)
    labels[:6] = (labels[:6] + 1) % 10
    result = recognizer.evaluate(pixels, labels)
    assert result.accuracy == pytest.approx(0.8)
    assert result.confusion.sum() == 30 and np.trace(result.confusion) == 24
    assert set(result.mistakes().tolist()) == set(range(6))
    with pytest.raises(ValueError, match="found none"):
        recognizer.evaluate(pixels[:0], labels[:0])


@pytest.mark.parametrize("content", [None, b"", b"no network"])
def test_a_file_that_is_no_network_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "network.keras"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        Recognizer.load(path)
    assert str(path) in str(caught.value)


def test_it_is_built_trained_saved_and_loaded(tmp_path: Path) -> None:
    settings = TrainingSettings(hidden_layers=(32,), epochs=2, batch_size=16)
    recognizer = Recognizer.build(settings)
    history = recognizer.train(settings, synthetic_samples(40, 1))
    path = tmp_path / "network.keras"
    recognizer.save(path)

    assert len(history) == 2
    pixels = np.random.default_rng(1).random((5, 28, 28), dtype=np.float32)
    loaded = Recognizer.load(path)
    assert (loaded.predict_pixels(pixels) == recognizer.predict_pixels(pixels)).all()
    assert [p.name for p in tmp_path.iterdir()] == ["network.keras"]


def test_a_training_stopped_in_its_first_epoch_leaves_the_network_as_it_was() -> None:
    recognizer = Recognizer.load()
    before = recognizer.network
    settings = TrainingSettings(hidden_layers=(16,), epochs=2)
    with pytest.raises(WorkStopped, match="first epoch"):
        recognizer.train(settings, synthetic_samples(40, 1), stopped=lambda: True)
    assert recognizer.network is before and recognizer.path is not None


def test_a_network_without_a_file_is_saved_too(tmp_path: Path) -> None:
    network = Recognizer.load().network
    Recognizer(network).save(tmp_path / "copy.keras")
    pixels = np.random.default_rng(1).random((5, 28, 28), dtype=np.float32)
    saved = Recognizer.load(tmp_path / "copy.keras")
    assert np.allclose(saved.predict_pixels(pixels), network(pixels), atol=1e-5)


def test_a_failed_save_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    path = network_files.random_network(tmp_path / "network.keras")
    before = path.read_bytes()

    class Broken:
        def save(self, path: Path) -> None:
            Path(path).write_bytes(b"half")
            raise OSError("No space left on device")

    recognizer = Recognizer(Recognizer.load(path).network, path, Broken())
    with pytest.raises(OSError, match="No space"):
        recognizer.save(path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1
    with pytest.raises(ValueError, match=r"ends in \.keras"):
        recognizer.save(tmp_path / "network.h5")
