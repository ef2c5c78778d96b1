"""A lock file that tells where its packages were fetched from would send everyone there."""

import json
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# As scripts/setup finds them.
NPM_FOLDERS = [*sorted(ROOT.glob("tests/*/")), ROOT / "dashboards/grafana/source"]
LOCKS = [folder / "package-lock.json" for folder in NPM_FOLDERS if (folder / "package-lock.json").exists()]
PACKAGES = [folder / "package.json" for folder in NPM_FOLDERS if (folder / "package.json").exists()]


def addresses(node):
    if isinstance(node, dict):
        found = [node["resolved"]] if "resolved" in node and not node.get("link") else []
        return found + [address for value in node.values() for address in addresses(value)]
    return [address for value in node for address in addresses(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_file_names_no_registry(lock):
    assert addresses(json.loads(lock.read_text())) == []


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_npm_packages_are_pinned(package):
    content = json.loads(package.read_text())
    for kind in ("dependencies", "devDependencies", "optionalDependencies"):
        for name, version in content.get(kind, {}).items():
            assert version.removeprefix("npm:").split("@")[-1][0].isdigit(), f"{name} {version} is a range"


def test_python_packages_are_pinned():
    lines = (ROOT / "tests/requirements.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert wanted and all("==" in line and "://" not in line for line in wanted)


def test_an_address_in_a_lock_file_is_found():
    lock = {"packages": {"": {}, "node_modules/a": {"version": "1.0.0", "resolved": "https://example.org/a-1.0.0.tgz"}}}
    assert addresses(lock) == ["https://example.org/a-1.0.0.tgz"]
