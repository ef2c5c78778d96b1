"""Finds includes and links between modules that the table in arrows.yaml does not draw."""

import fnmatch
import pathlib
import re

import yaml

TABLE = pathlib.Path(__file__).with_name("arrows.yaml")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
DEFINED_TARGET = re.compile(r"\bbullmq_module\((\w+)")
LINKED_TARGET = re.compile(r"\bmodule_(\w+)")
COMMENT = re.compile(r"#.*")


def load_table():
    return yaml.safe_load(TABLE.read_text())


def module_of(path):
    """The module of a path below exporter/: its folder, or the name of a file that lies in none."""
    parts = pathlib.PurePosixPath(path).parts
    return parts[1] if len(parts) > 2 else pathlib.PurePosixPath(parts[1]).stem


class Report:
    def __init__(self):
        self.files = 0
        self.arrows = 0
        self.faults = []


def _check_include(report, table, users, path, quote, included):
    module = module_of(path)
    if included.startswith("exporter/"):
        report.arrows += 1
        target = module_of(included)
        if target == module:
            return
        if target not in table["modules"]:
            report.faults.append(f"{path}: includes {included}, whose module is not in the table")
        elif target not in table["modules"].get(module, []):
            report.faults.append(f"{path}: {module} may not use {target} ({included})")
        return
    if quote == '"' and included not in table["generated"]:
        report.faults.append(f'{path}: "{included}" is not spelled from the repository\'s root')
    for name, rule in table["libraries"].items():
        if any(included == i or (i.endswith("/") and included.startswith(i)) for i in rule["includes"]):
            users[name].add(path)
            if not any(fnmatch.fnmatchcase(path, pattern) for pattern in rule["files"]):
                report.faults.append(f"{path}: may not know {name} ({included})")


def _targets(root):
    """Target of CMake, without `module_` -> its folder, which is the module; a folder may have several."""
    targets = {}
    for file in sorted(root.glob("exporter/*/CMakeLists.txt")):
        for target in DEFINED_TARGET.findall(COMMENT.sub("", file.read_text())):
            targets[target] = file.parent.name
    return targets


def _check_links(report, table, targets, path, text):
    module = module_of(path)
    for target in LINKED_TARGET.findall(COMMENT.sub("", text)):
        report.arrows += 1
        linked = targets.get(target, target)
        if linked != module and linked not in table["modules"].get(module, []):
            report.faults.append(f"{path}: {module} may not link {linked} (module_{target})")


def check(root, table):
    """Checks every file below root/exporter."""
    report = Report()
    targets = _targets(root)
    users = {name: set() for name in table["libraries"]}
    for file in sorted((root / "exporter").rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.suffix in (".h", ".cc"):
            report.files += 1
            if module_of(path) not in table["modules"]:
                report.faults.append(f"{path}: its module is not in the table")
            for quote, included in INCLUDE.findall(file.read_text()):
                _check_include(report, table, users, path, quote, included)
        elif file.name == "CMakeLists.txt" and len(file.relative_to(root).parts) == 3:
            _check_links(report, table, targets, path, file.read_text())
    for name, rule in table["libraries"].items():
        if len(users[name]) > rule.get("at_most", len(users[name])):
            report.faults.append(f"{name} is known to {', '.join(sorted(users[name]))}: that is too many")
    return report
