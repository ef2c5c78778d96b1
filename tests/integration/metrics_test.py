"""/metrics of the real program beside a real Redis, as Prometheus and people's scripts read it."""

import gzip
import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request

import prometheus_client.openmetrics.parser
import prometheus_client.parser
import pytest

from support.exporter import Exporter
from support.redis_server import RedisServer, free_port

TOOLS = pathlib.Path(os.environ["BULLMQ_TEST_BIN"])
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
# What Prometheus 2.42 sends.
PROMETHEUS_ACCEPT = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
HOSTILE = [b"line\nfeed", b'quote"back\\slash', b"\xff\xfe", b"nul\x00", "é😀".encode(), b"q" * 65536]


def add_queue(client, name, prefix=b"bull"):
    """Two jobs waiting, one of them failed before; one completed, one failed."""
    key = prefix + b":" + name + b":"
    client.hset(key + b"meta", mapping={"opts.maxLenEvents": 10000, "version": "bullmq:5.81.5"})
    client.set(key + b"id", 4)
    for job in (b"1", b"2"):
        client.hset(key + job, mapping={"name": "send", "data": "{}", "opts": "{}", "timestamp": 1764000000000})
        client.lpush(key + b"wait", job)
    client.zadd(key + b"completed", {b"3": 1764000000500})
    client.hset(
        key + b"4", mapping={"name": "send", "data": "{}", "opts": "{}", "failedReason": "connect ECONNREFUSED 10.0.0.5:1"}
    )
    client.zadd(key + b"failed", {b"4": int(time.time() * 1000)})


@pytest.fixture(scope="module")
def redis_server():
    with RedisServer() as server:
        client = server.client()
        add_queue(client, b"emails")
        for name in HOSTILE:
            add_queue(client, name)
        yield server


def has_all_queues(page):
    return page.count("\nbullmq_queue_up{") == 1 + len(HOSTILE)


@pytest.fixture(scope="module")
def exporter(redis_server):
    with Exporter(f"--redis.addr={redis_server.url}", "--poll.interval=100ms") as exporter:
        exporter.wait_for_metrics(has_all_queues)
        yield exporter


def series(page):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in prometheus_client.parser.text_string_to_metric_families(page)
        for sample in family.samples
    }


def value(page, metric, /, **labels):
    return series(page).get((metric, tuple(sorted(labels.items()))))


@pytest.mark.parametrize(
    "headers, content_type, encoding",
    [
        ({}, TEXT, None),
        ({"Accept": "*/*", "Accept-Encoding": "identity"}, TEXT, None),
        ({"Accept": "text/html"}, TEXT, None),
        ({"Accept": PROMETHEUS_ACCEPT, "Accept-Encoding": "gzip"}, OPENMETRICS, "gzip"),
        ({"Accept-Encoding": "gzip, deflate, br"}, TEXT, "gzip"),
        ({"Accept-Encoding": "gzip;q=0"}, TEXT, None),
        ({"Accept": "application/openmetrics-text"}, OPENMETRICS, None),
    ],
)
def test_formats(exporter, headers, content_type, encoding):
    status, answered, body = exporter.get("/metrics", headers=headers)
    assert status == 200
    assert answered["Content-Type"] == content_type
    assert answered["Content-Encoding"] == encoding
    assert int(answered["Content-Length"]) == len(body)
    page = (gzip.decompress(body) if encoding else body).decode()
    assert page.endswith("# EOF\n") == (content_type == OPENMETRICS)
    if content_type == OPENMETRICS:
        families = list(prometheus_client.openmetrics.parser.text_string_to_metric_families(page))
    else:
        families = list(prometheus_client.parser.text_string_to_metric_families(page))
    assert {"bullmq_up", "bullmq_queue_jobs", "process_cpu_seconds"} <= {f.name.removesuffix("_total") for f in families}
    assert has_all_queues(page)


def test_promtool_finds_no_fault(exporter):
    page = exporter.wait_for_metrics(lambda page: "bullmq_queue_recent_failures{" in page)
    check = subprocess.run([TOOLS / "promtool", "check", "metrics"], input=page.encode(), capture_output=True)
    assert (check.returncode, check.stdout, check.stderr) == (0, b"", b"")


def test_what_a_queue_shows(exporter):
    page = exporter.wait_for_metrics(lambda page: "bullmq_queue_recent_failures{" in page)
    queue = {"redis": "default", "prefix": "bull", "queue": "emails"}
    assert value(page, "bullmq_queue_jobs", **queue, state="waiting") == 2
    assert value(page, "bullmq_queue_jobs", **queue, state="completed") == 1
    assert value(page, "bullmq_queue_jobs", **queue, state="failed") == 1
    assert value(page, "bullmq_queue_oldest_waiting_job_timestamp_seconds", **queue) == 1764000000
    assert value(page, "bullmq_queue_last_completed_timestamp_seconds", **queue) == 1764000000.5
    assert value(page, "bullmq_queue_job_ids_total", **queue) == 4
    assert value(page, "bullmq_queue_info", **queue, version="bullmq:5.81.5") == 1
    assert value(page, "bullmq_queue_recent_failures", **queue, name="send", reason="connect ECONNREFUSED <addr>") == 1
    assert value(page, "bullmq_queue_finished_jobs_total", **queue, outcome="completed") is None


def test_hostile_names_lose_nothing(exporter):
    page = exporter.metrics()
    shown = {labels["queue"] for labels in (dict(l) for name, l in series(page) if name == "bullmq_queue_up")}
    assert {"emails", "line\nfeed", 'quote"back\\slash', "\\xFF\\xFE", "nul\\x00", "é😀"} < shown
    assert len(shown) == 1 + len(HOSTILE)
    assert max(map(len, shown)) <= 256


def test_a_redis_that_goes_and_comes():
    with RedisServer() as server:
        add_queue(server.client(), b"emails")
        with Exporter(f"--redis.addr={server.url}", "--poll.interval=100ms") as exporter:
            exporter.wait_for_metrics(lambda page: "bullmq_queue_up{" in page)
            server.kill()
            page = exporter.wait_for_metrics(lambda page: '\nbullmq_up{redis="default"} 0' in page)
            from_redis = [line for line in page.splitlines() if re.match("bullmq_(queue|redis)_", line)]
            assert from_redis == ['bullmq_queue_up{redis="default",prefix="bull",queue="emails"} 0']
            errors = [v for (name, _), v in series(page).items() if name == "bullmq_exporter_poll_errors_total"]
            assert sum(errors) >= 1
            assert value(page, "bullmq_exporter_redis_connections", redis="default", purpose="poll") == 0
            assert server.start()
            add_queue(server.client(), b"emails")
            page = exporter.wait_for_metrics(lambda page: '\nbullmq_up{redis="default"} 1' in page)
            assert value(page, "bullmq_queue_up", redis="default", prefix="bull", queue="emails") == 1


def test_families_of_several_targets_stand_together(tmp_path):
    with RedisServer() as server:
        add_queue(server.client(), b"emails", b"one")
        add_queue(server.client(), b"emails", b"two")
        config = tmp_path / "exporter.yaml"
        config.write_text(
            "redis:\n"
            f"  - {{name: first, addr: {server.url}, prefixes: [one]}}\n"
            f"  - {{name: second, addr: {server.url}, prefixes: [two]}}\n"
            f"  - {{name: third, addr: redis://127.0.0.1:1/0}}\n"
            "poll: {interval: 100ms}\n"
        )
        with Exporter(f"--config.file={config}") as exporter:
            exporter.wait_for_metrics(lambda page: page.count("\nbullmq_up{") == 3 and page.count("\nbullmq_queue_up{") == 2)
            _, _, body = exporter.get("/metrics", headers={"Accept": PROMETHEUS_ACCEPT})
            # This parser refuses a family that stands in two places.
            families = prometheus_client.openmetrics.parser.text_string_to_metric_families(body.decode())
            up = next(family for family in families if family.name == "bullmq_up")
            assert {s.labels["redis"]: s.value for s in up.samples} == {"first": 1, "second": 1, "third": 0}
            page = body.decode()
            for target, prefix in (("first", "one"), ("second", "two")):
                assert f'\nbullmq_queue_up{{redis="{target}",prefix="{prefix}",queue="emails"}} 1\n' in page


def test_compatibility(tmp_path):
    with RedisServer() as server:
        add_queue(server.client(), b"emails")
        config = tmp_path / "exporter.yaml"
        config.write_text(
            f"redis:\n  - addr: {server.url}\n"
            "poll: {interval: 100ms}\nmetrics: {compatibility: [bullmq, bull_exporter]}\n"
        )
        with Exporter(f"--config.file={config}") as exporter:
            page = exporter.wait_for_metrics(lambda page: "bullmq_job_count{" in page)
            assert value(page, "bullmq_job_count", queue="emails", state="waiting") == 2
            assert value(page, "bull_queue_waiting", queue="emails", prefix="bull") == 2


def test_prometheus_scrapes_without_a_warning(exporter, tmp_path):
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        "scrape_configs:\n"
        f"  - {{job_name: bullmq, static_configs: [{{targets: ['{exporter.telemetry}']}}]}}\n"
    )
    address = f"127.0.0.1:{free_port()}"
    with open(tmp_path / "log", "wb") as log:
        prometheus = subprocess.Popen(
            [
                TOOLS / "prometheus",
                f"--config.file={tmp_path / 'prometheus.yml'}",
                f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address={address}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def query(expression):
        url = f"http://{address}/api/v1/query?query={urllib.request.quote(expression)}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return [result["value"][1] for result in json.load(answer)["data"]["result"]]
        except OSError:
            return None

    try:
        deadline = time.monotonic() + 60
        while query("count_over_time(bullmq_up[1m]) >= 3") in (None, []):
            assert prometheus.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.1)
        assert query("up") == ["1"]
        assert query("count(bullmq_queue_up)") == [str(1 + len(HOSTILE))]
        assert query("scrape_samples_scraped == scrape_samples_post_metric_relabeling") != []
    finally:
        prometheus.terminate()
        prometheus.wait(20)
    lines = (tmp_path / "log").read_text().splitlines()
    assert any("Server is ready" in line for line in lines)
    # The signal that ends it is a warning of its own: "Received SIGTERM", later "Received an OS signal".
    warnings = [line for line in lines if re.search("level=(warn|error)", line, re.IGNORECASE)]
    assert [line for line in warnings if not re.search("Received (SIGTERM|an OS signal), exiting", line)] == []
