import itertools
import tempfile

import pytest

from chart.conftest import case, helm, render  # noqa: F401
from chart.helm import TOOLS, Helm
from kube.cluster import Cluster


@pytest.fixture(scope="session")
def cluster():
    """With the Prometheus operator's definitions."""
    with Cluster() as cluster:
        cluster.kubectl("create", "-f", (TOOLS / "prometheus-operator-crds").resolve())
        cluster.kubectl("wait", "--for", "condition=Established", "crd", "--all", "--timeout=60s")
        yield cluster


_numbers = itertools.count(1)


@pytest.fixture
def namespace(cluster):
    """A new one that enforces the restricted Pod Security Standard."""
    return cluster.namespace(f"restricted-{next(_numbers)}")


@pytest.fixture(params=["helm-3", "helm-4"])
def installer(request, cluster):
    """Helm that installs into the cluster."""
    with tempfile.TemporaryDirectory(prefix="bullmq_exporter_helm_") as folder:
        yield Helm(folder, request.param, cluster.kubeconfig)
