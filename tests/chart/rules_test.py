"""Rules and dashboards of the chart are those of dashboards/."""

import json
import subprocess

import pytest
import yaml

from chart.helm import MINIMAL, ROOT, TOOLS, the

PLAIN = ROOT / "dashboards/prometheus"
DASHBOARDS = sorted((ROOT / "dashboards/grafana").glob("*.json"))


def plain_groups():
    return [group for name in ("recording", "alerts") for group in yaml.safe_load((PLAIN / f"{name}.yaml").read_text())["groups"]]


@pytest.fixture
def groups(helm):
    """groups({…}): those that the chart renders with `prometheusRule` like this."""

    def groups(more=None, **named):
        objects = helm.objects(MINIMAL, {"prometheusRule": {"enabled": True, **(more or {})}}, **named)
        return the(objects, "PrometheusRule")["spec"]["groups"]

    return groups


def alerts(groups):
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


def test_rules_are_the_plain_ones(groups):
    assert len(alerts(plain_groups())) > 10
    assert groups() == plain_groups()


def test_promtool_takes_them(groups, tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump({"groups": groups({"additionalRules": [{"record": "a:b", "expr": "vector(1)"}]})}))
    subprocess.run([TOOLS / "promtool", "check", "rules", file], check=True)


def test_a_threshold_is_put_in_everywhere(groups):
    given = alerts(groups({"thresholds": {"memory_ratio": 0.75, "redis_down_for": "90s", "backlog_jobs": 1234567}}))
    default = alerts(plain_groups())
    changed = {name for name in default if given[name] != default[name]}
    assert {"BullmqRedisDown", "BullmqRedisMemoryNearlyFull"} < changed < set(default)
    assert given["BullmqRedisDown"]["for"] == "90s"
    assert "> 0.75" in given["BullmqRedisMemoryNearlyFull"]["expr"]
    text = json.dumps(given)
    assert "1234567" in text and "e+06" not in text and "@" not in text


def test_thresholds_from_the_command_line(helm):
    """`--set` makes whole numbers of digits, and texts of decimals."""
    sets = ["prometheusRule.enabled=true", "prometheusRule.thresholds.memory_ratio=0.75", "prometheusRule.thresholds.backlog_jobs=500"]
    rules = alerts(the(helm.objects(MINIMAL, sets=sets), "PrometheusRule")["spec"]["groups"])
    assert "> 0.75" in rules["BullmqRedisMemoryNearlyFull"]["expr"]
    assert "> 500" in rules["BullmqQueueBacklogGrows"]["expr"]


def test_the_window_of_failures_is_that_of_the_exporter(groups, helm):
    def rendered(values):
        return the(helm.objects(MINIMAL, {"prometheusRule": {"enabled": True}}, values), "PrometheusRule")["spec"]["groups"]

    follows = rendered({"config": {"failures": {"window": "37m"}}})
    assert follows == groups({"thresholds": {"failures_window": "37m"}}) != groups()
    assert rendered({"config": {"failures": {"window": "37m"}}, "prometheusRule": {"thresholds": {"failures_window": "1h"}}}) == groups()


@pytest.mark.parametrize("queues", ["a\\d+", 'rep"orts', "it's: # a", "{{ x }}|<&>", "back\\\\slash"])
def test_a_regular_expression_arrives_as_it_is(groups, tmp_path, queues):
    given = groups({"thresholds": {"active_long_queues": queues}})
    assert f"=~`{queues}`" in alerts(given)["BullmqQueueActiveTooLong"]["expr"]
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump({"groups": given}))
    subprocess.run([TOOLS / "promtool", "check", "rules", file], check=True)


def test_disabled_alerts_are_left_out(groups):
    given = groups({"disabled": {"BullmqRedisDown": True, "BullmqNoQueues": False}})
    assert set(alerts(plain_groups())) - set(alerts(given)) == {"BullmqRedisDown"}
    every = {name: True for name in alerts(plain_groups())}
    assert alerts(groups({"disabled": every})) == {}
    assert all(group["rules"] for group in groups({"disabled": every}))


def test_runbooks_may_be_elsewhere(groups):
    given = alerts(groups({"runbookBaseUrl": "https://wiki.example/{{ .Release.Name }}/"}))
    for name, rule in given.items():
        assert rule["annotations"]["runbook_url"] == f"https://wiki.example/queues/{name}.md"


def test_additional_rules_keep_their_own_templates(groups):
    rule = {"alert": "Mine", "expr": "up == 0", "annotations": {"summary": "{{ $labels.job }} is down"}}
    given = groups({"additionalRules": [rule]})
    assert given[:-1] == plain_groups()
    assert given[-1] == {"name": "bullmq-additional", "rules": [rule]}


def test_each_dashboard_is_a_config_map(helm):
    objects = helm.objects(MINIMAL, {"dashboards": {"enabled": True, "label": "found", "labelValue": "yes"}})
    maps = [o for o in objects if o["kind"] == "ConfigMap" and "found" in o["metadata"]["labels"]]
    assert len(DASHBOARDS) == len(maps) == 4
    rendered = {file: text for o in maps for file, text in o["data"].items()}
    assert rendered == {f"bullmq-{path.name}": path.read_text() for path in DASHBOARDS}
    assert {o["metadata"]["labels"]["found"] for o in maps} == {"yes"}


def test_names_of_long_releases_fit(helm):
    objects = helm.objects(MINIMAL, {"dashboards": {"enabled": True}}, release="r" * 53)
    assert all(len(o["metadata"]["name"]) <= 63 for o in objects)
    assert len({(o["kind"], o["metadata"]["name"]) for o in objects}) == len(objects)
