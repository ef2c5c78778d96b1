"""Every feature of the real program under the published rights: nothing is denied, nothing is written."""

import pathlib

import pytest

from support.redis_server import BIN
from support.watched_exporter import wait_until

CONFIG = pathlib.Path(__file__).parents[2] / "config"
STATES = ["active", "completed", "failed", "delayed", "waiting", "paused", "prioritized", "waiting-children"]
SERVERS = [
    ("redis-server", "redis-7.acl"),
    ("redis-server-6.2", "redis-6.2.acl"),
    ("valkey-server", "redis-7.acl"),
]


def fill(client):
    """A queue with something in every key that is read."""
    client.hset("bull:full:meta", mapping={
        "version": "bullmq:5.81.5", "opts.maxLenEvents": 10000, "concurrency": 5, "max": 3, "duration": 1000})
    client.set("bull:full:id", 9)
    client.set("bull:full:limiter", 3, px=3600_000)
    client.xadd("bull:full:events", {"event": "added"})
    client.rpush("bull:full:wait", "2", "1", "0:0")
    client.rpush("bull:full:paused", "3")
    client.rpush("bull:full:active", "4")
    client.zadd("bull:full:prioritized", {"5": 1})
    client.zadd("bull:full:delayed", {"6": 1764000000000 * 4096})
    client.zadd("bull:full:waiting-children", {"7": 1})
    client.zadd("bull:full:completed", {"8": 1764000000000})
    seconds, _ = client.time()
    client.zadd("bull:full:failed", {"9": seconds * 1000 - 5000})
    client.zadd("bull:full:repeat", {"every": 1764000000000, "ended": 1763000000000})
    client.hset("bull:full:repeat:every", mapping={"name": "sync", "every": 1000, "ic": 4})
    client.hset("bull:full:repeat:ended", mapping={"name": "sync", "every": 1000, "ic": 4, "limit": 4})
    client.hset("bull:full:metrics:completed", "count", 5)
    client.hset("bull:full:metrics:failed", "count", 5)
    for job in range(1, 10):
        client.hset(f"bull:full:{job}", mapping={
            "name": "sync", "data": '{"a":1}', "opts": '{"delay":5}', "timestamp": 1764000000000,
            "failedReason": "Error: x", "stacktrace": '["at y"]', "returnvalue": "null", "atm": 1,
            "processedOn": 1764000000100, "finishedOn": 1764000000200})


@pytest.mark.parametrize("binary, acl", SERVERS)
def test_the_published_rights_suffice_and_nothing_is_written(start_redis, start_exporter, tmp_path, binary, acl):
    if not (BIN / binary).exists():
        pytest.skip(f"{binary} is not to be had on this system")
    redis = start_redis("--aclfile", CONFIG / acl, binary=binary)
    client = redis.client()
    fill(client)
    for number in range(50):
        client.hset(f"bull:other-{number}:meta", "version", "bullmq:5.81.5")
    client.set("foreign:key", "not ours")
    client.config_resetstat()
    client.acl_log_reset()

    password = tmp_path / "password"
    password.write_text("change-this-password\n")
    configuration = tmp_path / "exporter.yaml"
    configuration.write_text(f"""
redis:
  - addr: "{redis.url}"
    username: bullmq_exporter
    password_file: "{password}"
    queues: {{static: [configured]}}
poll: {{interval: 100ms, timeout: 2s, slow_interval: 1s}}
discovery: {{interval: 1s}}
""")
    exporter = start_exporter("--config.file", configuration, api=True)
    exporter.wait_for("bullmq_queue_jobs", 2, queue="full", state="waiting")
    polls = exporter.value("bullmq_exporter_poll_duration_seconds_count")
    assert exporter.get_api("/v1/jobs/queues")[0] == 200
    for status in STATES:
        for order in ("asc", "desc"):
            code, answer = exporter.get_api(f"/v1/jobs/queues/full?status={status}&order={order}")
            assert (code, len(answer["jobs"])) == (200, 2 if status == "waiting" else 1), (status, answer)
    assert exporter.get_api("/v1/jobs/queues/nobody")[0] == 404
    wait_until(lambda: exporter.value("bullmq_exporter_poll_duration_seconds_count") >= polls + 5, "five more polls")
    wait_until(lambda: "cmdstat_xread" in client.info("commandstats"), "the queue to settle")

    full = {"queue": "full"}
    assert exporter.value("bullmq_queue_recent_failures", **full) == 1
    assert exporter.value("bullmq_queue_rate_limited", **full) == 1
    assert exporter.value("bullmq_queue_schedulers", **full) == 2
    assert exporter.value("bullmq_queue_overdue_schedulers", **full) == 1
    assert exporter.value("bullmq_queue_workers", **full) == 0
    assert exporter.value("bullmq_exporter_collector_supported", collector="workers") == 1
    assert exporter.value("bullmq_exporter_collector_supported", collector="server_info") == 1
    assert exporter.value("bullmq_redis_memory_used_bytes") > 0

    assert client.acl_log() == []
    used = {name.removeprefix("cmdstat_").split("|")[0] for name in client.info("commandstats")}
    writes = {
        name for name, command in client.command().items()
        if {"write", b"write"} & set(command["flags"])
    }
    assert {"llen", "zcard", "hmget", "scan"} <= used and {"set", "rpop"} <= writes
    assert used & {str(name) for name in writes} == set()
