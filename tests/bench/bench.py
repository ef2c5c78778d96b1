"""Runs benchmarks and prints their goals and results as one table. See scripts/bench."""

import argparse
import signal
import sys
import time

from bench import http_benchmarks, memory_benchmark, poll_benchmarks
from bench.machine import describe, say
from bench.table import format_table

BENCHMARKS = {
    "poll": poll_benchmarks.poll,
    "export": poll_benchmarks.export,
    "kept": poll_benchmarks.kept,
    "scrape": http_benchmarks.scrape,
    "api": http_benchmarks.api,
    "memory": memory_benchmark.memory,
    "start": http_benchmarks.start,
    "stall": poll_benchmarks.stall,
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    # An orderly end: what was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    say(describe())
    rows, failures = [], []
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        say(f"\n{name}: {benchmark.__doc__}")
        begin = time.monotonic()
        try:
            rows += benchmark(options.quick)
        except (RuntimeError, AssertionError, OSError) as error:
            failures.append(name)
            say(f"  could not be measured: {error}")
        say(f"  ({time.monotonic() - begin:.0f} s)")
    say("\n" + format_table(rows))
    if failures:
        say(f"\ncould not be measured: {', '.join(failures)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
