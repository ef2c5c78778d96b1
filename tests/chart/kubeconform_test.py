"""kubeconform: every object is one of the Kubernetes that it is for, field by field."""

import json
import subprocess

import pytest
import yaml

from chart.conftest import CASES
from chart.helm import KUBERNETES, TOOLS

SCHEMAS = TOOLS / "kubernetes-schemas"


def faults(kubernetes, files):
    """{file: the messages about its objects}; the empty list where all are valid. None may be skipped."""
    done = subprocess.run(
        [TOOLS / "kubeconform", "-strict", "-verbose", "-output", "json", "-kubernetes-version", kubernetes,
         "-schema-location", f"{SCHEMAS}/{kubernetes}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
         "-schema-location", f"{SCHEMAS}/crd/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json", *files],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    found = {str(file): [] for file in files}
    resources = json.loads(done.stdout)["resources"]
    count = sum(1 for file in files for document in yaml.safe_load_all(file.read_text()) if document)
    assert len(resources) == count, "an object was not looked at"
    for resource in resources:
        if resource["status"] != "statusValid":
            found[resource["filename"]].append(f"{resource['kind']} {resource['name']}: {resource['status']} {resource['msg']}")
    assert (done.returncode == 0) == (not any(found.values())), done.stderr
    return {file.stem: found[str(file)] for file in files}


def write(folder, name, text):
    file = folder / f"{name}.yaml"
    file.write_text(text)
    return file


@pytest.mark.parametrize("kubernetes", KUBERNETES)
def test_every_object_is_valid(render, kubernetes, tmp_path):
    files = [write(tmp_path, case, render(case, kubernetes=kubernetes).stdout) for case in CASES]
    assert faults(kubernetes, files) == {case: [] for case in CASES}


# What a typing error in a template would make: kind, path of a mapping, key, value, what kubeconform says.
WRONG = [
    ("Deployment", ("spec", "template", "spec"), "enableServiceLink", False, "'enableServiceLink' not allowed"),
    ("Deployment", ("spec", "template", "spec", "containers", 0, "securityContext"), "readOnlyRootFS", True, "'readOnlyRootFS' not allowed"),
    ("Deployment", ("spec",), "replicas", "one", "got string, want null or integer"),
    ("Service", ("spec", "ports", 0), "port", "metrics", "got string, want integer"),
    ("NetworkPolicy", ("spec",), "outgress", [], "'outgress' not allowed"),
    ("ServiceMonitor", ("spec", "endpoints", 0), "intervall", "15s", "'intervall' not allowed"),
    ("PrometheusRule", ("spec", "groups", 0, "rules", 0), "expression", "up", "'expression' not allowed"),
]


@pytest.mark.parametrize("kubernetes", KUBERNETES)
def test_what_is_wrong_is_found(render, kubernetes, tmp_path):
    files = []
    for kind, path, key, value, _ in WRONG:
        case = "kube-prometheus-stack" if kind in ("ServiceMonitor", "PrometheusRule") else "secrets"
        (document,) = [d for d in yaml.safe_load_all(render(case).stdout) if d and d["kind"] == kind]
        node = document
        for step in path:
            node = node[step]
        node[key] = value
        files.append(write(tmp_path, f"{kind}-{key}", yaml.safe_dump(document)))
    said = faults(kubernetes, files)
    for kind, _, key, _, words in WRONG:
        (message,) = said[f"{kind}-{key}"]
        assert "statusInvalid" in message and words in message


def test_an_object_without_a_schema_is_an_error(tmp_path):
    file = write(tmp_path, "unknown", "{apiVersion: example/v1, kind: Unknown, metadata: {name: x}}")
    (message,) = faults(KUBERNETES[0], [file])["unknown"]
    assert "could not find schema" in message
