"""Values that YAML takes for something else, that hold expressions, or that are taken away."""

import re

import pytest
import yaml

from chart.helm import CHART, MINIMAL, leaves, nested, the
from chart.refused_test import merged, refusal

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
FULL = {
    "api": {"enabled": True, "existingSecret": "credentials"},
    "ingress": {"enabled": True, "hosts": [{"host": "jobs.example"}]},
    "networkPolicy": {"enabled": True},
    "serviceMonitor": {"enabled": True},
    "prometheusRule": {"enabled": True},
    "dashboards": {"enabled": True},
}


def pod_spec(objects):
    return the(objects, "Deployment")["spec"]["template"]["spec"]


def texts(objects):
    """What `given` below says, where it arrives."""
    spec, test, ingress = pod_spec(objects), the(objects, "Pod"), the(objects, "Ingress")
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    return [
        spec["priorityClassName"],
        spec["serviceAccountName"],
        test["spec"]["serviceAccountName"],
        the(objects, "ServiceAccount")["metadata"]["name"],
        *(secret["name"] for secret in spec["imagePullSecrets"]),
        volumes["redis-auth"]["secret"]["secretName"],
        volumes["api"]["secret"]["secretName"],
        spec["containers"][0]["args"][1],
        spec["containers"][0]["env"][0]["value"],
        *(o["metadata"]["labels"]["example/label"] for o in objects if "helm.sh/hook" not in o["metadata"].get("annotations", {})),
        test["metadata"]["labels"]["example/pod"],
        test["metadata"]["annotations"]["example/annotation"],
        the(objects, "Deployment")["spec"]["template"]["metadata"]["annotations"]["example/annotation"],
        ingress["spec"]["ingressClassName"],
        ingress["spec"]["rules"][0]["http"]["paths"][0]["path"],
        the(objects, "ServiceMonitor")["spec"]["endpoints"][0]["basicAuth"]["username"]["name"],
        yaml.safe_load(the(objects, "ConfigMap", "queues-bullmq-exporter")["data"]["exporter.yaml"])["redis"][0]["prefixes"][0],
    ]


def given(word):
    return {
        "priorityClassName": word,
        "serviceAccount": {"name": word},
        "image": {"pullSecrets": [word]},
        "global": {"imagePullSecrets": [{"name": word}]},
        "redis": {"auth": {"existingSecret": word}, "prefixes": [word]},
        "api": {"enabled": True, "existingSecret": word},
        "extraArgs": [word],
        "extraEnv": [{"name": "A", "value": word}],
        "commonLabels": {"example/label": word},
        "podLabels": {"example/pod": word},
        "podAnnotations": {"example/annotation": word},
        "ingress": {"enabled": True, "className": word, "hosts": [{"host": "h", "paths": [{"path": word}]}]},
        "serviceMonitor": {"enabled": True, "basicAuth": {"username": {"name": word}}},
    }


WORDS = ["123", "010", "1e3", "true", "null", "~", "yes", "*", "/x: y", "/a #b", "O'Brien", 'say "hi"', "two\nlines", "word " * 40, " a ", "-", "@x", "é"]


@pytest.mark.parametrize("word", WORDS)
def test_texts_arrive_as_they_are(helm, word):
    found = texts(helm.objects(MINIMAL, given(word)))
    assert len(found) > 20 and found == [word] * len(found)


@pytest.mark.parametrize("word", WORDS)
def test_so_does_what_an_expression_gives(helm, word):
    values = merged(given("{{ .Values.global.word }}"), {"global": {"word": word}})
    found = texts(helm.objects(MINIMAL, values))
    assert found == [word] * len(found)


@pytest.mark.parametrize(
    ("text", "word"),
    [("1{{ 2 }}", "12"), ("{{ `{{ with secret \"redis\" }}` }}", '{{ with secret "redis" }}'), ('{{ printf "%s" "' + "long " * 40 + '" }}', "long " * 40)],
)
def test_expressions(helm, text, word):
    found = texts(helm.objects(MINIMAL, given(text)))
    assert found == [word] * len(found)


def test_keys_of_secrets_are_texts(helm):
    auth = {"existingSecret": "s", "usernameKey": "1", "passwordKey": "null"}
    (volume,) = [volume for volume in pod_spec(helm.objects(MINIMAL, {"redis": {"auth": auth}}))["volumes"] if volume["name"] == "redis-auth"]
    assert {item["path"]: item["key"] for item in volume["secret"]["items"]} == {"username": "1", "password": "null"}


@pytest.mark.parametrize(
    ("values", "release", "name"),
    [
        ({}, "my.release", "my-release-bullmq-exporter"),
        ({"nameOverride": "my.app"}, "queues", "queues-my-app"),
        ({"fullnameOverride": "a" * 54 + "--bbb"}, "queues", "a" * 54),
        ({"fullnameOverride": "{{ .Release.Name }}-x"}, "1q", None),
        ({}, "1queues", None),
        ({"fullnameOverride": "q1"}, "1queues", "q1"),
    ],
)
def test_names_are_those_of_a_service(helm, values, release, name):
    done = helm.template(MINIMAL, values, release=release, check=False)
    if name is None:
        assert done.returncode != 0 and "is no name of a Service" in done.stderr and "set fullnameOverride" in done.stderr
    else:
        assert the(yaml.safe_load_all(done.stdout), "Service")["metadata"]["name"] == name


def test_the_checksum_is_the_charts(helm):
    annotations = the(helm.objects(MINIMAL, {"podAnnotations": {"checksum/config": "x", "a": "b"}}), "Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert len(annotations["checksum/config"]) == 64 and annotations["a"] == "b"


def test_a_headless_service_is_tested_at_the_port_of_the_pod(helm):
    values = {"service": {"clusterIP": "None", "port": 80}, "config": {"web": {"listen_address": ":1234"}}}
    url = the(helm.objects(MINIMAL, values), "Pod")["spec"]["containers"][0]["args"][-1]
    assert url == "--url=http://queues-bullmq-exporter.monitoring:1234/-/ready"


def test_on_openshift_ids_are_left_out(helm):
    for objects in (helm.objects(MINIMAL, {"openshift": True}), helm.objects(MINIMAL, {"podSecurityContext": {"runAsUser": None, "runAsGroup": None, "fsGroup": None}})):
        for spec in (pod_spec(objects), the(objects, "Pod")["spec"]):
            assert spec["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


# --- Null takes a default away.

def at(path):
    value = VALUES
    for key in path:
        value = value[key]
    return value


# What is handed to Kubernetes has no schema of the chart's own.
FREE = ("resources", "podSecurityContext", "securityContext")
FIXED = [path for path in leaves(VALUES) if path[0] not in FREE]
NEEDED = [path for path in FIXED if not isinstance(at(path), (dict, list)) or path[0] == "redis" or path[-1] == "dnsPorts"]
SECTIONS = sorted({path[:depth] for path in NEEDED for depth in range(1, len(path))})


def without(paths):
    values = {}
    for path in paths:
        values = merged(values, nested(path, None))
    return values


def missed(said):
    """{(section, key)} of which a refusal says that they are missing."""
    found = re.findall(r"at '([^']*)': missing propert(?:y|ies) ((?:'[^']+'(?:, )?)+)", said)
    return {(*filter(None, section.split("/")), key) for section, keys in found for key in re.findall("'([^']+)'", keys)}


def test_what_is_needed_is_missed_by_name(helm):
    # (`global` itself is always there.)
    assert missed(refusal(helm, without(NEEDED))) == set(NEEDED) - {("global", "imagePullSecrets")}


@pytest.mark.parametrize("depth", [1, 2])
def test_sections_are_missed_by_name(helm, depth):
    sections = {path for path in SECTIONS if len(path) == depth} - {("global",)}
    assert len(sections) >= 3 and missed(refusal(helm, without(sections))) >= sections


def test_anything_else_may_be_taken_away(helm):
    values = merged(yaml.safe_load(MINIMAL.read_text()), FULL)
    empty = [path for path in FIXED if path not in NEEDED and path not in leaves(values)] + [(key,) for key in FREE]
    assert len(empty) > 40
    each = without((key, inner) for key in FREE for inner in VALUES[key])
    assert helm.objects(merged(values, without(empty))) == helm.objects(merged(values, each))
