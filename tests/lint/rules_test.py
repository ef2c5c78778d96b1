"""dashboards/prometheus: what its rules name is there, and each alert has all that belongs to it."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

import pytest
import yaml

from lint import promql_names

ROOT = pathlib.Path(__file__).parents[2]
FOLDER = ROOT / "dashboards/prometheus"
RUNBOOKS = ROOT / "docs/runbooks"
PROMTOOL = pathlib.Path(os.environ["BULLMQ_TEST_BIN"]) / "promtool"
SEVERITIES = {"critical", "warning", "info"}
# What the unit tests of every alert show, as they are named; the last two while it is pending or fires.
KINDS = {"fires and resolves", "just below", "gap of scrapes", "restart of the exporter"}
BROKEN_OFF = {"gap of scrapes", "restart of the exporter"}
# Labels of a result that do not say what it is about, or are there in some installs only.
OF_TARGETS = promql_names.TARGET_LABELS - {"job"}


def rules(name):
    return [rule for group in yaml.safe_load((FOLDER / name).read_text())["groups"] for rule in group["rules"]]


def unit_test_files():
    return sorted((FOLDER / "tests").glob("*.yaml"))


def known_series():
    """What the program exposes, and what the rules record of it, in their order."""
    series = promql_names.exposed()
    for rule in rules("recording.yaml"):
        # One that carries itself on has the labels of what else it is made of.
        labels = promql_names.result_labels(rule["expr"], {rule["record"]: set(), **series})
        series[rule["record"]] = labels
    return series


ALERTS = {rule["alert"]: rule for rule in rules("alerts.yaml")}
SERIES = known_series()


def test_the_rules_are_up_to_date():
    generate = subprocess.run([sys.executable, FOLDER / "generate", "--check"], capture_output=True, text=True)
    assert generate.returncode == 0, generate.stderr


def test_promtool_finds_no_fault():
    check = subprocess.run(
        [PROMTOOL, "check", "rules", "--lint=all", "--lint-fatal", FOLDER / "alerts.yaml", FOLDER / "recording.yaml"],
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("rule", rules("recording.yaml") + rules("alerts.yaml"), ids=lambda rule: rule.get("alert") or rule["record"])
def test_each_name_and_label_is_there(rule):
    assert promql_names.faults(rule["expr"], SERIES) == []


def test_the_example_configuration_loads_the_rules():
    check = subprocess.run([PROMTOOL, "check", "config", ROOT / "config/prometheus.yml"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
    assert "2 rule files found" in check.stdout


def test_the_window_of_failures_is_the_default_of_the_exporter():
    thresholds = yaml.safe_load((FOLDER / "source/thresholds.yaml").read_text())
    defaults = yaml.safe_load((ROOT / "config/exporter.yaml").read_text())
    assert thresholds["failures_window"] == defaults["failures"]["window"]


def test_long_queues_have_limits_of_their_own(tmp_path):
    """Also where the regular expression has a backslash. The unit test has expectations for just these thresholds."""
    changes = ["--set", r"active_long_queues=exports|backup\.\d+"]
    subprocess.run([sys.executable, FOLDER / "generate", *changes, "--output", tmp_path], check=True)
    test = shutil.copy(ROOT / "tests/rules/long_queues.yaml", tmp_path)
    run = subprocess.run([PROMTOOL, "test", "rules", test], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_alert_stands_once():
    assert len(ALERTS) == len(rules("alerts.yaml")) > 25


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_has_what_people_need(alert):
    rule = ALERTS[alert]
    assert re.fullmatch("Bullmq[A-Z][A-Za-z]+", alert)
    assert rule["labels"]["severity"] in SEVERITIES
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"].endswith(f"/{alert}.md")
    labels = promql_names.result_labels(rule["expr"], SERIES) | {"severity"}
    for text in rule["annotations"].values():
        named = set(re.findall(r"\$labels\.(\w+)", text))
        assert named <= labels, f"{named - labels}: not in the result of the expression"
    description = rule["annotations"]["description"]
    told = set(re.findall(r"\$labels\.(\w+)", description))
    assert told >= labels - OF_TARGETS - {"severity"}, "the description does not say which one it is"


def test_each_alert_has_a_runbook_and_no_runbook_is_left_over():
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == ALERTS.keys()


def test_the_readme_lists_alerts_and_recorded_series():
    text = (FOLDER / "README.md").read_text()
    listed = dict(re.findall(r"^\| \[(\w+)\]\(../../docs/runbooks/\1\.md\) \| (\w+) \|", text, re.MULTILINE))
    assert listed == {alert: rule["labels"]["severity"] for alert, rule in ALERTS.items()}
    assert set(re.findall("`(bullmq:[a-z_]+)`", text)) == {rule["record"] for rule in rules("recording.yaml")}


RUNBOOK_FILES = pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)


@RUNBOOK_FILES
def test_a_runbook_asks_prometheus_for_what_there_is(path):
    text = path.read_text()
    queries = re.findall(r"^```promql\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert queries, "no query"
    for query in "\n\n".join(queries).strip().split("\n\n"):
        assert promql_names.faults(query, SERIES) == [], query
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (path.parent / link).exists(), link


@RUNBOOK_FILES
def test_a_runbook_asks_the_api_for_what_there_is(path):
    api = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
    paths = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in api["paths"]}
    for url in re.findall(r"'http://EXPORTER:9539/v1(.*?)'", path.read_text()):
        asked = urllib.parse.urlsplit(url)
        [known] = [name for name, pattern in paths.items() if pattern.fullmatch(asked.path)]
        parameters = {}
        for parameter in api["paths"][known].get("parameters", []) + api["paths"][known]["get"]["parameters"]:
            if "$ref" in parameter:
                parameter = api["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
            parameters[parameter["name"]] = parameter["schema"]
        given = dict(urllib.parse.parse_qsl(asked.query, strict_parsing=bool(asked.query)))
        for name, value in given.items():
            assert value in parameters[name].get("enum", [value]), url
        if "{queueName}" in known:
            assert {"redis", "prefix"} <= given.keys(), f"{url}: 409 where the name stands in several"


@RUNBOOK_FILES
def test_a_runbook_names_the_thresholds_of_its_alert(path):
    [rule] = [rule for rule in rules("source/alerts.yaml") if rule["alert"] == path.stem]
    of_all = {"runbook_base_url", "install_labels", "replica_labels"}
    # Those of the series count, too, that the alert gets recorded.
    recorded = {rule["record"]: rule for rule in rules("source/recording.yaml")}
    used = [rule]
    for rule in used:
        used += [recorded[name] for name in re.findall("bullmq:[a-z_]+", rule["expr"]) if recorded[name] not in used]
    thresholds = set(re.findall("@([a-z_]+)@", str(used))) - of_all
    named = re.search(r"^Thresholds: (.*?)\.$", path.read_text(), re.MULTILINE | re.DOTALL)
    assert set(re.findall("`([a-z_]+)`", named[1] if named else "")) == thresholds


def unit_tests():
    """{alert: {kind: test}} of the unit tests that are named `ALERT: KIND`."""
    found = {alert: {} for alert in ALERTS}
    for file in unit_test_files():
        for test in yaml.safe_load(file.read_text())["tests"]:
            alert, _, kind = test["name"].partition(": ")
            if alert in found:
                assert kind not in found[alert], f"{test['name']} stands twice"
                found[alert][kind] = test
    return found


UNIT_TESTS = unit_tests()


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_has_unit_tests_of_every_kind(alert):
    tests = UNIT_TESTS[alert]
    assert KINDS <= tests.keys()
    expected = [bool(check.get("exp_alerts")) for check in tests["fires and resolves"]["alert_rule_test"]]
    assert (expected[0], True in expected, expected[-1]) == (False, True, False), "silent, then firing, then silent"
    for kind in KINDS - {"fires and resolves"}:
        checks = tests[kind]["promql_expr_test"]
        seen = [sample["labels"] for check in checks for sample in check.get("exp_samples", [])]
        assert any(f'"{alert}"' in labels for labels in seen) == (kind in BROKEN_OFF), f"{kind}: pending or firing?"


@pytest.mark.parametrize("file", unit_test_files(), ids=lambda file: file.stem)
def test_unit_tests_feed_series_that_there_are(file):
    for test in yaml.safe_load(file.read_text())["tests"]:
        for series in test["input_series"]:
            assert promql_names.faults(series["series"], SERIES) == [], test["name"]


def test_promtool_takes_the_groups_in_the_order_of_the_rules():
    groups = [group["name"] for name in ("recording.yaml", "alerts.yaml") for group in yaml.safe_load((FOLDER / name).read_text())["groups"]]
    for file in unit_test_files():
        assert yaml.safe_load(file.read_text())["group_eval_order"] == groups, file
