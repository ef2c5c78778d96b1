"""The dashboards for Grafana as tests read them."""

import dataclasses
import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "dashboards/grafana"
NAMES = ("overview", "queue", "failures", "exporter")

VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?:\.[^}:]*)?(?::(?P<format>\w+))?\}|(?P<plain>[A-Za-z_]\w*))")


@dataclasses.dataclass(frozen=True)
class Query:
    """Where a query stands, and what it is. `target` is the refId, or what kind of query it is."""

    dashboard: str
    panel: str
    target: str
    expression: str
    instant: bool = False
    legend: str = ""

    def __str__(self):
        return f"{self.dashboard} / {self.panel} / {self.target}"


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def panels(dashboard):
    """All but headings, those in collapsed rows too."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def panel_queries(name, dashboard):
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            yield Query(name, panel.get("title", ""), target.get("refId", ""), target["expr"],
                        target.get("instant", False), target.get("legendFormat", ""))


def annotation_queries(name, dashboard):
    for annotation in dashboard["annotations"]["list"]:
        yield Query(name, annotation["name"], "annotation", annotation["expr"])


def variables(dashboard):
    return {variable["name"]: variable for variable in dashboard["templating"]["list"]}


def used_variables(text):
    return {match["braced"] or match["plain"] for match in VARIABLE.finditer(text)}


def substitute(text, values):
    """As Grafana does; what has no value stays."""

    def value(match):
        return values.get(match["braced"] or match["plain"], match[0])

    return VARIABLE.sub(value, text)
