"""Each query of each dashboard runs on a real Prometheus that scrapes the real exporter beside a busy BullMQ."""

import contextlib
import math
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.parse

import pytest
import yaml

from support import dashboards
from support.prometheus import Prometheus
from support.redis_server import RedisServer
from support.watched_exporter import WatchedExporter, wait_until, write_keys_file

TESTS = pathlib.Path(__file__).resolve().parents[1]
NODE = pathlib.Path(os.environ["BULLMQ_TEST_BIN"]) / "node"
WITHOUT_DATA = yaml.safe_load((TESTS / "integration/dashboards_without_data.yaml").read_text()) or {}

# One replica; and two by mistake, which are the same exporter under two names, so that their numbers are the same.
JOB, JOB_WITH_TWO = "exporter", "two-exporters"
BUSY_QUEUE = "ingestion"
# The dashboard of one queue is tried on one that is worked on, one that nobody works on, one that is paused, and one whose
# job hangs.
QUEUES = (BUSY_QUEUE, "exports", "retention", "reports")
# Stands for the rules that come with the exporter: its series have the labels of theirs.
ALERT = {"alert": "BullmqOfTheTests", "expr": "max without (instance, pod) (bullmq_queue_paused) == 1",
         "labels": {"severity": "info"}}
STEP = 1
LABEL_VALUES = re.compile(r"label_values\((?P<series>.+), (?P<label>\w+)\)")


class Scene:
    def __init__(self, redis, exporter, prometheus, workload):
        self.redis, self.exporter, self.prometheus, self.workload = redis, exporter, prometheus, workload
        self.began = time.time()


@contextlib.contextmanager
def started(script, port):
    """A script of tests/oracle/demo that has said that it is ready."""
    command = [NODE, TESTS / "oracle/demo" / script, str(port)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    with RedisServer("--maxmemory", "512mb", "--maxmemory-policy", "noeviction") as redis:
        with started("workload.mjs", redis.port) as workload, started("endless_job.mjs", redis.port):
            # What setGlobalConcurrency writes.
            redis.client().hset(f"bull:{BUSY_QUEUE}:meta", "concurrency", 50)
            (folder / "exporter.yaml").write_text(
                f"redis: [{{addr: '{redis.url}'}}]\n"
                "poll: {interval: 500ms, slow_interval: 1s}\n"
                f"api: {{keys_file: {write_keys_file(folder)}}}\n")
            with WatchedExporter(f"--config.file={folder / 'exporter.yaml'}") as exporter:
                port = exporter.telemetry.rsplit(":", 1)[1]
                jobs = {JOB: [f"127.0.0.1:{port}"], JOB_WITH_TWO: [f"127.0.0.1:{port}", f"localhost:{port}"]}
                with Prometheus(jobs, [ALERT]) as prometheus:
                    yield Scene(redis.client(), exporter, prometheus, workload)


def variable_values(dashboard, job, now, queue=BUSY_QUEUE, rate_interval="4s", time_range="60s"):
    """What Grafana puts in: of variables with several values `All`."""
    values = {
        "__rate_interval": rate_interval, "__interval": f"{STEP}s", "__range": time_range, "__from": str(int((now - 3600) * 1000)),
        "redis": "default", "prefix": "bull", "queue": queue, "job": job,
    }
    for name, variable in dashboards.variables(dashboard).items():
        if "allValue" in variable:
            values[name] = variable["allValue"]
    return values


def all_queries():
    for name in dashboards.NAMES:
        dashboard = dashboards.load(name)
        for query in (*dashboards.panel_queries(name, dashboard), *dashboards.annotation_queries(name, dashboard)):
            yield dashboard, query


def has_data(scene, dashboard, query):
    """On one of the queues, where the dashboard is about one."""
    now = time.time()
    expressions = {
        dashboards.substitute(query.expression, variable_values(dashboard, JOB, now, queue)) for queue in QUEUES
    }
    for expression in expressions:
        if query.instant:
            if scene.prometheus.query(expression):
                return True
        else:
            found = scene.prometheus.query_range(expression, int(scene.began), int(now), STEP)
            if any(not math.isnan(value) for _, points in found for _, value in points):
                return True
    return False


def test_every_query_returns_data(scene, capsys):
    names = [str(query) for _, query in all_queries()]
    assert sorted(WITHOUT_DATA.keys() - set(names)) == [], "listed as empty, but there is no such query"
    expected = len(names) - len(WITHOUT_DATA)
    assert expected >= 0.8 * len(names), f"{expected} of {len(names)} queries are said to return data"

    # A pause that is an event: one step of the query sees the queue before it. `pause` writes this, too.
    not_paused = f'bullmq_queue_paused{{job="{JOB}", queue="exports"}} == 0'
    wait_until(lambda: scene.prometheus.query(not_paused, int(time.time())), "a step before the pause")
    scene.redis.hset("bull:exports:meta", "paused", 1)

    missing = list(all_queries())

    def only_those_listed_are_missing():
        scene.exporter.get_api(f"/v1/jobs/queues/{BUSY_QUEUE}?status=failed")
        missing[:] = [(dashboard, query) for dashboard, query in missing if not has_data(scene, dashboard, query)]
        return {str(query) for _, query in missing} <= WITHOUT_DATA.keys()

    try:
        wait_until(only_those_listed_are_missing, "data for all queries", 60)
    finally:
        with capsys.disabled():
            print(f"{len(names) - len(missing)} of {len(names)} queries return data; empty:",
                  *(f"\n  {query}" for _, query in missing))


def test_all_columns_of_a_table_stand_in_the_same_rows(scene):
    """A label that one column has and another has not would make a second row of the same thing."""
    for name in dashboards.NAMES:
        dashboard = dashboards.load(name)
        values = variable_values(dashboard, JOB, time.time())
        for panel in dashboards.panels(dashboard):
            if panel["type"] != "table":
                continue
            rows = [
                {frozenset(labels.items()) for labels, _ in
                 scene.prometheus.query(dashboards.substitute(target["expr"], values))}
                for target in panel["targets"]
            ]
            fullest = max(rows, key=len)
            for target, found in zip(panel["targets"], rows):
                assert found <= fullest, f"{name} / {panel['title']} / {target['refId']}"


def test_every_variable_has_values(scene):
    for name in dashboards.NAMES:
        dashboard = dashboards.load(name)
        values = variable_values(dashboard, JOB, time.time())
        for variable in dashboards.variables(dashboard).values():
            if variable["type"] != "query" or variable["name"] == "namespace":  # no such label outside of Kubernetes
                continue
            asked = LABEL_VALUES.fullmatch(variable["query"])
            wait_until(
                lambda: scene.prometheus.get(f"label/{asked['label']}/values", **{
                    "match[]": dashboards.substitute(asked["series"], values)}),
                f"values of {variable['name']} in {name}")


def doubled(prometheus, expression, now, slack=0.01):
    """What is more where two replicas are scraped than where one is: [(labels, with one, with two)]."""

    def values(job):
        found = prometheus.query(dashboards.substitute(expression, {"job": job}), now)
        return {tuple(sorted((k, v) for k, v in labels.items() if k != "job")): value for labels, value in found}

    one, two = values(JOB), values(JOB_WITH_TWO)
    return [
        (labels, one.get(labels), value) for labels, value in two.items()
        if not math.isnan(value) and "instance" not in dict(labels)  # that shows each process by itself
        and (labels not in one or abs(value) > 1.6 * abs(one[labels]) + slack)
    ]


def added_jobs(exporter):
    return sum(value for (name, _), value in exporter.series().items() if name == "bullmq_queue_job_ids_total")


def test_two_replicas_by_mistake_double_no_number(scene):
    """Rates are of a busy time that all targets have seen; then nothing moves any more, until all have seen that, too."""
    prometheus = scene.prometheus
    began = time.time()
    enough = added_jobs(scene.exporter) + 100
    wait_until(lambda: added_jobs(scene.exporter) > enough, "jobs to count")
    scene.workload.send_signal(signal.SIGSTOP)
    stopped = time.time()
    try:
        wait_until(lambda: len(prometheus.query(f"timestamp(up) > {stopped + 1.5}")) == 3, "scrapes of what stands still")
        assert doubled(prometheus, 'sum(bullmq_queue_up{job=~"$job"})', time.time()), "this sum must double"
        found = []

        def none_is_doubled():
            now = time.time()
            window = math.ceil(now - began)
            found.clear()
            for dashboard, query in all_queries():
                if query.panel == "Exporters":  # which is there to show them
                    continue
                values = variable_values(dashboard, "$job", now, rate_interval=f"{window}s", time_range=f"{window}s")
                expression = dashboards.substitute(query.expression, values)
                # Two events may be seen by one scrape and not by the other.
                slack = 2.5 if "increase(" in expression else 2.5 / window if "rate(" in expression else 0.01
                found.extend((str(query), *difference) for difference in doubled(prometheus, expression, now, slack))
            return not found

        with contextlib.suppress(AssertionError):
            wait_until(none_is_doubled, "numbers that stand still", 30)
        assert found == []
    finally:
        scene.workload.send_signal(signal.SIGCONT)


def test_links_to_the_jobs_api_work(scene):
    """Those of panels and tables, and the commands in texts."""
    values = {"api": "", "redis": "default", "prefix": "bull", "queue": BUSY_QUEUE}
    variable = re.compile(r"\$\{(?:__data\.fields\.|__field\.labels\.)?(\w+)(?::\w+)?\}")
    found = {
        variable.sub(lambda match: urllib.parse.quote(values[match[1]], safe=""), url)
        for name in dashboards.NAMES
        for url in re.findall(r"\$\{api\}[^'\"\s]+", (dashboards.FOLDER / f"{name}.json").read_text())
    }
    assert len(found) >= 3, found
    for path in found:
        status, answer = scene.exporter.get_api(path)
        assert (status, answer.get("name")) == (200, BUSY_QUEUE), path
