"""Runs clang-tidy over what a build compiled: tidy.py BUILD CLANG_TIDY [FILE...]

A file that was clean is not looked at again until it, a header that it includes, its command or .clang-tidy changes: what was seen
clean is remembered by a digest of all of them, for all checkouts of the user. The headers are those that ninja noted, so build first.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
CLEAN = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "bullmq_exporter/tidy"


def noted_headers(build):
    """Object file -> files that it was made from, as ninja noted them."""
    text = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    headers, current = {}, None
    for line in text.splitlines():
        if line.startswith("    "):
            current.append(line.strip())
        elif ": #deps" in line:
            current = headers.setdefault(line.split(":")[0], [])
    return headers


class Digests:
    """Digests of files: contents of the project's own, size and time of the system's."""

    def __init__(self, build):
        self._build = build
        self._known = {}

    def of(self, name):
        if name not in self._known:
            path = self._build / name
            if path.resolve().is_relative_to(ROOT):
                self._known[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                status = path.stat()
                self._known[name] = f"{status.st_size} {status.st_mtime_ns}"
        return self._known[name]


def output_of(entry):
    words = shlex.split(entry["command"])
    return words[words.index("-o") + 1]


def relative(text):
    return text.replace(str(ROOT), ".")


def key(entry, headers, digests, always):
    digest = hashlib.sha256(always.encode())
    digest.update(relative(entry["command"]).encode())
    for name in sorted({entry["file"], *headers.get(output_of(entry), [])}):
        digest.update(f"{relative(name)} {digests.of(name)}\n".encode())
    return digest.hexdigest()


def tidy(tool, build, entry):
    started = time.monotonic()
    run = subprocess.run([tool, "-p", build, "--quiet", entry["file"]], capture_output=True, text=True)
    return entry, run.returncode, run.stdout + run.stderr, time.monotonic() - started


def main():
    build, tool, wanted = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], {str(ROOT / f) for f in sys.argv[3:]}
    started = time.monotonic()
    always = subprocess.run([tool, "--version"], check=True, capture_output=True, text=True).stdout
    always += "".join((ROOT / folder / ".clang-tidy").read_text() for folder in ("", "tests"))
    CLEAN.mkdir(parents=True, exist_ok=True)
    headers, digests = noted_headers(build), Digests(build)

    entries = [e for e in json.loads((build / "compile_commands.json").read_text())
               if (e["file"] in wanted or not wanted) and not pathlib.Path(e["file"]).is_relative_to(build)]
    if not entries:
        sys.exit("tidy: the build knows none of these files")
    keys = {e["file"]: key(e, headers, digests, always) for e in entries}
    todo = [e for e in entries if not (CLEAN / keys[e["file"]]).exists()]

    faulty = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry, code, output, seconds in pool.map(lambda e: tidy(tool, build, e), todo):
            name = pathlib.Path(entry["file"]).relative_to(ROOT)
            print(f"tidy: {'faults' if code else 'clean '} {seconds:5.1f} s  {name}", flush=True)
            if code:
                faulty += 1
                print("\n".join(l for l in output.splitlines() if not l.endswith(" generated.")), flush=True)
            else:
                (CLEAN / keys[entry["file"]]).touch()
    print(f"tidy: {len(entries)} files, {len(entries) - len(todo)} of them known to be clean, {faulty} with faults, "
          f"{time.monotonic() - started:.0f} s")
    sys.exit(1 if faulty else 0)


main()
