"""Helm installs, upgrades, rolls back and uninstalls the chart on a real kube-apiserver."""

import copy

import pytest
import yaml

from chart.helm import CHART, MINIMAL, the
from chart.refused_test import REFUSED, merged

FULL = {
    "api": {"enabled": True, "existingSecret": "credentials"},
    "ingress": {"enabled": True, "hosts": [{"host": "jobs.example"}]},
    "networkPolicy": {"enabled": True},
    "serviceMonitor": {"enabled": True, "labels": {"release": "stack"}},
    "prometheusRule": {"enabled": True},
    "dashboards": {"enabled": True},
}
NAME = "queues-bullmq-exporter"
OBJECTS = {
    *((kind, NAME) for kind in ("ConfigMap", "Deployment", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "PrometheusRule",
                                "Service", "ServiceAccount", "ServiceMonitor")),
    *(("ConfigMap", f"{NAME}-dashboard-{name}") for name in ("overview", "queue", "failures", "exporter")),
}  # fmt: skip


def release_secrets(*revisions):
    return {("Secret", f"sh.helm.release.v1.queues.v{revision}") for revision in revisions}


class Release:
    """One release in a namespace; each step is free of warnings."""

    def __init__(self, helm, namespace):
        self.helm, self.namespace = helm, namespace

    def run(self, *words, values=()):
        done = self.helm.run(*words, "--namespace", self.namespace, *self.helm.values(values))
        said = [line for line in done.stderr.splitlines() if "symbolic link" not in line]
        assert not any("warn" in line.lower() or "violate" in line for line in said), said
        return done.stdout

    def install(self, *values):
        return self.run("install", "queues", CHART, values=(MINIMAL, *values))

    def upgrade(self, *values):
        return self.run("upgrade", "queues", CHART, values=(MINIMAL, *values))


@pytest.fixture
def release(installer, namespace):
    return Release(installer, namespace)


def specs(cluster, namespace, objects):
    """What was asked for: without what the server keeps account of."""
    found = {}
    for kind, name in objects:
        content = copy.deepcopy(cluster.get(kind, namespace, name))
        content.pop("status", None)
        labels, annotations = (content["metadata"].get(key, {}) for key in ("labels", "annotations"))
        found[kind, name] = {**content, "metadata": (labels, annotations)}
    return found


def test_from_install_to_uninstall(cluster, release):
    namespace = release.namespace
    before = cluster.everything(namespace)

    notes = release.install(FULL)
    assert f"port-forward service/{NAME}" in notes and "The Jobs API" in notes
    assert cluster.everything(namespace) - before == OBJECTS | release_secrets(1)
    first = specs(cluster, namespace, OBJECTS)
    assert [port["name"] for port in first["Service", NAME]["spec"]["ports"]] == ["metrics", "api"]

    changed = {"serviceMonitor": {"enabled": True, "interval": "1m"}, "config": {"poll": {"interval": "30s"}}}
    release.upgrade(changed)
    gone = {(kind, name) for kind, name in OBJECTS if kind in ("Ingress", "NetworkPolicy", "PrometheusRule") or "dashboard" in name}
    assert cluster.everything(namespace) - before == OBJECTS - gone | release_secrets(1, 2)
    second = specs(cluster, namespace, OBJECTS - gone)
    assert [port["name"] for port in second["Service", NAME]["spec"]["ports"]] == ["metrics"]
    assert second["ServiceMonitor", NAME]["spec"]["endpoints"][0]["interval"] == "1m"
    checksums = {s["Deployment", NAME]["spec"]["template"]["metadata"]["annotations"]["checksum/config"] for s in (first, second)}
    assert len(checksums) == 2, "the pod would keep its old configuration"

    release.run("rollback", "queues", "1")
    assert cluster.everything(namespace) - before == OBJECTS | release_secrets(1, 2, 3)
    assert specs(cluster, namespace, OBJECTS) == first

    release.run("uninstall", "queues")
    assert cluster.everything(namespace) == before


def test_an_upgrade_without_changes_starts_no_new_pod(cluster, release):
    release.install()
    generation = cluster.get("deployment", release.namespace, NAME)["metadata"]["generation"]
    release.upgrade()
    assert cluster.get("deployment", release.namespace, NAME)["metadata"]["generation"] == generation
    release.upgrade({"serviceMonitor": {"enabled": True}, "service": {"labels": {"a": "b"}}})
    assert cluster.get("deployment", release.namespace, NAME)["metadata"]["generation"] == generation


def test_two_releases_stand_side_by_side(cluster, release):
    before = cluster.everything(release.namespace)
    release.install(FULL)
    release.run("install", "others", CHART, values=(MINIMAL, merged(FULL, {"dashboards": {"enabled": False}})))
    selectors = [cluster.get("service", release.namespace, f"{name}-bullmq-exporter")["spec"]["selector"] for name in ("queues", "others")]
    pods = [cluster.get("deployment", release.namespace, f"{name}-bullmq-exporter")["spec"]["template"]["metadata"]["labels"]
            for name in ("queues", "others")]  # fmt: skip
    matches = [[selector.items() <= labels.items() for labels in pods] for selector in selectors]
    assert matches == [[True, False], [False, True]]
    release.run("uninstall", "queues")
    release.run("uninstall", "others")
    assert cluster.everything(release.namespace) == before


def test_objects_may_stand_in_the_namespace_of_prometheus(cluster, release):
    other = cluster.namespace(f"{release.namespace}-monitoring")
    before = cluster.everything(other)
    elsewhere = {key: {"enabled": True, "namespace": other} for key in ("serviceMonitor", "prometheusRule", "dashboards")}
    release.install(elsewhere)
    assert len(cluster.everything(other) - before) == 6
    monitor = cluster.get("servicemonitor", other, f"{NAME}-{release.namespace}")
    assert monitor["spec"]["namespaceSelector"] == {"matchNames": [release.namespace]}
    # The same name in another namespace.
    second = Release(release.helm, cluster.namespace(f"{release.namespace}-second"))
    second.install({"serviceMonitor": {"enabled": True, "namespace": other}})
    assert len(cluster.everything(other) - before) == 7
    second.run("uninstall", "queues")
    release.run("uninstall", "queues")
    assert cluster.everything(other) == before


def test_the_release_fits_into_its_secret(cluster, release):
    """With all that the chart holds; etcd takes 1 MiB and a half, a Secret 1 MiB."""
    release.install(FULL)
    secret = cluster.get("secret", release.namespace, "sh.helm.release.v1.queues.v1")
    assert len(secret["data"]["release"]) < 700_000


@pytest.mark.timeout(600)
def test_wrong_values_are_refused_and_leave_nothing(cluster, release):
    """Out of all parts of the table, which is gone through without a server on each Helm."""
    before = cluster.everything(release.namespace)
    minimal = yaml.safe_load(MINIMAL.read_text())
    for change, words in REFUSED[::6]:
        values = release.helm.values([merged(minimal, change)])
        done = release.helm.run("install", "queues", CHART, "--namespace", release.namespace, *values, check=False)
        assert done.returncode != 0, f"{change} is taken"
        assert all(word in done.stderr for word in words), done.stderr
    assert cluster.everything(release.namespace) == before


def test_a_wrong_upgrade_leaves_all_as_it_was(cluster, release):
    release.install(FULL)
    before, first = cluster.everything(release.namespace), specs(cluster, release.namespace, OBJECTS)
    values = release.helm.values([MINIMAL, FULL, {"replicaCount": 2}])
    done = release.helm.run("upgrade", "queues", CHART, "--namespace", release.namespace, *values, check=False)
    assert done.returncode != 0 and "replicaCount" in done.stderr
    assert cluster.everything(release.namespace) == before and specs(cluster, release.namespace, OBJECTS) == first


def test_a_pod_that_is_not_restricted_is_warned_of(cluster, installer, namespace):
    """The control for the absence of warnings above."""
    values = installer.values([MINIMAL, {"podSecurityContext": {"seccompProfile": None}}])
    done = installer.run("install", "queues", CHART, "--namespace", namespace, *values)
    assert "would violate PodSecurity" in done.stderr
    assert the([cluster.get("deployment", namespace, NAME)], "Deployment")
