"""What a real kube-apiserver says to the objects: the pod itself where the restricted Pod Security Standard is enforced (it acts on
pods, and without controllers a Deployment makes none), and every object of every file of values field by field."""

import copy

import pytest
import yaml

from chart.helm import MINIMAL, the


def pods_of(objects):
    """The Deployment's own pod and, unless it is stopped, that of `helm test`, as pods to create."""
    template = the(objects, "Deployment")["spec"]["template"]
    metadata = {**template["metadata"], "name": "exporter"}
    yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
    yield from (o for o in objects if o["kind"] == "Pod")


def create(cluster, namespace, *objects):
    """kubectl's answer; unknown and doubled fields are errors."""
    objects = [{**o, "metadata": {**o["metadata"], "namespace": namespace}} for o in objects]
    return cluster.kubectl("create", "--validate=strict", "-f", "-", stdin=yaml.safe_dump_all(objects), check=False)


@pytest.fixture(scope="module", autouse=True)
def priority_class(cluster):
    """That of values/pod.yaml."""
    cluster.kubectl("create", "priorityclass", "high", "--value=1")


def test_pods_are_admitted(cluster, namespace, case, render):
    objects = [o for o in yaml.safe_load_all(render(case, namespace=namespace).stdout) if o]
    accounts = [o for o in objects if o["kind"] == "ServiceAccount"]
    if not accounts:
        accounts = [{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}]
    assert create(cluster, namespace, *accounts).returncode == 0
    pods = list(pods_of(objects))
    assert len(pods) == 1 + the(objects, "Deployment")["spec"]["replicas"]
    done = create(cluster, namespace, *pods)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    for pod in cluster.get("pods", namespace):
        assert not any("kube-api-access" in volume["name"] for volume in pod["spec"].get("volumes", ())), "it has a token"


# What each part of the security contexts is for: (path of a mapping in the pod's spec, its key, value), words of the refusal.
BAD = [
    (("securityContext",), "runAsNonRoot", False, "runAsNonRoot != true"),
    (("securityContext",), "seccompProfile", None, "seccompProfile"),
    (("securityContext",), "runAsUser", 0, "runAsUser=0"),
    (("containers", 0, "securityContext"), "allowPrivilegeEscalation", True, "allowPrivilegeEscalation != false"),
    (("containers", 0, "securityContext"), "capabilities", None, "unrestricted capabilities"),
    (("containers", 0), "securityContext", {"privileged": True}, "privileged"),
    ((), "hostNetwork", True, "host namespaces"),
    ((), "volumes", [{"name": "config", "hostPath": {"path": "/"}}], "hostPath"),
]


@pytest.mark.parametrize(("path", "key", "value", "words"), BAD, ids=[".".join(map(str, (*path, key))) for path, key, _, _ in BAD])
def test_a_bad_pod_is_refused_beside_it(cluster, namespace, render, path, key, value, words):
    objects = [o for o in yaml.safe_load_all(render("minimal").stdout) if o]
    good = next(pods_of(objects))
    bad = copy.deepcopy(good)
    bad["metadata"]["name"] = "bad"
    node = bad["spec"]
    for step in path:
        node = node[step]
    node[key] = value
    account = the(objects, "ServiceAccount")
    assert create(cluster, namespace, account, good).returncode == 0
    done = create(cluster, namespace, bad)
    assert done.returncode == 1
    assert 'violates PodSecurity "restricted:latest"' in done.stderr and words in done.stderr
    assert [pod["metadata"]["name"] for pod in cluster.get("pods", namespace)] == ["exporter"]


def test_every_object_is_taken_field_by_field(cluster, case, render):
    """By the server's own validation, the operator's definitions among them, in a namespace where nothing is enforced."""
    namespace = cluster.namespace(f"fields-{case}", level="privileged")
    objects = [o for o in yaml.safe_load_all(render(case, namespace=namespace).stdout) if o]
    if not any(o["kind"] == "ServiceAccount" for o in objects):
        objects.insert(0, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}})
    # Services have to have an address out of the cluster's own range, and the pods' account has to be there first.
    for service in (o for o in objects if o["kind"] == "Service"):
        for key in ("clusterIP", "ipFamilies", "ipFamilyPolicy"):
            service["spec"].pop(key, None)
    objects.sort(key=lambda o: o["kind"] != "ServiceAccount")
    done = create(cluster, namespace, *objects)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" created\n") == len(objects)


def test_an_unknown_field_is_refused(cluster, namespace, helm):
    service = the(helm.objects(MINIMAL), "Service")
    service["spec"]["ports"][0]["nodeport"] = 30000
    done = create(cluster, namespace, service)
    assert done.returncode == 1 and 'unknown field "spec.ports[0].nodeport"' in done.stderr
