"""Man page and completions say what --help says."""

import re
import runpy
import subprocess
from pathlib import Path

import pytest

from support.exporter import PROGRAM, run

HELP = Path(__file__).resolve().parents[2] / "packaging" / "help"
TEXT = run("--help").stdout
FLAGS = set(re.findall(r"^ +(--[a-z.-]+)", TEXT, re.MULTILINE))
COMMANDS = set(re.findall(r"^  ([a-z-]+) ", TEXT.split("Sub-commands\n")[1].split("\n\n")[0], re.MULTILINE))


@pytest.mark.parametrize("name", ["bullmq_exporter.1", "bullmq_exporter.bash", "_bullmq_exporter"])
def test_they_are_up_to_date(name):
    made = runpy.run_path(str(HELP / "generate"))["files"](PROGRAM)
    assert (HELP / name).read_text() == made[name], f"run packaging/help/generate {PROGRAM}"


def test_the_man_page_has_every_flag_and_sub_command():
    page = (HELP / "bullmq_exporter.1").read_text().replace(r"\-", "-")
    assert set(re.findall(r"^\\fB(--[a-z.-]+)", page, re.MULTILINE)) == FLAGS
    assert set(re.findall(r"^\\fB([a-z][a-z-]+)", page, re.MULTILINE)) == COMMANDS


def complete(*words):
    """What bash offers for the last of the words, of which "=" is one."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _bullmq_exporter; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-euc", script, "bash", HELP / "bullmq_exporter.bash", "bullmq_exporter", *words],
                          capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def flags_of(command):
    """The flags that --help shows below a sub-command."""
    entry = re.search(rf"^  {command} .*?(?=^  \S|^$)", TEXT, re.MULTILINE | re.DOTALL).group()
    return set(re.findall(r"^    (--[a-z.-]+)", entry, re.MULTILINE))


def test_bash_offers_flags_and_sub_commands():
    own = set().union(*map(flags_of, COMMANDS))
    offered = {word.rstrip("=") for word in complete("")}
    assert offered == (FLAGS - own | flags_of("check-config")) | COMMANDS | {"-h"}
    assert own and not own & offered


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_bash_offers_the_flags_of_a_sub_command(command):
    offered = {word.rstrip("=") for word in complete(command, "--")}
    everywhere = {word.rstrip("=") for word in complete("--")}
    assert offered == everywhere | flags_of(command)


def test_bash_offers_values_that_the_program_takes():
    for flag in ("--log.level", "--log.format"):
        values = complete(flag, "=", "")
        assert values == complete(flag, "=") == complete(flag, "") and len(values) > 1
        for value in values:
            assert run(f"{flag}={value}", "--redis.prefix=").stderr.startswith("--redis.prefix")  # its only fault
    assert complete("--log.level", "=", "d") == {"debug"}


def test_bash_offers_files(tmp_path):
    (tmp_path / "exporter.yaml").touch()
    expected = {str(tmp_path / "exporter.yaml")}
    assert complete("--config.file", "=", f"{tmp_path}/e") == expected
    assert complete("--config.file", f"{tmp_path}/e") == expected
    assert complete("new-key", "--keys-file", "=", f"{tmp_path}/e") == expected
    assert complete("check-config", f"{tmp_path}/e") == expected
    assert complete("--poll.interval", "=", "") == set()
