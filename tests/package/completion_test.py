"""The completion of zsh in a real zsh."""

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from pathlib import Path

import pytest

from support.exporter import run

FOLDER = Path(__file__).resolve().parents[2] / "packaging" / "help"
SETUP = (f"PS1='rea''dy> ' PS2= RPS1=; fpath=({FOLDER} $fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=0; "
         "bindkey '^I' list-choices; unset zle_bracketed_paste; unsetopt prompt_cr prompt_sp\n")


@pytest.fixture(scope="module")
def shell():
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 500, 1000, 0, 0))  # no list is too long to show
        os.execvpe("zsh", ["zsh", "-f", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "LANG": "C.UTF-8"})

    def read_until(pattern, timeout=60):
        seen = ""
        deadline = time.monotonic() + timeout
        while not re.search(pattern, seen, re.DOTALL):
            ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"zsh never said {pattern!r}: {seen!r}"
            seen += os.read(terminal, 65536).decode(errors="replace")
        return seen

    def complete(line):
        """What is listed when TAB is typed after the line, which zsh shows once more below the list."""
        os.write(terminal, f"{line}\t".encode())
        shown = re.escape(line)
        listed = read_until(f"{shown}.*ready> {shown}").split(line)[1]
        os.write(terminal, b"\x15print -r -- do''ne\n")  # Ctrl-U: the line is thrown away
        read_until("done\r\n.*ready> ")  # from then on zsh takes keys
        return listed

    os.write(terminal, SETUP.encode())
    read_until("ready> ")
    yield complete
    os.write(terminal, b"\x04")
    os.close(terminal)
    os.waitpid(pid, 0)


HELP = run("--help").stdout
SUB_COMMANDS = HELP.split("Sub-commands\n")[1].split("\n\n")[0]
FLAGS = set(re.findall(r"^  (--[a-z.-]+)", HELP, re.MULTILINE))


def flags(text):
    return set(re.findall(r"(?<![^\s])(--[a-z.-]+)", re.sub(r" -- .*", "", text, flags=re.MULTILINE)))


def test_flags(shell):
    assert flags(shell("bullmq_exporter --")) == FLAGS


def test_sub_commands(shell):
    listed = re.findall(r"^([a-z-]+) +-- ", shell("bullmq_exporter "), re.MULTILINE)
    assert set(listed) == set(re.findall(r"^  ([a-z-]+)", SUB_COMMANDS, re.MULTILINE))


def test_flags_of_a_sub_command(shell):
    entry = SUB_COMMANDS.split("  new-key")[1].split("\n  healthcheck")[0]
    own = set(re.findall(r"^    (--[a-z-]+)", entry, re.MULTILINE))
    assert own and flags(shell("bullmq_exporter new-key --")) == FLAGS | own
    assert own <= flags(shell("bullmq_exporter --log.level=info new-key --"))


def test_values(shell):
    assert {"debug", "info", "warn", "error"} <= set(shell("bullmq_exporter --log.level=").split())


def test_files(shell, tmp_path):
    (tmp_path / "first.yaml").touch()
    (tmp_path / "second.yaml").touch()
    for words in ("--config.file=", "check-config ", "new-key --keys-file="):
        assert {"first.yaml", "second.yaml"} <= set(shell(f"bullmq_exporter {words}{tmp_path}/").split())
