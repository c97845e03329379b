"""Small networks show their connections and weights; large ones their units alone."""

from __future__ import annotations

import numpy as np
from network_files import smooth_network
from window_support import SEVEN, BareContext, one_stroke, set_content, show_view

from number_recognition.window.network.connections import is_small, strongest
from number_recognition.window.network.network_view import NetworkView
from Recognition import Recognizer


def test_the_strongest_connections_carry_most() -> None:
    network = smooth_network((30, 20))
    activations = np.linspace(0, 1, 30, dtype=np.float32)
    found = strongest(network, 0, activations, 5)
    carried = np.abs(network.layers[1].weights * activations[:, None])
    assert len(found) == 5
    assert [abs(value) for *_, value in found] == sorted(np.sort(carried.ravel())[-5:].tolist())
    for source, target, value in found:
        assert value == network.layers[1].weights[source, target] * activations[source]


def test_a_small_network_shows_connections_and_weights(bare_context: BareContext) -> None:
    bare_context.session.recognizer = Recognizer(smooth_network((64,)))
    view = show_view(NetworkView(bare_context.window, bare_context))
    set_content(view, one_stroke(SEVEN))
    view.refresh("network")
    view.update()
    shown = view.activation_map.connections
    assert shown.lines > 20 and shown.has_pictures
    assert len(view.activation_map.find_withtag("connection")) == shown.lines


def test_a_large_network_shows_none(bare_context: BareContext) -> None:
    network = smooth_network((129, 20))
    assert not is_small(network)
    bare_context.session.recognizer = Recognizer(network)
    view = show_view(NetworkView(bare_context.window, bare_context))
    set_content(view, one_stroke(SEVEN))
    view.refresh("network")
    view.update()
    assert view.activation_map.connections.lines == 0
