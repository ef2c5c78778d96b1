"""Which metric names and labels a PromQL expression uses, and which of them there are not."""

import pathlib

import promql_parser as promql
from promql_parser import AggModifierType, LabelModifierType, VectorMatchCardinality

from lint import metrics_docs

ROOT = pathlib.Path(__file__).parents[2]
# What Prometheus adds to every series of a target, by itself or as its operator tells it to.
TARGET_LABELS = {"job", "instance", "namespace", "pod", "cluster"}


def exposed():
    """{name of a series: its labels}: those of docs/metrics.md, which a test holds against the program, and Prometheus' own."""
    series = {name: set() for name in ("up", "scrape_duration_seconds", "scrape_samples_scraped")}
    alert = {"alertname", "severity"} | metrics_docs.QUEUE_LABELS
    series |= {"ALERTS": alert | {"alertstate"}, "ALERTS_FOR_STATE": alert}
    for name, (type, labels) in metrics_docs.documented((ROOT / "docs/metrics.md").read_text()).items():
        if type == "histogram":
            series |= {f"{name}_bucket": labels | {"le"}, f"{name}_sum": labels, f"{name}_count": labels}
        else:
            series[name] = labels
    return {name: labels | TARGET_LABELS for name, labels in series.items()}


def nodes(expression):
    """Each node of the tree."""
    found = []
    promql.walk(expression, found.append)
    return found


def grouped_by(node):
    """The labels that a node names to group or to join by."""
    modifier = getattr(node, "modifier", None)
    if isinstance(node, promql.AggregateExpr) and modifier:
        return set(modifier.labels)
    if isinstance(node, promql.BinaryExpr) and modifier:
        matching = set(modifier.matching.labels) if modifier.matching else set()
        return matching | set(modifier.group_labels or ())
    return set()


def faults(expression, series):
    """What an expression (text) names that is not in `series`; a text that is no PromQL raises ValueError."""
    known_labels = set().union(*series.values())
    found = []
    for node in nodes(promql.parse(expression)):
        if isinstance(node, promql.VectorSelector):
            if node.name not in series:
                found.append(f"there is no {node.name}")
                continue
            matchers = {matcher.name for matcher in node.matchers.matchers}
            found += [f"{node.name} has no label {label}" for label in sorted(matchers - series[node.name])]
        found += [f"there is no label {label}" for label in sorted(grouped_by(node) - known_labels)]
    return found


def result_labels(expression, series):
    """The labels that the result of an expression (text or tree) can have."""
    node = promql.parse(expression) if isinstance(expression, str) else expression
    if isinstance(node, promql.VectorSelector):
        return series[node.name]
    if isinstance(node, promql.MatrixSelector):
        return result_labels(node.vector_selector, series)
    if isinstance(node, promql.Call):
        return set().union(*(result_labels(argument, series) for argument in node.args))
    if isinstance(node, promql.AggregateExpr):
        inner = result_labels(node.expr, series)
        if str(node.op) in ("topk", "bottomk"):  # these choose series and change none
            return inner
        if node.modifier is None:
            return set()
        return inner & grouped_by(node) if node.modifier.type == AggModifierType.By else inner - grouped_by(node)
    if isinstance(node, promql.BinaryExpr):
        return labels_of_both(node, series)
    if isinstance(node, (promql.NumberLiteral, promql.StringLiteral)):
        return set()
    return result_labels(node.expr, series)


def labels_of_both(node, series):
    left, right = result_labels(node.lhs, series), result_labels(node.rhs, series)
    if str(node.op) in ("and", "unless"):
        return left
    if str(node.op) == "or" or not left or not right:
        return left | right
    modifier = node.modifier
    if modifier and modifier.matching and modifier.card == VectorMatchCardinality.OneToOne:
        is_on = modifier.matching.type == LabelModifierType.Include
        return left & grouped_by(node) if is_on else left - grouped_by(node)
    return left | set(modifier.group_labels or ()) if modifier else left
