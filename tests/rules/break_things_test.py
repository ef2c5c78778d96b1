"""Breaks real things and sees the alerts in a real Prometheus, which evaluates the rules of dashboards/prometheus with shorter windows."""

import os
import pathlib
import subprocess
import sys
import time

import pytest

from support.prometheus import Prometheus
from support.redis_server import RedisServer
from support.watched_exporter import WatchedExporter, wait_until

ROOT = pathlib.Path(__file__).parents[2]
BIN = pathlib.Path(os.environ["BULLMQ_TEST_BIN"])
# What is to fire within seconds; everything else stays as it is installed.
SHORTER = {
    "redis_down_for": "1s",
    "exporter_down_for": "1s",
    "no_workers_for": "1s",
    "active_without_workers_for": "1s",
    "failures_for": "1s",
    "failures_recent_seconds": "15",
}


class Jobs:
    """Real BullMQ beside a Redis."""

    def __init__(self, redis, folder):
        self.redis, self.folder = redis, folder
        self.workers = []

    def _command(self, *words):
        return [BIN / "node", ROOT / "tests/rules/bullmq_jobs.mjs", str(self.redis.port), *map(str, words)]

    def add(self, queue, count, name):
        subprocess.run(self._command("add", queue, count, name), check=True, stdin=subprocess.DEVNULL, timeout=60)

    def work(self, *queues):
        """A process that works on these queues."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        with open(log, "wb") as output:
            worker = subprocess.Popen(self._command("work", *queues), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.workers.append(worker)
        wait_until(lambda: "ready" in log.read_text() or worker.poll() is not None, "the worker is ready")
        assert worker.poll() is None, log.read_text()
        return worker

    def end(self):
        for worker in self.workers:
            worker.kill()
            worker.wait()


class Watch:
    """The alerts that fire, told as they come and go."""

    def __init__(self, prometheus, tell):
        self.prometheus, self.tell = prometheus, tell
        self.began = time.monotonic()
        self.firing = {}

    def say(self, text):
        self.tell(f"{time.monotonic() - self.began:5.1f} s  {text}")

    def look(self):
        """The names of what fires now."""
        now = {}
        for alert in self.prometheus.get("alerts")["alerts"]:
            if alert["state"] == "firing":
                labels = alert["labels"]
                now[labels["alertname"], labels.get("redis"), labels.get("queue")] = alert["annotations"]["description"]
        for key in now.keys() - self.firing.keys():
            self.say(f"FIRING    {key[0]}: {now[key]}")
        for key in self.firing.keys() - now.keys():
            self.say(f"resolved  {key[0]}")
        self.firing = now
        return set(now)

    def wait_for(self, *expected, timeout=90):
        """Until exactly these fire: (alert, redis, queue)."""
        wait_until(lambda: self.look() == set(expected), f"firing: {expected}", timeout)


@pytest.fixture
def rules(tmp_path):
    changes = [word for name, value in SHORTER.items() for word in ("--set", f"{name}={value}")]
    subprocess.run([sys.executable, ROOT / "dashboards/prometheus/generate", *changes, "--output", tmp_path], check=True)
    return [tmp_path / "recording.yaml", tmp_path / "alerts.yaml"]


@pytest.fixture
def tell(capsys):
    def print_at_once(line):
        with capsys.disabled():
            print(line, flush=True)

    return print_at_once


def test_what_breaks_fires_and_what_is_mended_resolves(running, start_redis, tmp_path, rules, tell):
    main, spare = start_redis(), start_redis()
    jobs = Jobs(main, tmp_path)
    running.callback(jobs.end)
    # Most are done before anything breaks; two take for ever.
    jobs.add("mail", 40, "send")
    jobs.add("mail", 2, "long")
    jobs.add("mail", 5, "send")
    jobs.add("calls", 100, "send")
    worker = jobs.work("mail", "idle", "calls")
    config = tmp_path / "exporter.yaml"
    config.write_text(
        f"redis:\n  - {{name: main, addr: '{main.url}'}}\n  - {{name: spare, addr: '{spare.url}', queues: {{static: [copy]}}}}\n"
        "poll: {interval: 200ms}\n"
    )
    exporter = running.enter_context(WatchedExporter(f"--config.file={config}"))
    exporter.wait_for("bullmq_queue_workers", 1, queue="mail")
    prometheus = running.enter_context(Prometheus({"bullmq": [exporter.telemetry]}, interval="500ms", rule_files=rules))
    watch = Watch(prometheus, tell)
    wait_until(lambda: prometheus.query('bullmq:queue_done_jobs{queue="calls"} == 100'), "the rules are evaluated")
    wait_until(lambda: prometheus.query('max_over_time(bullmq:queue_workers{queue="mail"}[1m]) > 0'), "the workers are known")
    assert watch.look() == set()
    watch.say("all is well")

    no_workers, stuck = ("BullmqQueueNoWorkers", "main", "idle"), ("BullmqQueueActiveWithoutWorkers", "main", "mail")
    failures, down = ("BullmqQueueManyFailures", "main", "calls"), ("BullmqRedisDown", "spare", None)

    watch.say("25 jobs fail")
    jobs.add("calls", 25, "fail")
    watch.wait_for(failures)

    watch.say("one Redis is stopped, the worker is killed, 3 jobs are added to a queue")
    spare.kill()
    worker.kill()
    jobs.add("idle", 3, "send")
    # No job fails any more, so that alert resolves by itself.
    watch.wait_for(down, no_workers, stuck)

    watch.say("Redis and the worker start again")
    assert spare.start()
    # It finds the jobs that the killed one had and works on them anew.
    jobs.work("mail", "idle")
    watch.wait_for()

    watch.say("the exporter is stopped")
    exporter.stop()
    watch.wait_for(("BullmqExporterDown", None, None))
