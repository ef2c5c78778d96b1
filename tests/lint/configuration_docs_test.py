"""docs/configuration.md says of the flags and sub-commands what --help says."""

import re
from pathlib import Path

import yaml

from support.exporter import run

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "configuration.md").read_text()


def flags_of_help():
    """The program's own flags with their defaults: those that are not of a sub-command."""
    text = run("--help").stdout
    entries = re.split(r"^  (?=--)", text, flags=re.MULTILINE)[1:]
    flags = {}
    for entry in entries:
        words = " ".join(entry.split("\n\n")[0].split())
        name = re.match(r"--[a-z.-]+", words).group()
        default = re.search(r"\(default (.+?)\)$", words)
        flags[name] = default.group(1) if default else None
    del flags["--help"], flags["--version"]
    return flags


def test_flags_and_defaults():
    rows = re.findall(r"^\| `(--[a-z.-]+)` \| (.+?) \|", DOCS, re.MULTILINE)
    documented = {name: default.strip("`") for name, default in rows}
    assert len(rows) == len(documented)
    assert documented == flags_of_help()


def test_sub_commands_and_their_flags():
    section = run("--help").stdout.split("Sub-commands\n")[1].split("\n\n")[0]
    commands = re.findall(r"^  ([a-z-]+)", section, re.MULTILINE)
    table = DOCS.split("## Sub-commands")[1]
    assert re.findall(r"^\| `([a-z-]+)[ `]", table, re.MULTILINE) == commands
    for flag in re.findall(r"^    (--[a-z-]+)", section, re.MULTILINE):
        assert f"{flag} " in table or f"{flag}`" in table, flag


def test_the_example_is_valid(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    assert yaml.safe_load(example)
    path = tmp_path / "example.yaml"
    path.write_text(example)
    assert run("check-config", path).stderr == ""
