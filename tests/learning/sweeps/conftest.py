"""A Dask cluster for the tests of sweeps, and workers of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from dask_cluster import Cluster, running_cluster
from sweep_support import Workers


@pytest.fixture(scope="package")
def find_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Cluster]]:
    """Returns the cluster of these tests, or another one where a test has ended its scheduler.

    It ends with these tests, as it computes even where it has nothing to do.
    """
    clusters: list[Cluster] = []
    with ExitStack() as stack:

        def find() -> Cluster:
            if not clusters or clusters[-1].scheduler.poll() is not None:
                started = running_cluster(tmp_path_factory.mktemp("cluster"))
                clusters.append(stack.enter_context(started))
            return clusters[-1]

        yield find


@pytest.fixture
def cluster(find_cluster: Callable[[], Cluster]) -> Cluster:
    """A scheduler with two workers, which may have imported TensorFlow already."""
    return find_cluster()


@pytest.fixture(params=["local", "cluster"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return Workers(None if request.param == "local" else request.getfixturevalue("cluster"))
