"""One Dask cluster for all tests of sweeps, and workers of either kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dask_cluster import Cluster, running_cluster
from sweep_support import Workers


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(params=["local", "cluster"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return Workers(None if request.param == "local" else request.getfixturevalue("cluster"))
