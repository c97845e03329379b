"""Small networks show their connections and weights; large ones their units alone."""

from __future__ import annotations

import numpy as np
from network_files import smooth_network
from window_support import (
    SEVEN,
    BareContext,
    UserInput,
    one_stroke,
    set_content,
    show_view,
    use_network,
    wait_until,
)

from number_recognition.window.app import App
from number_recognition.window.network.connections import is_small, strongest
from number_recognition.window.network.network_view import NetworkView


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
    use_network(bare_context.session, smooth_network((64, 32)))
    view = show_view(NetworkView(bare_context.window, bare_context))
    set_content(view, one_stroke(SEVEN))
    view.refresh("network")
    view.update()
    shown = view.activation_map.connections
    assert shown.lines > 20 and view.activation_map.pictures.layers == {0, 1}
    assert len(view.activation_map.find_withtag("connection")) == shown.lines


def test_the_unit_below_the_pointer_shows_its_connections_alone(app: App, user: UserInput) -> None:
    use_network(app.session, smooth_network((64, 32)))
    app.network_changed()
    activation_map = app.show_view("Network").activation_map
    app.put_on_pad(one_stroke(SEVEN).drawing)
    wait_until(lambda: activation_map.connections.lines > 32, app)
    left, top, right, bottom = activation_map.grids[1].box(7)
    x, y = activation_map.winfo_rootx(), activation_map.winfo_rooty()
    user.move_on_screen(x + (left + right) / 2, y + (top + bottom) / 2)
    wait_until(lambda: activation_map.shown_unit == (1, 7), app)
    assert 10 < activation_map.connections.lines <= 32
    for line in activation_map.find_withtag("connection"):
        ends = activation_map.coords(line)
        assert (left + right) // 2 in (ends[0], ends[2])


def test_the_map_of_a_small_network_grows_with_the_window(app: App, user: UserInput) -> None:
    use_network(app.session, smooth_network((64, 32)))
    app.network_changed()
    activation_map = app.show_view("Network").activation_map
    app.put_on_pad(one_stroke(SEVEN).drawing)
    wait_until(lambda: activation_map.connections.lines, app)
    before = activation_map.grids[0].cell
    middle = activation_map.winfo_rooty() + activation_map.winfo_height() // 2
    user.move_on_screen(activation_map.winfo_rootx() + 20, middle)
    user.press("F8")
    wait_until(lambda: activation_map.winfo_manager() == "place", app)
    app.update()
    grids = activation_map.grids
    assert grids[-1].cell > 1.2 * before
    assert len({grid.top for grid in grids}) == 1  # in one row, so that lines lead to the right
    user.press("Escape")
    wait_until(lambda: activation_map.grids[0].cell == before, app)


def test_a_large_network_shows_none(bare_context: BareContext) -> None:
    network = smooth_network((129, 20))
    assert not is_small(network)
    use_network(bare_context.session, network)
    view = show_view(NetworkView(bare_context.window, bare_context))
    set_content(view, one_stroke(SEVEN))
    view.refresh("network")
    view.update()
    assert view.activation_map.connections.lines == 0
