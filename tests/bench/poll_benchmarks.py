"""Polls: against bare hiredis, against BullMQ in Node, beside many kept jobs."""

import time

from bench.machine import TWENTY_JOBS, TWENTY_JOBS_EVERYWHERE, FilledRedis, median, node, program, say, wait_until
from bench.table import Row
from support.exporter import Exporter


def poll(quick):
    """1,000 queues × 20 jobs, against the same commands pipelined by bare hiredis."""
    rows = []
    for label, states in (("", TWENTY_JOBS), (", jobs in every state", TWENTY_JOBS_EVERYWHERE)):
        with FilledRedis({"queues": 1000, "states": states}) as redis:
            result = program("poll_bench", "replay", redis.port, 20 if quick else 100)
        for kind in ("steady", "first"):
            one = result[kind]
            say(f"  {kind} poll{label}: {one['commands']} commands in {one['exchanges']} pipelines; "
                f"wall {one['wall_ms']:.2f} ms, bare {one['bare_wall_ms']:.2f} ms; "
                f"CPU {one['cpu_ms']:.2f} ms, bare {one['bare_cpu_ms']:.2f} ms (medians of {one['rounds']})")
            name = "poll" if kind == "steady" else "first poll"
            rows.append(Row.at_most(f"{name} of 1,000 queues : bare hiredis, time{label}",
                                    one["wall_ms"] / one["bare_wall_ms"], 1.3, " ×"))
    return rows


def export(quick):
    """The same polls, with /metrics written, against BullMQ's exportPrometheusMetrics in Node."""
    rows = []
    for label, states in (("", TWENTY_JOBS), (", jobs in every state", TWENTY_JOBS_EVERYWHERE)):
        with FilledRedis({"queues": 1000, "states": states}) as redis:
            rows += _export_on(redis, label, quick)
    return rows


def _export_on(redis, label, quick):
    def export_by_node(connections):
        return node("export_metrics.mjs", f"--port={redis.port}", "--queues=1000", f"--connections={connections}",
                    f"--rounds={10 if quick else 30}")

    ours, shared = [], []
    for _ in range(2 if quick else 5):
        shared.append(export_by_node("shared"))
        ours.append(program("poll_bench", "export", redis.port, 50 if quick else 200))
    each = export_by_node("each")

    redis_cpu = median([one["redis_cpu_ms"] for one in ours])
    own_cpu = median([one["poll_cpu_ms"] for one in ours])
    with_text = median([one["poll_cpu_ms"] + one["render_cpu_ms"] for one in ours])
    node_redis = median([one["redisCpuMs"] for one in shared])
    node_own = median([one["ownCpuMs"] for one in shared])
    say(f"  this program{label}: Redis {redis_cpu:.2f} ms, own CPU {own_cpu:.2f} ms, with the text rendered and deflated "
        f"{with_text:.2f} ms, wall {median([one['wall_ms'] for one in ours]):.2f} ms")
    say(f"  BullMQ{label}, one connection: Redis {node_redis:.2f} ms, own CPU {node_own:.2f} ms, "
        f"wall {median([one['wallMs'] for one in shared]):.2f} ms, resident {shared[0]['residentMiB']} MiB")
    say(f"  BullMQ{label}, a connection a queue: Redis {each['redisCpuMs']:.2f} ms, own CPU {each['ownCpuMs']:.2f} ms, "
        f"wall {each['wallMs']:.2f} ms, resident {each['residentMiB']} MiB")
    return [
        Row.at_most(f"Redis CPU of a poll : exportPrometheusMetrics{label}", redis_cpu / node_redis, 0.25, " ×"),
        Row.at_most(f"own CPU of a poll : exportPrometheusMetrics{label}", own_cpu / node_own, 0.125, " ×"),
        Row.shown(f"own CPU of poll and text : exportPrometheusMetrics{label}", with_text / node_own, " ×"),
        Row.shown(f"Redis CPU : that with a connection a queue{label}", redis_cpu / each["redisCpuMs"], " ×"),
        Row.shown(f"own CPU : that with a connection a queue{label}", own_cpu / each["ownCpuMs"], " ×"),
    ]


def kept(quick):
    """100 queues with 500,000 kept jobs, polled every second; discovery goes on beside it."""
    with FilledRedis({"queues": 100, "spread_ms": 86_400_000,
                      "states": {"waiting": 5, "active": 1, "delayed": 2, "completed": 4000, "failed": 1000}}) as redis:
        idle_begin, begin = redis.cpu_ms(), time.monotonic()
        time.sleep(5)
        idle = (redis.cpu_ms() - idle_begin) / (time.monotonic() - begin)
        with Exporter(f"--redis.addr={redis.url}", "--poll.interval=1s") as exporter:
            wait_until(lambda: "bullmq_exporter_discovery_duration_seconds{" in exporter.metrics(), "a pass of discovery", 180)
            first_pass = _pass_seconds(exporter)
            used_begin, begin = redis.cpu_ms(), time.monotonic()
            if quick:
                time.sleep(20)
            else:  # a whole turn: what passes rest, and the next one
                wait_until(lambda: _pass_seconds(exporter) != first_pass, "another pass of discovery", 400)
            used = (redis.cpu_ms() - used_begin) / (time.monotonic() - begin)
    say(f"  Redis CPU {used:.2f} ms a second, of which {idle:.2f} without any client"
        + (" (between two passes of discovery)" if quick else ""))
    return [Row.at_most("Redis CPU a second, 100 queues, 500,000 kept jobs, polls each second", used, 10.0, " ms")]


def _pass_seconds(exporter):
    """How long the last pass of discovery took, as text: another value is another pass."""
    return next(line for line in exporter.metrics().splitlines()
                if line.startswith("bullmq_exporter_discovery_duration_seconds{")).rsplit(" ", 1)[1]


def stall(quick):
    """How long a command holds the server: discovery and polls beside a million kept jobs."""
    with FilledRedis({"queues": 20, "spread_ms": 86_400_000,
                      "states": {"waiting": 1000, "active": 5, "delayed": 1000, "prioritized": 500, "completed": 40_000,
                                 "failed": 10_000}}) as redis, redis.client() as client:
        client.config_set("slowlog-log-slower-than", 200)
        client.config_set("slowlog-max-len", 100_000)
        client.slowlog_reset()
        client.config_resetstat()
        config = redis.folder / "exporter.yaml"
        config.write_text(f"redis: [{{addr: '{redis.url}'}}]\npoll: {{interval: 1s}}\ndiscovery: {{interval: 10s}}\n")
        with Exporter(f"--config.file={config}") as exporter:
            wait_until(lambda: "bullmq_exporter_discovery_duration_seconds{" in exporter.metrics(), "a pass of discovery", 300)
            time.sleep(10 if quick else 60)
        slow = client.slowlog_get(100_000)
        calls = {name.removeprefix("cmdstat_"): stats for name, stats in client.info("commandstats").items()}
    took = {}  # milliseconds of the slow calls, by command
    for entry in slow:
        if entry.get("client_name") == b"bullmq_exporter":
            took.setdefault(entry["command"].split()[0].decode().upper(), []).append(entry["duration"] / 1000)
    say("  slowest by command (SLOWLOG, from 0.2 ms on; it is time on the clock, so one that costs nothing shows what the "
        "machine adds): " + ", ".join(f"{name} {max(all_ms):.2f} ms" for name, all_ms in took.items()))
    for name in took:
        stats = calls[name.lower()]
        say(f"  {name}: {stats['calls']} calls of {stats['usec_per_call']:.0f} µs on average, "
            f"{sum(ms > 5 for ms in took[name])} above 5 ms")
    return [Row.at_most("slowest command beside 1,000,000 kept jobs", max(map(max, took.values()), default=0.2), 5.0, " ms")]
