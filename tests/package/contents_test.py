"""What is in Debian's package and in the tarball."""

import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

PACKAGES = Path(os.environ["PACKAGES"])
ROOT = Path(__file__).resolve().parents[2]
VERSION = re.search(r"project\(bullmq_exporter VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
# What lintian may say, and why.
ALLOWED = {
    "malformed-contact": "there is no public address of a maintainer",
    "no-changelog": "Debian's form of it wants a maintainer with an address; CHANGELOG.md is there instead",
}


def only(pattern):
    found = list(PACKAGES.glob(pattern))
    assert len(found) == 1, found
    return found[0]


def output(*words):
    return subprocess.run(list(map(str, words)), check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def deb():
    return only("*.deb")


def test_the_package_has_every_file_at_its_place(deb):
    listed = [line.split(None, 5) for line in output("dpkg-deb", "--contents", deb).splitlines()]
    files = {path.removeprefix("."): mode for mode, _, _, _, _, path in listed if not path.endswith("/")}
    assert files == {
        "/etc/bullmq_exporter/exporter.yaml": "-rw-r--r--",
        "/usr/bin/bullmq_exporter": "-rwxr-xr-x",
        "/usr/lib/systemd/system/bullmq_exporter.service": "-rw-r--r--",
        "/usr/share/bash-completion/completions/bullmq_exporter": "-rw-r--r--",
        "/usr/share/doc/bullmq-exporter/CHANGELOG.md.gz": "-rw-r--r--",
        "/usr/share/doc/bullmq-exporter/copyright": "-rw-r--r--",
        "/usr/share/doc/bullmq-exporter/examples/redis-6.2.acl": "-rw-r--r--",
        "/usr/share/doc/bullmq-exporter/examples/redis-7.acl": "-rw-r--r--",
        "/usr/share/man/man1/bullmq_exporter.1.gz": "-rw-r--r--",
        "/usr/share/zsh/vendor-completions/_bullmq_exporter": "-rw-r--r--",
    }
    assert {owner for _, owner, *_ in listed} == {"root/root"}


def test_the_configuration_is_the_operators(deb):
    assert output("dpkg-deb", "--info", deb, "conffiles").split() == ["/etc/bullmq_exporter/exporter.yaml"]


def owners(library):
    """The packages, and what they provide, that a library is of: known by its path before or after /lib became a link to /usr/lib."""
    names = set()
    for path in (library, os.path.realpath(library), f"/usr{library}", os.path.realpath(library).removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "--search", path], capture_output=True, text=True).stdout
        names |= {line.split(":")[0] for line in found.splitlines()}
    for name in list(names):
        provided = output("dpkg-query", "--show", "--showformat", "${Provides}", name)
        names |= {part.split()[0] for part in provided.split(",") if part}
    return names


def test_it_depends_on_what_the_program_links_to(deb):
    depends = {part.split()[0] for part in output("dpkg-deb", "--field", deb, "Depends").split(", ")}
    loaded = dict(re.findall(r"(\S+) => (\S+)", output("ldd", PACKAGES / "bullmq_exporter")))
    linked = loaded.keys() & re.findall(r"\(NEEDED\).*\[(\S+)\]", output("readelf", "--dynamic", PACKAGES / "bullmq_exporter"))
    assert len(linked) > 5
    missing = {library for library in linked if not owners(loaded[library]) & depends}
    # The first is no library of its own for whoever links to the second.
    assert missing <= {"libgcc_s.so.1", "libm.so.6"}
    assert depends <= set().union(*map(owners, loaded.values()))


def test_no_maintainer_is_invented(deb):
    assert output("dpkg-deb", "--field", deb, "Maintainer").strip() == "bullmq_exporter"


def test_lintian(deb):
    said = subprocess.run(["lintian", "--allow-root", "--tag-display-limit", "0", deb], capture_output=True, text=True)
    tags = re.findall(r"^([EW]): \S+: (\S+)(.*)$", said.stdout, re.MULTILINE)
    assert [tag for tag in tags if tag[1] not in ALLOWED] == []
    assert {tag for _, tag, _ in tags} == set(ALLOWED), "an exception that is needed no more"


def test_the_program_is_hardened(deb, tmp_path):
    output("dpkg-deb", "--extract", deb, tmp_path)
    program = tmp_path / "usr/bin/bullmq_exporter"
    dynamic = output("readelf", "--dynamic", program)
    assert "BIND_NOW" in dynamic and "PIE" in dynamic
    assert "GNU_RELRO" in output("readelf", "--program-headers", "--wide", program)
    symbols = output("readelf", "--dyn-syms", "--wide", program)
    assert "__stack_chk_fail" in symbols and re.search(r"__\w+_chk@", symbols)
    assert ".symtab" not in output("readelf", "--sections", "--wide", program)


def test_the_man_page_is_clean():
    page = ROOT / "packaging/help/bullmq_exporter.1"
    said = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True).stdout
    assert [line for line in said.splitlines() if "missing date" not in line] == []
    rendered = output("man", "--local-file", page)
    assert f"bullmq_exporter {VERSION}" in rendered and "--redis.addr" in rendered


def test_the_tarball_runs_where_it_is_unpacked(tmp_path):
    with tarfile.open(only("*.tar.gz")) as tar:
        tar.extractall(tmp_path, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert folder.name == f"bullmq_exporter-{VERSION}-linux-{os.uname().machine}"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "bin/bullmq_exporter",
        "lib/systemd/system/bullmq_exporter.service",
        "share/bash-completion/completions/bullmq_exporter",
        "share/zsh/site-functions/_bullmq_exporter",
        "share/man/man1/bullmq_exporter.1.gz",
        *(f"share/doc/bullmq_exporter/{name}"
          for name in ("CHANGELOG.md", "LICENSE", "exporter.yaml", "redis-6.2.acl", "redis-7.acl")),
    }
    assert f"version {VERSION}" in output(folder / "bin/bullmq_exporter", "--version")
    output(folder / "bin/bullmq_exporter", "check-config", folder / "share/doc/bullmq_exporter/exporter.yaml")
    unit = (folder / "lib/systemd/system/bullmq_exporter.service").read_text()
    assert "ExecStart=/usr/local/bin/bullmq_exporter " in unit  # where docs unpack it


def test_installing_writes_into_its_prefix_alone(tmp_path):
    environment = {**os.environ, "DESTDIR": str(tmp_path)}
    subprocess.run(["cmake", "--install", PACKAGES], check=True, capture_output=True, env=environment)
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert Path("usr/local/bin/bullmq_exporter") in files
    assert [path for path in files if path.parts[:2] != ("usr", "local")] == []
