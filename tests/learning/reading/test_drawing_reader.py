"""The order in which strokes are grouped to digits."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest
from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.images.frame import Frame
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.drawing_reader import DrawingReader
from number_recognition.learning.reading.groups import BATCH_SIZE

LEFT, RIGHT = Stroke(((10, 10), (50, 100))), Stroke(((60, 10), (64, 100)))
BETWEEN = Stroke(((40, 10), (66, 100)))
"""Its middle lies between those of the two."""
FAR = Stroke(((150, 10), (154, 100)))


def frame_of(drawing: Drawing) -> Generator[None, None, Frame]:
    """A frame that says by its first pixels which strokes are in it."""
    pixels = np.zeros((28, 28), np.float32)
    for number, stroke in enumerate((LEFT, RIGHT, BETWEEN, FAR)):
        pixels[0, number] = stroke in drawing.strokes
    image = Image.new("L", (28, 28))
    yield
    return Frame(np.asarray(image), image, image, pixels)


class Groups:
    """Stands in for a network: it is sure of the strokes given, and of nothing else."""

    outputs = 11
    can_refuse = True

    def __init__(self, digits: dict[tuple[int, ...], int]) -> None:
        self.digits, self.sizes, self.sure = digits, list[int](), 0.99
        self.read: list[tuple[int, ...]] = []

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        self.sizes.append(len(pixels))
        outputs = np.full((len(pixels), 11), 0.001, np.float32)
        for row, sample in zip(outputs, pixels, strict=True):
            group = tuple(int(number) for number in np.flatnonzero(sample[0]))
            self.read.append(group)
            row[self.digits.get(group, 10)] = self.sure
        return outputs


UNSURE = Prediction(1, 0.5, np.full(10, 0.1, np.float32))
SURE = Prediction(4, 0.999, np.eye(10, dtype=np.float32)[4])


def read(reader: DrawingReader, drawing: Drawing, whole: Prediction = UNSURE) -> str:
    steps = reader.read_in_steps(drawing, whole)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return str(done.value.text)


def test_strokes_drawn_one_after_the_other_are_one_digit_though_another_lies_between() -> None:
    reader = DrawingReader(Groups({(0, 1): 4, (2,): 1}), frame_of)
    assert read(reader, Drawing((LEFT, RIGHT, BETWEEN))) == "41"


def test_a_stroke_that_is_added_later_is_part_of_the_digit_it_stands_at() -> None:
    network = Groups({(0, 2): 5, (3,): 1})
    assert read(DrawingReader(network, frame_of), Drawing((LEFT, FAR, BETWEEN))) == "51"


def test_all_groups_go_to_the_network_in_one_batch_and_none_twice() -> None:
    network = Groups({(0, 2): 5, (3,): 1})
    assert read(DrawingReader(network, frame_of), Drawing((LEFT, FAR, BETWEEN))) == "51"
    assert len(network.sizes) == 1 and len(set(network.read)) == len(network.read)


def test_what_many_strokes_make_goes_to_the_network_in_small_batches() -> None:
    network = Groups({})
    strokes = [Stroke(((30 * i, 10), (30 * i + 4, 100))) for i in range(20)]
    read(DrawingReader(network, frame_of), Drawing(tuple(strokes)))
    assert sum(network.sizes) > BATCH_SIZE >= max(network.sizes)


@pytest.mark.parametrize(("sure", "text"), [(0.99, "71"), (0.9, "4")])
def test_what_is_surely_one_digit_is_several_only_if_those_are_sure(sure: float, text: str) -> None:
    network = Groups({(0,): 7, (1,): 1})
    network.sure = sure
    assert read(DrawingReader(network, frame_of), Drawing((LEFT, RIGHT)), SURE) == text


def test_strokes_that_cross_and_are_surely_one_digit_are_not_read_apart() -> None:
    across = Stroke(((0, 60), (70, 64)))
    network = Groups({})
    reader = DrawingReader(network, frame_of)
    assert read(reader, Drawing((RIGHT, across)), SURE) == "4" and network.sizes == []
    read(reader, Drawing((RIGHT, across)), UNSURE)
    assert network.sizes != []


def test_a_reading_that_was_given_up_leaves_the_next_one_right() -> None:
    network = Groups({(0, 2): 5, (3,): 1})
    reader = DrawingReader(network, frame_of)
    given_up = reader.read_in_steps(Drawing((LEFT, RIGHT, BETWEEN)), UNSURE)
    next(given_up)
    given_up.close()
    assert read(reader, Drawing((LEFT, FAR, BETWEEN))) == "51"


def test_groups_that_were_read_are_not_read_again() -> None:
    network = Groups({(0,): 7, (1,): 1})
    reader = DrawingReader(network, frame_of)
    assert read(reader, Drawing((LEFT, RIGHT))) == "71"
    sizes = list(network.sizes)
    assert read(reader, Drawing((LEFT, RIGHT))) == "71" and network.sizes == sizes
