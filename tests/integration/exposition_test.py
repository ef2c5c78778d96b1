"""What the exporter exposes, read by the parsers that users have: promtool, Prometheus, prometheus_client."""

import gzip
import os
import pathlib
import re
import subprocess
import zlib

import prometheus_client.openmetrics.parser
import prometheus_client.parser
import pytest

PROMTOOL = pathlib.Path(os.environ["BULLMQ_TEST_BIN"]) / os.environ.get("PROMTOOL", "promtool")
GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
COMPATIBILITY = ["bullmq", "bull_exporter"]

# What the hostile queues are shown as.
SHOWN_QUEUES = {
    "emails",
    "line\nfeed",
    'quote"back\\slash',
    "café 😀",
    "invalid \\xFF\\xC3",
    "\\x5CxFF",
    "nul\\x00 and others \r\t\x7f",
    "",
    '{curly="braces"} 1 # EOF',
    # printf 'q%.0s' $(seq 65536) | sha256sum, and the same with an r after it
    "q" * 240 + "…" + "418c410a",
    "q" * 240 + "…" + "23eb71a5",
}


def dump(*words):
    return subprocess.run([os.environ["EXPOSITION_DUMP"], *words], check=True, capture_output=True).stdout


def text(*words):
    return dump(*words).decode()


def samples(families):
    """{(name, sorted labels): value} without what changes by itself."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.startswith("process_")
    }


def parsed_text(page):
    return list(prometheus_client.parser.text_string_to_metric_families(page))


def parsed_openmetrics(page):
    return list(prometheus_client.openmetrics.parser.text_string_to_metric_families(page))


@pytest.mark.parametrize("words", [[], ["hostile"]])
def test_promtool_finds_no_fault(words):
    check = subprocess.run(
        [PROMTOOL, "check", "metrics"], input=dump("text", "plain", *words), capture_output=True
    )
    assert (check.returncode, check.stdout, check.stderr) == (0, b"", b"")


def test_both_formats_say_the_same_to_python():
    from_text = samples(parsed_text(text("text", "plain", "hostile")))
    from_openmetrics = samples(parsed_openmetrics(text("openmetrics", "plain", "hostile")))
    assert len(from_text) > 400
    assert from_text == from_openmetrics


def test_hostile_names_arrive_as_shown():
    families = parsed_openmetrics(text("openmetrics", "plain", "hostile"))
    up = next(family for family in families if family.name == "bullmq_queue_up")
    assert {s.labels["queue"] for s in up.samples if s.labels["redis"] == "other\\xFE"} == SHOWN_QUEUES
    assert {s.value for s in up.samples} == {1}


@pytest.mark.parametrize("format", ["text", "openmetrics"])
def test_gzip_is_one_member_with_the_same_text(format):
    def stable(page):
        return re.sub(r"(?m)^process_\S+ .*$", "", page)

    packed = dump(format, "gzip", "hostile")
    assert stable(gzip.decompress(packed).decode()) == stable(text(format, "plain", "hostile"))
    # Some clients read the first member only.
    member = zlib.decompressobj(wbits=31)
    member.decompress(packed)
    assert member.eof and member.unused_data == b""


def test_prometheus_itself_takes_every_series(tmp_path):
    """Prometheus' own parser, by way of promtool, which wants samples with a time."""
    page = "".join(
        line if line.startswith("#") else line.removesuffix("\n") + " 1764000000\n"
        for line in re.findall(r"[^\n]*\n", text("openmetrics", "plain", "hostile"))
    )
    (tmp_path / "page.om").write_bytes(page.encode())
    data = tmp_path / "data"
    (data / "wal").mkdir(parents=True)
    subprocess.run(
        [PROMTOOL, "tsdb", "create-blocks-from", "openmetrics", tmp_path / "page.om", data],
        check=True,
        capture_output=True,
    )
    # In the folder of `data`, where newer versions make a sandbox.
    dump = [PROMTOOL, "tsdb", "dump", "data"]
    stored = subprocess.run(dump, cwd=tmp_path, check=True, capture_output=True).stdout.decode()
    lines = page.removesuffix("\n").split("\n")
    assert stored.count("\n") == sum(not line.startswith("#") for line in lines)
    assert '{__name__="bullmq_queue_up", prefix="bull", queue="line\\nfeed", redis="other\\\\xFE"} 1' in stored


@pytest.mark.parametrize("format", ["text", "openmetrics"])
def test_golden(format):
    """The whole page, byte for byte, less what depends on build and moment. To renew: UPDATE_GOLDEN=1."""
    page = "".join(
        line
        for line in re.findall(r"[^\n]*\n", text(format, "plain", *COMPATIBILITY))
        if not re.match(r"(# (HELP|TYPE) )?(process_|bullmq_exporter_build_info)", line)
    )
    golden = GOLDEN / f"metrics.{format}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(page)
    assert page == golden.read_text()
