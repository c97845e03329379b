"""Groups of parts as the network reads them: each is framed and read once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from number_recognition.digits.images.frame import Frame
from number_recognition.digits.segmentation.parts import Part
from number_recognition.learning.models.numpy_network import NumpyNetwork

Parts = Sequence[Part[Any]]
Framing = Callable[[Parts], Generator[None, None, Frame | None]]
_Key = frozenset[int]

BATCH_SIZE = 32
"""Larger batches are hardly faster: the weights are then read from memory seldom enough."""


@dataclass(frozen=True)
class Group:
    """A group of parts as the network reads it: its frame and the outputs, (10,) or (11,)."""

    frame: Frame
    outputs: np.ndarray


class Groups:
    """What the network says of groups of parts; what is new goes to it in batches.

    Parts are told apart by their contents, which must be the identical objects each time.

    Attributes:
        network: what reads them.
    """

    def __init__(self, network: NumpyNetwork) -> None:
        self.network = network
        self._known: dict[_Key, tuple[Parts, Group | None]] = {}
        self._used: set[_Key] = set()

    def read(self, groups: Iterable[Parts], framing: Framing) -> Generator[None, None, None]:
        """Frame and read the groups that are not known yet, in steps of a few milliseconds."""
        new: dict[_Key, tuple[Parts, Frame | None]] = {}
        for parts in groups:
            key = _key(parts)
            self._used.add(key)
            if key not in self._known and key not in new:
                new[key] = parts, (yield from framing(parts))
                yield
        for key, (parts, frame) in new.items():
            if frame is None:
                self._known[key] = parts, None  # the parts that are kept keep the key valid
        framed = [(key, parts, frame) for key, (parts, frame) in new.items() if frame is not None]
        for start in range(0, len(framed), BATCH_SIZE):
            batch = framed[start : start + BATCH_SIZE]
            outputs = self.network(np.stack([frame.pixels for _, _, frame in batch]))
            for (key, parts, frame), answer in zip(batch, outputs, strict=True):
                self._known[key] = parts, Group(frame, answer)
            yield

    def get(self, parts: Parts) -> Group | None:
        """A group that was read; None where it has no ink."""
        return self._known[_key(parts)][1]

    def forget_unused(self) -> None:
        """Forget what was not read since the last call."""
        self._known = {key: found for key, found in self._known.items() if key in self._used}
        self._used.clear()


def _key(parts: Parts) -> _Key:
    return frozenset(id(part.content) for part in parts)
