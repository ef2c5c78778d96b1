"""Helm, as a command of its own: nothing of the caller's settings, and no cluster unless one is named."""

import json
import os
import pathlib
import subprocess
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/bullmq-exporter"
VALUES = pathlib.Path(__file__).parent / "values"
TOOLS = pathlib.Path(os.environ.get("BULLMQ_TEST_BIN", "/opt/bullmq_exporter/test/bin"))

# The oldest that the chart is for, and the newest that there are schemas of.
KUBERNETES = ("1.29.0", "1.37.0")
MINIMAL = VALUES / "minimal.yaml"


class Helm:
    """One version of Helm (`helm-3`, `helm-4` in the folder of tools) in a folder of its own."""

    def __init__(self, folder, program=None, kubeconfig="/dev/null"):
        self.folder = pathlib.Path(folder)
        self.program = TOOLS / (program or os.environ.get("BULLMQ_TEST_HELM", "helm-3"))
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "KUBECONFIG": str(kubeconfig),
            **{f"HELM_{name}_HOME": str(self.folder / name.lower()) for name in ("CACHE", "CONFIG", "DATA")},
        }

    def run(self, *words, check=True, stdin=None, timeout=120):
        done = subprocess.run(
            [self.program, *map(str, words)],
            env=self._environment, cwd=self.folder, input=stdin, capture_output=True, text=True, timeout=timeout,
        )
        if check:
            assert done.returncode == 0, f"helm {' '.join(map(str, words))}\n{done.stderr}"
        return done

    def template(self, *values, sets=(), chart=CHART, release="queues", namespace="monitoring", kubernetes=KUBERNETES[0], check=True):
        """What `helm template` does with files of values, or values as mappings."""
        words = ["template", release, chart, "--namespace", namespace, "--kube-version", kubernetes]
        return self.run(*words, *self.values(values), *(word for text in sets for word in ("--set", text)), check=check)

    def values(self, values):
        words = []
        for number, given in enumerate(values):
            if isinstance(given, dict):
                with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=f"values-{number}-", suffix=".yaml", delete=False) as file:
                    json.dump(given, file)  # in the YAML of PyYAML 1e3 is a text, in Helm's a number
                given = file.name
            words += ["--values", given]
        return words

    def objects(self, *values, **named):
        """The objects that `helm template` makes."""
        return [document for document in yaml.safe_load_all(self.template(*values, **named).stdout) if document]

    def parent(self):
        """A chart that depends on ours, with its dependency built."""
        parent = self.folder / "parent"
        if not parent.exists():
            (parent / "templates").mkdir(parents=True)
            chart = {"apiVersion": "v2", "name": "parent", "version": "0.0.1"}
            dependency = {"name": "bullmq-exporter", "version": "*", "repository": f"file://{CHART}", "condition": "bullmq-exporter.enabled"}
            (parent / "Chart.yaml").write_text(yaml.safe_dump({**chart, "dependencies": [dependency]}))
            self.run("dependency", "build", parent)
        return parent


def leaves(value, path=()):
    """The paths of all that is no mapping with keys."""
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    return [path]


def nested(path, value):
    """{"a": {"b": value}} of ("a", "b")."""
    for key in reversed(path):
        value = {key: value}
    return value


def the(objects, kind, name=None):
    """The one object of a kind."""
    (found,) = [o for o in objects if o["kind"] == kind and name in (None, o["metadata"]["name"])]
    return found
