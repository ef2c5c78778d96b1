"""Compares docs/metrics.md with what the program exposes, and with where the names stand in the code."""

import re

ROW = re.compile(r"^\| `(?P<name>(?:bull|process)[a-z_]*)` \| (?P<type>[a-z]+) \|(?P<labels>[^|]*)\|", re.MULTILINE)
QUEUE_LABELS = {"redis", "prefix", "queue"}
# Labels that the format itself adds.
FORMAT_LABELS = {"le"}


def documented(page):
    """{name: (type, set of labels)} of the tables. A name that stands twice is a fault."""
    families = {}
    for row in ROW.finditer(page):
        labels = set()
        for label in row["labels"].split(","):
            label = label.strip()
            if label == "{q}":
                labels |= QUEUE_LABELS
            elif label:
                labels.add(label.strip("`"))
        if row["name"] in families:
            raise ValueError(f"{row['name']} stands in two rows")
        families[row["name"]] = (row["type"], labels)
    return families


def exposed(families):
    """The same of parsed families; names as they are typed in queries."""
    found = {}
    for family in families:
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = set().union(*(sample.labels for sample in family.samples)) - FORMAT_LABELS
        found[name] = (family.type, labels)
    return found


def differences(documented, exposed):
    faults = [f"{name}: exposed, but not in docs/metrics.md" for name in sorted(exposed.keys() - documented.keys())]
    faults += [f"{name}: in docs/metrics.md, but not exposed" for name in sorted(documented.keys() - exposed.keys())]
    for name in sorted(documented.keys() & exposed.keys()):
        for what, said, is_so in zip(("type", "labels"), documented[name], exposed[name]):
            if said != is_so:
                faults.append(f"{name}: {what} in docs/metrics.md {said}, exposed {is_so}")
    return faults


def homes(root, name):
    """The source files where the full name stands as a literal."""
    literal = f'"{name}"'
    return [str(file.relative_to(root)) for file in sorted(root.glob("exporter/**/*.cc")) if literal in file.read_text()]
