"""Names, ids and payloads of an enemy: valid output, nothing lost for other queues, memory bounded."""

import json
import pathlib
import re
import urllib.parse


NAMES = [b"nul\0byte", b"line\nbreak", b'quo"te', b"back\\slash", b"co:lon", b"inv\xff\xfealid", "émoji-🚀".encode(),
         b"<script>", b"%41 +&?#/", b"..", b'{x="y"} 1', b"n" * 65536]
FLAGS = ["--poll.interval", "200ms"]


def shown(name):
    """Bytes as names and ids appear in JSON."""
    return re.sub(r"\\x[0-9a-f]{2}", lambda found: "\\x" + found[0][2:].upper(),
                  name.decode(errors="backslashreplace"))


def add(client, name, **fields):
    key = b"bull:" + name
    client.hset(key + b":meta", mapping={"version": "bullmq:5.81.5"})
    client.zadd(key + b":failed", {b"id-" + name[:200]: client.time()[0] * 1000})
    client.hset(key + b":id-" + name[:200], mapping={
        "name": name, "timestamp": 1764000000000, "failedReason": name, "data": json.dumps({"x": shown(name)}), **fields})


def test_names_and_ids(redis, start_exporter):
    client = redis.client()
    for name in NAMES:
        add(client, name)
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_exporter_queues", len(NAMES))
    failed = {labels: value for (series, labels), value in exporter.series().items()
              if series == "bullmq_queue_jobs" and dict(labels)["state"] == "failed"}
    assert len(failed) == len(NAMES) and set(failed.values()) == {1}

    status, answer = exporter.get_api("/v1/jobs/queues")
    assert status == 200
    assert sorted(queue["name"] for queue in answer["queues"]) == sorted(map(shown, NAMES))
    for name in NAMES:
        if len(name) > 10000:
            continue  # longer than a request's head may be
        path = "/v1/jobs/queues/" + urllib.parse.quote(name, safe="")
        status, answer = exporter.get_api(path)
        assert status == 200, (name, answer)
        assert answer["name"] == shown(name)
        (job,) = answer["jobs"]
        assert job["id"] == shown(b"id-" + name[:200])
        assert job["data"] == {"x": shown(name)}
    for line in filter(None, exporter.log):
        assert line.startswith("time="), line


def test_large_payloads_are_named_not_read(redis, start_exporter):
    client = redis.client()
    size = 50_000_000
    large = b"x" * size
    add(client, b"large", data=large, returnvalue=large, failedReason=large, stacktrace=large)
    add(client, b"good")
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS, api=True)
    exporter.wait_for("bullmq_exporter_queues", 2)
    status, answer = exporter.get_api("/v1/jobs/queues/large")
    assert status == 200
    (job,) = answer["jobs"]
    assert job["truncated"] == {"data": size, "failedReason": size, "stacktrace": size, "returnValue": size}
    assert (job["data"], job["stacktrace"], job["returnValue"]) == (None, [], None)
    assert exporter.value("bullmq_queue_recent_failures", queue="large") == 1
    assert exporter.value("bullmq_queue_recent_failures", queue="good") == 1
    peak = next(line for line in pathlib.Path(f"/proc/{exporter.pid}/status").read_text().splitlines()
                if line.startswith("VmHWM"))
    assert int(peak.split()[1]) < 300_000, peak  # kB, with room for sanitizers


REASON_CLASSES = {
    "Connection timed out after 3000 ms": "Connection timed out after <n> ms",
    "connect ECONNREFUSED 10.0.0.5:5432": "connect ECONNREFUSED <addr>",
    "ENOENT: no such file or directory, open '/var/data/clx1.eml'": "ENOENT: no such file or directory, open <text>",
    "Mailbox jane.doe@example.org is over quota (98.5%)": "Mailbox <email> is over quota (<n>%)",
    "Ingestion source clx1y2z3a0000b4d2e5f6g7h8 not found": "Ingestion source <id> not found",
    "Request to https://api.example.org/v1/x?t=1 failed with status code 503":
        "Request to <url> failed with status code <n>",
    "ERR_HTTP2_STREAM_ERROR: can't read user's file": "ERR_HTTP2_STREAM_ERROR: can't read user's file",
    "E11000 duplicate key 5f2b8c01deadbeef at 2026-11-24T06:07:29.552Z": "E11000 duplicate key <hex> at <time>",
    "child bull:flow:3 failed": "child failed",
    "job stalled more than allowable limit": "job stalled more than allowable limit",
    "null": "(no error object)",
    "": "(empty)",
}


def test_reason_classes(redis, start_exporter):
    client = redis.client()
    seconds = client.time()[0]
    client.hset("bull:q:meta", mapping={"version": "bullmq:5.81.5"})
    for number, reason in enumerate(REASON_CLASSES):
        client.zadd("bull:q:failed", {f"job-{number}": seconds * 1000 - number})
        client.hset(f"bull:q:job-{number}", mapping={"name": "sync", "failedReason": reason})
    exporter = start_exporter("--redis.addr", redis.url, *FLAGS)
    exporter.wait_for("bullmq_exporter_queues", 1)
    classes = {dict(labels)["reason"] for (series, labels), _ in exporter.series().items()
               if series == "bullmq_queue_recent_failures"}
    assert classes == set(REASON_CLASSES.values())
