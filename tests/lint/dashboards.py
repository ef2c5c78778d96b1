"""What a dashboard must be like, so that no panel shows nothing without anybody noticing."""

import json
import re

import promql_parser

from lint import promql_names
from support import dashboards

# Values of Grafana's own variables, and of ours where only the form counts.
FORM = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h", "__from": "0", "__to": "0"}
COLUMNS = 24
# Of a window 1280 px wide: 16 px on either side, and what a panel has around its table.
COLUMN_WIDTH = (1280 - 32) / COLUMNS
TABLE_MARGIN = 18
# What Grafana gives to a column without a width, at least.
DEFAULT_CELL_WIDTH = 150
WITHOUT_QUERIES = {"text"}
LEGEND_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")
DASHBOARD_LINK = re.compile(r"^/d/([\w-]+)")
API_LINK = re.compile(r"^\$\{api\}(/v1/[^?]*)\?(.*)$")


def strings(node, key=None):
    """(key, text) of every text in a piece of JSON."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from strings(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, key)
    elif isinstance(node, str):
        yield key, node


# --- Panels ---------------------------------------------------------------------------------------------


def panel_faults(panel):
    where = f"panel {panel.get('id')} {panel.get('title')!r}"
    for key in ("id", "title", "description"):
        if not panel.get(key):
            yield f"{where}: no {key}"
    if panel["type"] in WITHOUT_QUERIES:
        return
    if not panel["fieldConfig"]["defaults"].get("unit"):
        yield f"{where}: no unit"
    targets = panel.get("targets", [])
    if not targets:
        yield f"{where}: no query"
    ref_ids = [target.get("refId") for target in targets]
    if not all(ref_ids) or len(set(ref_ids)) < len(ref_ids):
        yield f"{where}: refIds {ref_ids}"
    for target in targets:
        if target.get("legendFormat", "") in ("", "__auto"):
            yield f"{where}: no legend for {target.get('refId')}"
        if bool(target.get("instant")) == bool(target.get("range")):
            yield f"{where}: {target.get('refId')} must be either instant or of a range"


def table_faults(panel):
    """A table that is wider than its panel hides its last columns."""
    widths = {}
    for override in panel["fieldConfig"]["overrides"]:
        properties = {part["id"]: part["value"] for part in override["properties"]}
        widths[override["matcher"]["options"]] = properties.get("custom.width", DEFAULT_CELL_WIDTH)
    room = panel["gridPos"]["w"] * COLUMN_WIDTH - TABLE_MARGIN
    if sum(widths.values()) > room:
        yield f"{panel['title']!r}: columns of {sum(widths.values())} px in {room:.0f} px"


def layout_faults(dashboard):
    boxes = [(panel.get("title"), panel["gridPos"]) for panel in dashboard["panels"]]
    for index, (title, a) in enumerate(boxes):
        if a["x"] < 0 or a["x"] + a["w"] > COLUMNS:
            yield f"{title!r} stands outside of the {COLUMNS} columns"
        for other, b in boxes[:index]:
            if (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and
                    a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]):
                yield f"{title!r} overlaps {other!r}"


def double_faults(dashboard):
    for key in ("id", "title"):
        given = [panel.get(key) for panel in dashboard["panels"] if key == "id" or panel["type"] != "row"]
        for value in sorted({value for value in given if given.count(value) > 1}, key=str):
            yield f"{key} {value} is given twice"


# --- Variables, data sources and links ------------------------------------------------------------------


def variable_faults(dashboard):
    known = set(dashboards.variables(dashboard))
    for _, text in strings(dashboard):
        for name in dashboards.used_variables(text):
            if name not in known and not name.startswith("__") and name != "KEY":
                yield f"${name} in {text!r} is no variable"


def data_source_faults(dashboard):
    def of(node):
        if isinstance(node, dict):
            if "datasource" in node and node["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
                yield f"data source {node['datasource']}"
            for value in node.values():
                yield from of(value)
        elif isinstance(node, list):
            for value in node:
                yield from of(value)

    yield from of(dashboard)
    for panel in dashboards.panels(dashboard):
        for target in panel.get("targets", []):
            if "datasource" not in target:
                yield f"{panel['title']!r}: {target['refId']} has no data source"


def link_faults(dashboard, all_dashboards, api_parameters):
    """api_parameters: the names of the query parameters of /v1/jobs/queues/{queueName}."""
    by_uid = {other["uid"]: other for other in all_dashboards}
    for key, url in strings(dashboard):
        if key != "url":
            continue
        if uid := DASHBOARD_LINK.match(url):
            target = by_uid.get(uid[1])
            if target is None:
                yield f"{url} leads to no dashboard"
                continue
            passed = set(re.findall(r"var-(\w+)=", url)) | set(re.findall(r"\$\{(\w+):queryparam\}", url))
            for name in sorted(passed - set(dashboards.variables(target))):
                yield f"{url}: the other end has no variable {name}"
        elif api := API_LINK.match(url):
            if not re.fullmatch(r"/v1/jobs/queues/\$\{[^}]+:percentencode\}", api[1]):
                yield f"{url} is no address of the Jobs API"
            for pair in api[2].split("&"):
                if pair.split("=")[0] not in api_parameters:
                    yield f"{url}: the Jobs API does not know {pair}"
        elif not url.startswith("/alerting/list?search="):
            yield f"{url} is of no known kind"


# --- Queries --------------------------------------------------------------------------------------------


def formed(expression, dashboard):
    """The expression with every variable replaced, so that it can be parsed."""
    return dashboards.substitute(expression, {**FORM, **dict.fromkeys(dashboards.variables(dashboard), "x")})


def metrics_of(expression):
    names = set()

    def visit(node):
        if isinstance(node, promql_parser.VectorSelector):
            names.add(node.name)

    promql_parser.walk(promql_parser.parse(expression), visit)
    return names


def counts_replicas_once(above):
    """Of the nodes above a selector: whether the first aggregation that does not keep replicas apart takes one value of theirs."""
    for node in reversed(above):
        if not isinstance(node, promql_parser.AggregateExpr):
            continue
        is_without = node.modifier and node.modifier.type == promql_parser.AggModifierType.Without
        of_replicas = {"instance", "pod"} & set(node.modifier.labels) if is_without else set()
        if is_without and not of_replicas:
            continue
        return str(node.op) in ("max", "min") or (str(node.op) == "count" and of_replicas == {"instance", "pod"})
    return False


def selector_faults(selector, above, series, counters):
    """How a series is used; above: the nodes that it stands in, outermost first."""
    labels = series.get(selector.name, set())
    calls = {node.func.name for node in above if isinstance(node, promql_parser.Call)}
    if bool({"rate", "increase"} & calls) != (selector.name in counters):
        kind = "counter" if selector.name in counters else "gauge"
        yield f"{selector.name} is a {kind}: {sorted(calls)}"
    if "redis" in labels and not counts_replicas_once(above):
        yield f"{selector.name} is counted twice where there are two replicas"
    if selector.name.endswith("_bucket") and any(
            matcher.name == "name" and matcher.op == promql_parser.MatchOp.Re for matcher in selector.matchers.matchers):
        yield f"{selector.name}: a histogram for several job names"


def query_faults(expression, legend, series, counters):
    """Of an expression without variables. series: {name: labels}; counters: the names of those that only grow."""
    try:
        found = promql_names.faults(expression, series)
    except ValueError as error:
        return [f"cannot be parsed: {error}"]
    if found:
        return found
    above = []

    def enter(node):
        if isinstance(node, promql_parser.VectorSelector):
            found.extend(selector_faults(node, above, series, counters))
        above.append(node)

    promql_parser.walk(promql_parser.parse(expression), enter, lambda node: above.pop() and None)
    missing = set(LEGEND_LABEL.findall(legend)) - promql_names.result_labels(expression, series)
    return found + [f"the result has no label {label} for the legend" for label in sorted(missing)]


def faults(name, dashboard, all_dashboards, series, counters, api_parameters):
    """All there are, each with the dashboard's name."""
    found = [fault for panel in dashboards.panels(dashboard) for fault in panel_faults(panel)]
    found += [fault for panel in dashboards.panels(dashboard) if panel["type"] == "table" for fault in table_faults(panel)]
    found += [*layout_faults(dashboard), *double_faults(dashboard), *variable_faults(dashboard)]
    found += [*data_source_faults(dashboard), *link_faults(dashboard, all_dashboards, api_parameters)]
    for query in (*dashboards.panel_queries(name, dashboard), *dashboards.annotation_queries(name, dashboard)):
        expression = formed(query.expression, dashboard)
        found += [f"{query.panel} / {query.target}: {fault}" for fault in query_faults(expression, query.legend, series, counters)]
    return [f"{name}: {fault}" for fault in found]


def copy_of(dashboard):
    return json.loads(json.dumps(dashboard))
