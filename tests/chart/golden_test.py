"""What the chart renders out of each file in values/. After a change that is wanted:

UPDATE_GOLDEN=1 ctest --preset dev -R integration/chart_golden
"""

import os
import pathlib
import re

import yaml

from chart.helm import CHART

GOLDEN = pathlib.Path(__file__).parent / "golden"


def abridged(text):
    """Without what is compared with its source elsewhere: rules and dashboards (rules_test.py, dashboards_test.py)."""
    text = re.sub(r"(kind: PrometheusRule\n.*?\n  groups:\n).*?(?=\n---\n|\Z)", r"\1    # as in dashboards/prometheus", text, flags=re.S)
    text = re.sub(r"(  bullmq-[a-z]+\.json: \|\n).*?(?=\n---\n|\Z)", r"\1    # as in dashboards/grafana", text, flags=re.S)
    # Helm 4 leaves an empty line after each object.
    return re.sub(r"\n+(?=---\n|\Z)", "\n", text)


def test_output_is_that_of_the_golden_file(case, render):
    text = abridged(render(case).stdout)
    golden = GOLDEN / f"{case}.yaml"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert list(yaml.safe_load_all(text)), "there is nothing"
    assert text == golden.read_text(), f"to accept it: UPDATE_GOLDEN=1, for {golden.name}"


def test_each_golden_file_has_its_values(helm):
    values = {path.name for path in (GOLDEN.parent / "values").iterdir()}
    assert values == {path.name for path in GOLDEN.iterdir()}


def test_lint_is_content(helm, case):
    if case == "parent":
        done = helm.run("lint", "--strict", helm.parent(), "--values", GOLDEN.parent / "values/parent.yaml")
    else:
        done = helm.run("lint", "--strict", CHART, "--values", GOLDEN.parent / "values" / f"{case}.yaml")
    assert "0 chart(s) failed" in done.stdout
