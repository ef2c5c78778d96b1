"""Writes JSON schemas for kubeconform: schemas.py WHEEL CRDS CONVERTER FOLDER VERSION…

WHEEL is that of kubernetes-validate, which has those of Kubernetes' own objects; CRDS the folder with the Prometheus
operator's definitions, CONVERTER kubeconform's openapi2jsonschema.py. FOLDER gets VERSION/KIND-GROUP-VERSION.json for each
version of Kubernetes, and crd/GROUP/KIND_VERSION.json.
"""

import json
import os
import pathlib
import subprocess
import sys
import zipfile

KINDS = ("servicemonitors", "podmonitors", "prometheusrules")


def relative(node):
    """References to /api/_definitions.json would be looked for at the root, and `$id` is where no file is."""
    if isinstance(node, dict):
        node.pop("$id", None)
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                node[key] = value.removeprefix("/api/")
            else:
                relative(value)
    elif isinstance(node, list):
        for value in node:
            relative(value)
    return node


def write_own(wheel, folder, version):
    target = folder / version
    target.mkdir(parents=True)
    inside = f"kubernetes_validate/kubernetes-json-schema/v{version}-local-strict/"
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(inside) and name.endswith(".json"):
                (target / name.removeprefix(inside)).write_text(json.dumps(relative(json.loads(archive.read(name)))))
    assert (target / "deployment-apps-v1.json").exists(), f"{wheel} has no {version}"


def write_crds(crds, converter, folder):
    target = folder / "crd/monitoring.coreos.com"
    target.mkdir(parents=True)
    files = [crds / f"monitoring.coreos.com_{kind}.yaml" for kind in KINDS]
    environment = {**os.environ, "FILENAME_FORMAT": "{kind}_{version}"}
    subprocess.run([sys.executable, converter, *files], cwd=target, env=environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    wheel, crds, converter, folder, *versions = sys.argv[1:]
    for version in versions:
        write_own(wheel, pathlib.Path(folder), version)
    write_crds(pathlib.Path(crds), converter, pathlib.Path(folder))
