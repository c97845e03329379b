"""A growing drawing is rasterized like a new one, and finished strokes only once."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.drawing.drawing import Drawing, Stroke, clip_line
from number_recognition.digits.drawing.incremental import IncrementalRasterizer
from number_recognition.digits.drawing.rasterize import rasterize, run_to_end
from number_recognition.digits.drawing.strokes import normalize_strokes


def strokes(count: int) -> tuple[Stroke, ...]:
    """Paths that fill the pad from the first one on."""
    rng = np.random.default_rng(7)
    frame = Stroke(((5.0, 5.0), (275.0, 275.0)), 9)
    within = (rng.uniform(10, 270, (6, 2)).tolist() for _ in range(count - 1))
    return (frame, *(Stroke(tuple(map(tuple, points)), 9) for points in within))


def test_a_growing_or_shrinking_drawing_is_rasterized_like_a_new_one() -> None:
    rasterizer, every = IncrementalRasterizer(140), strokes(6)
    moved = Stroke(((0.0, 140.0), (279.0, 3.0)), 9)
    for parts in (every[:2], every[:5], every, every[:3], (*every[:3], moved), every[1:], every):
        found = run_to_end(rasterizer.rasterize(Drawing(parts)))
        assert found.tobytes() == rasterize(normalize_strokes(Drawing(parts)), 140).tobytes()


def test_a_longer_stroke_takes_as_many_steps_after_many_strokes() -> None:
    def pieces(before: int) -> int:
        rasterizer, earlier = IncrementalRasterizer(140), strokes(before)
        run_to_end(rasterizer.rasterize(Drawing((*earlier, Stroke(((20.0, 20.0),), 9)))))
        longer = Stroke(((20.0, 20.0), (200.0, 30.0)), 9)
        return sum(1 for _ in rasterizer.rasterize(Drawing((*earlier, longer))))

    assert pieces(300) == pieces(10)


def test_a_line_is_clipped_at_the_edge_that_it_crosses() -> None:
    assert clip_line((140, 140), (340, 140)) == ((140, 140), (280, 140))
    assert clip_line((-60, 100), (60, 160)) == ((0, 130), (60, 160))
    assert clip_line((-20, 140), (300, 140)) == ((0, 140), (280, 140))
    assert clip_line((10, 10), (20, 30)) == ((10, 10), (20, 30))
    assert clip_line((-10, 100), (-10, 200)) is None
    assert clip_line((-100, 40), (40, -100)) is None
