"""Resident memory after an hour's worth of polls and scrapes, at ten times the pace."""

import threading
import time

from bench.machine import TWENTY_JOBS, FilledRedis, resident_mb, say, wait_for_queues
from bench.table import Row
from support.exporter import Exporter

POLLS_OF_AN_HOUR = 720  # each 5 s
SCRAPES_OF_AN_HOUR = 240  # each 15 s
PACE = 10
LIMITS_MB = {100: 14.0, 1000: 17.0, 10_000: 45.0}


def memory(quick):
    """Resident memory at 100, 1,000 and 10,000 queues, side by side."""
    results = {}
    threads = [threading.Thread(target=_measure, args=(queues, quick, results)) for queues in LIMITS_MB]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for queues, limit in LIMITS_MB.items():
        if isinstance(results[queues], Exception):
            raise results[queues]
        resident, peak, polls = results[queues]
        say(f"  {queues} queues: resident {resident:.1f} MB, peak {peak:.1f} MB, after {polls:.0f} polls")
    return [row for queues, limit in LIMITS_MB.items() for row in (
        Row.at_most(f"resident memory, {queues:,} queues", results[queues][0], limit, " MB"),
        Row.shown(f"peak of it, {queues:,} queues", results[queues][1], " MB"))]


def _measure(queues, quick, results):
    try:
        results[queues] = _run(queues, quick)
    except Exception as error:  # the caller's thread raises it
        results[queues] = error


def _run(queues, quick):
    with FilledRedis({"queues": queues, "states": TWENTY_JOBS}) as redis, \
            Exporter(f"--redis.addr={redis.url}", f"--poll.interval={5000 // PACE}ms") as exporter:
        wait_for_queues(exporter, queues)
        seconds = 3600 / PACE / (10 if quick else 1)
        end = time.monotonic() + seconds
        encodings = [{"Accept-Encoding": "gzip"}, {}]
        scrapes = 0
        while time.monotonic() < end:
            status, _, _ = exporter.get("/metrics", headers=encodings[scrapes % 2])
            if status != 200:
                raise RuntimeError(f"/metrics answers {status}")
            scrapes += 1
            time.sleep(3600 / SCRAPES_OF_AN_HOUR / PACE)
        resident, peak = resident_mb(exporter.pid)
        polls = sum(float(line.rsplit(" ", 1)[1]) for line in exporter.metrics().splitlines()
                    if line.startswith("bullmq_exporter_poll_duration_seconds_count{"))
        return resident, peak, polls
