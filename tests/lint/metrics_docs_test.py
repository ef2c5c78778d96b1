import os
import pathlib
import subprocess
import types

import prometheus_client.openmetrics.parser
import pytest

from lint import metrics_docs

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def exposed():
    page = subprocess.run(
        [os.environ["EXPOSITION_DUMP"], "openmetrics", "plain", "bullmq", "bull_exporter"], check=True, capture_output=True
    ).stdout.decode()
    return metrics_docs.exposed(prometheus_client.openmetrics.parser.text_string_to_metric_families(page))


def test_the_page_says_what_the_program_exposes(exposed):
    documented = metrics_docs.documented((ROOT / "docs/metrics.md").read_text())
    assert len(documented) > 50
    assert metrics_docs.differences(documented, exposed) == []


def test_each_name_stands_in_one_file(exposed):
    for name in exposed:
        assert len(metrics_docs.homes(ROOT, name)) == 1, (name, metrics_docs.homes(ROOT, name))


PAGE = """
| name | type | labels | where it comes from |
| --- | --- | --- | --- |
| `bullmq_x_jobs` | gauge | {q}, `state` | LLEN |
| `bullmq_x_total` | counter | | counted |
"""


def family(name, type, **labels):
    return types.SimpleNamespace(name=name, type=type, samples=[types.SimpleNamespace(labels=labels)])


JOBS = family("bullmq_x_jobs", "gauge", redis="r", prefix="p", queue="q", state="s")
TOTAL = family("bullmq_x", "counter")


@pytest.mark.parametrize(
    ("families", "faults"),
    [
        ([JOBS, TOTAL], []),
        ([JOBS], ["bullmq_x_total: in docs/metrics.md, but not exposed"]),
        ([JOBS, TOTAL, family("bullmq_y", "gauge")], ["bullmq_y: exposed, but not in docs/metrics.md"]),
        ([JOBS, family("bullmq_x", "counter", redis="r")], ["bullmq_x_total: labels in docs/metrics.md set(), exposed {'redis'}"]),
        ([JOBS, family("bullmq_x_total", "gauge")], ["bullmq_x_total: type in docs/metrics.md counter, exposed gauge"]),
    ],
)
def test_differences_are_found(families, faults):
    assert metrics_docs.differences(metrics_docs.documented(PAGE), metrics_docs.exposed(families)) == faults


def test_a_row_that_stands_twice_is_found():
    with pytest.raises(ValueError, match="bullmq_x_jobs"):
        metrics_docs.documented(PAGE + PAGE)
