"""A Dask cluster for the tests of sweeps, and workers of either kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dask_cluster import Cluster, running_cluster
from sweep_support import Workers


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """It ends with these tests, as it computes even where it has nothing to do."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(params=["local", "cluster"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return Workers(None if request.param == "local" else request.getfixturevalue("cluster"))
