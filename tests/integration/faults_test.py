"""What cannot be read, injected: the first table of docs/metrics.md in metrics and API."""

import time

import pytest

QUEUE = {"redis": "default", "prefix": "bull", "queue": "q"}
FLAGS = ["--poll.interval", "200ms", "--poll.timeout", "1s"]


def add_queue(redis, name="q"):
    client = redis.client()
    client.hset(f"bull:{name}:meta", mapping={"version": "bullmq:5.81.5", "opts.maxLenEvents": 10000})
    client.set(f"bull:{name}:id", 3)
    client.rpush(f"bull:{name}:wait", "3", "2", "1")
    for job in ("1", "2", "3"):
        client.hset(f"bull:{name}:{job}", mapping={"name": "sync", "data": "{}", "timestamp": "1764000000000"})
    return client


def test_redis_stopped_killed_and_restarted(redis, start_exporter):
    add_queue(redis)
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_queue_up", 1, queue="q")
    before = exporter.value("bullmq_exporter_last_poll_timestamp_seconds")
    errors = exporter.value("bullmq_exporter_poll_errors_total", reason="timeout")

    redis.freeze()
    exporter.wait_for("bullmq_up", 0)
    assert exporter.value("bullmq_queue_up", **QUEUE) == 0
    names = exporter.names()
    assert {"bullmq_queue_jobs", "bullmq_queue_info", "bullmq_redis_info"} & names == set()
    assert exporter.value("bullmq_exporter_poll_errors_total", reason="timeout") > errors
    assert exporter.value("bullmq_exporter_last_poll_timestamp_seconds") >= before
    status, answer = exporter.get_api("/v1/jobs/queues")
    assert status == 503 and "queues" not in answer
    assert exporter.get("/-/healthy")[0] == 200
    assert exporter.get("/-/ready")[0] == 200

    redis.thaw()
    exporter.wait_for("bullmq_up", 1)
    assert exporter.value("bullmq_queue_jobs", state="waiting", **QUEUE) == 3

    redis.kill()
    exporter.wait_for("bullmq_up", 0)
    redis.start()
    add_queue(redis)
    exporter.wait_for("bullmq_up", 1)
    exporter.wait_for("bullmq_queue_jobs", 3, state="waiting", **QUEUE)
    assert exporter.get_api("/v1/jobs/queues")[0] == 200
    assert exporter.log_count('msg="redis target is down"') == 2, exporter.log
    assert exporter.log_count('msg="redis target is up"') == 3, exporter.log


def test_what_is_left_out_stays_while_redis_is_down(redis, start_exporter, tmp_path):
    for name in ("q", "r", "s", "test-1"):
        add_queue(redis, name)
    configuration = tmp_path / "exporter.yaml"
    configuration.write_text(f"""
redis: [{{addr: "{redis.url}", queues: {{exclude: ["test-*"]}}}}]
poll: {{interval: 200ms, timeout: 1s}}
discovery: {{max_queues: 1}}
""")
    exporter = start_exporter("--config.file", str(configuration))
    exporter.wait_for("bullmq_exporter_queues_ignored", 1)
    exporter.wait_for("bullmq_exporter_capped", 2, limit="queues")
    redis.kill()
    exporter.wait_for("bullmq_up", 0)
    assert exporter.value("bullmq_exporter_queues") == 1
    assert exporter.value("bullmq_exporter_queues_ignored") == 1
    assert exporter.value("bullmq_exporter_capped", limit="queues") == 2


def test_redis_down_at_start(redis, start_exporter):
    redis.kill()
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_up", 0)
    assert exporter.value("bullmq_exporter_poll_errors_total", reason="connect") > 0
    assert exporter.get_api("/v1/jobs/queues")[0] == 503
    redis.start()
    add_queue(redis)
    exporter.wait_for("bullmq_queue_jobs", 3, state="waiting", **QUEUE)


@pytest.mark.parametrize("arguments, reason", [
    (["--requirepass", "secret"], "auth"),
    (["--databases", "2"], "database"),
])
def test_wrong_password_and_wrong_database(start_redis, start_exporter, arguments, reason):
    redis = start_redis(*arguments)
    address = f"redis://127.0.0.1:{redis.port}/{7 if reason == 'database' else 0}"
    exporter = start_exporter("--redis.addr", address, *FLAGS)
    exporter.wait_for("bullmq_up", 0)
    assert exporter.value("bullmq_exporter_poll_errors_total", reason=reason) > 0
    assert exporter.log_count('msg="redis target is down"') == 1
    assert exporter.log_count(f"reason={reason}")


def test_no_such_prefix(redis, start_exporter):
    add_queue(redis)
    exporter = start_exporter("--redis.addr", redis.url, "--redis.prefix", "nothing", *FLAGS, api=True)
    exporter.wait_for("bullmq_up", 1)
    exporter.wait_for("bullmq_exporter_queues", 0)
    assert exporter.get_api("/v1/jobs/queues") == (200, {"queues": []})
    assert exporter.log_count("no queue stands under the prefix") == 1


@pytest.mark.parametrize("suffix", ["wait", "active", "paused", "prioritized", "delayed", "waiting-children",
                                    "completed", "failed"])
def test_a_state_key_of_the_wrong_type(redis, start_exporter, suffix):
    add_queue(redis, "good")
    client = add_queue(redis)
    client.delete(f"bull:q:{suffix}")
    client.set(f"bull:q:{suffix}", "a string")
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_queue_up", 0, **QUEUE)
    assert exporter.value("bullmq_up") == 1
    series = [name for name, labels in exporter.series() if dict(labels).get("queue") == "q"]
    assert series == ["bullmq_queue_up"]
    assert exporter.value("bullmq_queue_jobs", queue="good", state="waiting") == 3
    assert exporter.value("bullmq_exporter_poll_errors_total", reason="wrong_type") > 0
    listed = {queue["name"]: queue for queue in exporter.get_api("/v1/jobs/queues")[1]["queues"]}
    assert listed["q"]["counts"] is None and listed["q"]["error"]
    assert listed["good"]["counts"]["waiting"] == 3
    assert exporter.get_api("/v1/jobs/queues/q")[0] == 502
    client.delete(f"bull:q:{suffix}")
    exporter.wait_for("bullmq_queue_up", 1, **QUEUE)


@pytest.mark.parametrize("key, absent", [
    ("meta", {"bullmq_queue_paused", "bullmq_queue_info"}),
    ("limiter", {"bullmq_queue_rate_limited"}),
    ("repeat", {"bullmq_queue_schedulers", "bullmq_queue_overdue_schedulers"}),
    ("id", {"bullmq_queue_job_ids_total"}),
    ("metrics:completed", {"bullmq_queue_finished_jobs_total"}),
    ("1", {"bullmq_queue_oldest_waiting_job_timestamp_seconds"}),
])
def test_another_key_of_the_wrong_type(redis, start_exporter, key, absent):
    client = add_queue(redis)
    client.lrem("bull:q:wait", 0, "2"), client.lrem("bull:q:wait", 0, "3")
    client.hset("bull:q:metrics:completed", "count", 5)
    client.xadd("bull:q:events", {"event": "added"})
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_queue_up", 1, **QUEUE)
    assert absent <= exporter.names()
    client.delete(f"bull:q:{key}")
    client.geoadd(f"bull:q:{key}", (1, 1, "x")) if key != "repeat" else client.set(f"bull:q:{key}", "x")
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_queue_up", 1, **QUEUE)
    assert absent & exporter.names() == set()
    status, answer = exporter.get_api("/v1/jobs/queues/q?status=waiting")
    assert status == 200 and answer["counts"]["waiting"] == 1


def test_a_queue_whose_keys_are_gone(redis, start_exporter, tmp_path):
    client = add_queue(redis)
    configuration = tmp_path / "exporter.yaml"
    configuration.write_text(f"""
redis: [{{addr: "{redis.url}"}}]
poll: {{interval: 200ms, timeout: 1s, slow_interval: 200ms}}
discovery: {{forget_after: 2s}}
""")
    exporter = start_exporter("--config.file", str(configuration), api=True)
    exporter.wait_for("bullmq_queue_jobs", 3, state="waiting", **QUEUE)
    client.flushall()
    exporter.wait_for("bullmq_queue_jobs", 0, state="waiting", **QUEUE)
    assert exporter.value("bullmq_queue_up", **QUEUE) == 1
    assert exporter.get_api("/v1/jobs/queues/q")[1]["counts"]["waiting"] == 0
    exporter.wait_for("bullmq_queue_up", None, **QUEUE)
    assert exporter.get_api("/v1/jobs/queues/q")[0] == 404
    assert exporter.get_api("/v1/jobs/queues") == (200, {"queues": []})
    add_queue(redis)
    assert exporter.get_api("/v1/jobs/queues/q")[0] == 200, "asked of Redis"


def test_one_id_of_many_megabytes_takes_its_queue_alone(redis, start_exporter):
    for number in range(20):
        add_queue(redis, f"good-{number}")
    client = add_queue(redis)
    client.rpush("bull:q:wait", b"x" * 40_000_000)
    exporter = start_exporter("--redis.addr", redis.url, "--poll.interval", "200ms", "--poll.timeout", "20s")
    exporter.wait_for("bullmq_queue_up", 0, **QUEUE)
    assert exporter.value("bullmq_up") == 1
    assert exporter.value("bullmq_exporter_poll_errors_total", reason="too_large") > 0
    for number in range(20):
        assert exporter.value("bullmq_queue_jobs", queue=f"good-{number}", state="waiting") == 3
    client.delete("bull:q:wait")
    exporter.wait_for("bullmq_queue_up", 1, **QUEUE)


def test_a_setting_of_many_megabytes_is_absent_alone(redis, start_exporter, tmp_path):
    add_queue(redis, "good")
    client = add_queue(redis)
    client.hset("bull:q:meta", "version", b"x" * 40_000_000)
    configuration = tmp_path / "exporter.yaml"
    configuration.write_text(f"""
redis: [{{addr: "{redis.url}"}}]
poll: {{interval: 200ms, timeout: 20s, slow_interval: 200ms}}
""")
    exporter = start_exporter("--config.file", str(configuration))
    exporter.wait_for("bullmq_queue_up", 1, **QUEUE)
    assert exporter.value("bullmq_queue_jobs", state="waiting", **QUEUE) == 3
    assert exporter.value("bullmq_queue_job_ids_total", **QUEUE) == 3
    for name in ("bullmq_queue_info", "bullmq_queue_paused"):
        assert exporter.value(name, **QUEUE) is None
        assert exporter.value(name, queue="good") is not None
    client.hset("bull:q:meta", "version", "bullmq:5.81.5")
    exporter.wait_for("bullmq_queue_info", 1, **QUEUE)
    assert exporter.log_count("queue holds more than can be read") == 1, exporter.log


def test_everything_forbidden(start_redis, start_exporter, tmp_path):
    acl = tmp_path / "users.acl"
    acl.write_text("user default on nopass ~* &* +@all\nuser narrow on >pw ~bull:* -@all +ping +select +scan +time\n")
    redis = start_redis("--aclfile", str(acl))
    add_queue(redis)
    secret = tmp_path / "password"
    secret.write_text("pw\n")
    exporter = start_exporter("--redis.addr", redis.url, "--redis.username", "narrow", "--redis.password-file",
                              str(secret), "--queues", "q", *FLAGS, api=True)
    exporter.wait_for("bullmq_up", 0)
    assert exporter.value("bullmq_queue_up", **QUEUE) == 0
    assert exporter.value("bullmq_exporter_poll_errors_total", reason="noperm") > 0
    assert exporter.get_api("/v1/jobs/queues")[0] == 502


def test_scrapes_stay_quick_while_redis_hangs(redis, start_exporter):
    add_queue(redis)
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS)
    exporter.wait_for("bullmq_queue_up", 1, **QUEUE)
    redis.freeze()
    exporter.wait_for("bullmq_up", 0)
    polls = exporter.value("bullmq_exporter_poll_duration_seconds_count")
    began = time.monotonic()
    for _ in range(20):
        assert exporter.get("/metrics", timeout=0.9)[0] == 200, "a scrape does not wait for the poll's second"
    assert exporter.value("bullmq_exporter_poll_duration_seconds_count") - polls <= 2 + (time.monotonic() - began)
