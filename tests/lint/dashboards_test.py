"""The dashboards are made from their source, and what they ask for exists."""

import os
import pathlib
import re
import subprocess

import pytest
import yaml

from lint import dashboards as rules
from lint import promql_names
from lint.metrics_docs import documented
from support import dashboards

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODE = pathlib.Path(os.environ["BULLMQ_TEST_BIN"]) / "node"
FAMILIES = documented((ROOT / "docs/metrics.md").read_text())
SERIES = promql_names.exposed()
COUNTERS = {name + suffix for name, (kind, _) in FAMILIES.items() if kind in ("counter", "histogram")
            for suffix in ("", "_bucket", "_sum", "_count")} & SERIES.keys()
ALL = {name: dashboards.load(name) for name in dashboards.NAMES}


def api_parameters():
    document = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
    operation = document["paths"]["/jobs/queues/{queueName}"]  # of the server /v1
    found = set()
    for parameter in operation.get("parameters", []) + operation["get"].get("parameters", []):
        if "$ref" in parameter:
            parameter = document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
        found.add(parameter["name"])
    return found


API_PARAMETERS = api_parameters()


def faults(name, dashboard):
    return rules.faults(name, dashboard, ALL.values(), SERIES, COUNTERS, API_PARAMETERS)


def test_what_is_committed_is_what_the_source_makes(tmp_path):
    subprocess.run([NODE, dashboards.FOLDER / "source/generate.mjs", tmp_path], check=True)
    assert {file.name for file in tmp_path.iterdir()} == {f"{name}.json" for name in dashboards.NAMES}
    for name in dashboards.NAMES:
        made = (tmp_path / f"{name}.json").read_text()
        assert made == (dashboards.FOLDER / f"{name}.json").read_text(), "run node dashboards/grafana/source/generate.mjs"


@pytest.mark.parametrize("name", dashboards.NAMES)
def test_a_dashboard_has_no_faults(name):
    assert faults(name, ALL[name]) == []
    assert ALL[name]["uid"] == f"bullmq-{name}"
    assert ALL[name]["schemaVersion"] == 36, "Grafana 10 and later import it: they migrate up, not down"


def test_every_metric_is_shown_or_left_out_for_a_reason():
    left_out = yaml.safe_load((dashboards.FOLDER / "left_out.yaml").read_text())
    shown = set()
    for name, dashboard in ALL.items():
        for query in (*dashboards.panel_queries(name, dashboard), *dashboards.annotation_queries(name, dashboard)):
            shown |= rules.metrics_of(rules.formed(query.expression, dashboard))
    shown = {name if name in FAMILIES else re.sub("_(bucket|sum|count)$", "", name) for name in shown}
    assert sorted(FAMILIES.keys() - shown - left_out.keys()) == []
    assert sorted(left_out.keys() & shown) == [], "both shown and left out"
    assert sorted(left_out.keys() - FAMILIES.keys()) == [], "left out, but there is none"
    assert all(isinstance(reason, str) and reason for reason in left_out.values())


def test_variables():
    for name, dashboard in ALL.items():
        found = dashboards.variables(dashboard)
        assert {"datasource", "namespace", "job", "redis", "api"} <= found.keys(), name
        assert name == "exporter" or {"prefix", "queue"} <= found.keys(), name
    assert {"name" in dashboards.variables(ALL[name]) for name in ("queue", "failures")} == {True}


# --- The rules find what they are for -------------------------------------------------------------------


def spoiled(change):
    dashboard = rules.copy_of(ALL["overview"])
    panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    change(dashboard, panels[0], panels)
    return faults("overview", dashboard)


def without(key):
    return lambda dashboard, panel, panels: panel.pop(key)


def of_a_table(change):
    return lambda dashboard, panel, panels: change(next(panel for panel in panels if panel["type"] == "table"))


def set_target(key, value):
    return lambda dashboard, panel, panels: panel["targets"][0].update({key: value})


@pytest.mark.parametrize("change, fault", [
    (without("id"), "no id"),
    (without("title"), "no title"),
    (without("description"), "no description"),
    (lambda dashboard, panel, panels: panel["fieldConfig"]["defaults"].pop("unit"), "no unit"),
    (set_target("legendFormat", ""), "no legend"),
    (set_target("legendFormat", "__auto"), "no legend"),
    (set_target("legendFormat", "{{flavour}}"), "no label flavour for the legend"),
    (set_target("refId", ""), "refIds"),
    (set_target("range", True), "either instant or of a range"),
    (set_target("datasource", {"type": "prometheus", "uid": "PBFA97CFB590B2093"}), "data source"),
    (set_target("expr", 'max(bullmq_queue_jobz{job=~"$job"})'), "there is no bullmq_queue_jobz"),
    (set_target("expr", "max(bullmq_queue_jobs{flavour=~\"$job\"})"), "has no label flavour"),
    (set_target("expr", "sum by (flavour) (max without (instance, pod) (bullmq_queue_jobs))"), "no label flavour"),
    (set_target("expr", "sum(bullmq_queue_jobs)"), "counted twice"),
    (set_target("expr", "max without (instance, pod) (sum by (state) (bullmq_queue_jobs))"), "counted twice"),
    (set_target("expr", "bullmq_queue_jobs"), "counted twice"),
    (set_target("expr", "max without (instance, pod) (rate(bullmq_queue_jobs[5m]))"), "is a gauge"),
    (set_target("expr", "max without (instance, pod) (bullmq_queue_job_ids_total)"), "is a counter"),
    (set_target("expr", "sum(bullmq_queue_jobs{queue=~\"$kueue\"})"), "$kueue"),
    (set_target("expr", "sum("), "cannot be parsed"),
    (lambda dashboard, panel, panels: panels[1]["gridPos"].update(panel["gridPos"]), "overlaps"),
    (lambda dashboard, panel, panels: panel["gridPos"].update(x=23), "outside"),
    (of_a_table(lambda table: table["gridPos"].update(w=6)), "px in"),
    (lambda dashboard, panel, panels: panels[1].update(id=panel["id"]), "id 1 is given twice"),
    (lambda dashboard, panel, panels: panels[1].update(title=panel["title"]), "title Redis is given twice"),
    (lambda dashboard, panel, panels: dashboard["links"][0].update(url="/d/bullmq-nowhere"), "leads to no dashboard"),
    (lambda dashboard, panel, panels: dashboard["links"][0].update(url="/d/bullmq-exporter?${queue:queryparam}"),
     "no variable queue"),
    (lambda dashboard, panel, panels: dashboard["links"][0].update(
        url="${api}/v1/jobs/queues/${job:percentencode}?state=failed"), "does not know state=failed"),
])
def test_a_fault_is_found(change, fault):
    assert any(fault in found for found in spoiled(change)), spoiled(change)


@pytest.mark.parametrize("expression", [
    "max without (instance, pod) (bullmq_queue_jobs)",
    "sum(max without (instance, pod) (sum without (state) (bullmq_queue_jobs)))",
    "min(bullmq_queue_jobs)",
])
def test_what_counts_replicas_once_is_no_fault(expression):
    assert rules.query_faults(expression, "", SERIES, COUNTERS) == []


def test_a_histogram_for_all_names_is_found():
    series = {"a_seconds_bucket": {"redis", "name", "le", "instance", "pod"}}
    once = "max without (instance, pod) (rate(a_seconds_bucket{name%s\"x\"}[5m]))"
    assert rules.query_faults(once % "=", "", series, set(series)) == []
    assert rules.query_faults(once % "=~", "", series, set(series)) == ["a_seconds_bucket: a histogram for several job names"]
