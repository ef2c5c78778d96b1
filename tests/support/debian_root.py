"""A minimal Debian in a folder, in which commands run as they would on a machine of its own; its network is this machine's."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

# The release that this machine runs, for which packages are made here.
SUITE = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(), re.MULTILINE).group(1)
APT_GET = ("apt-get", "-y", "-qq", "--no-install-recommends")
ENVIRONMENT = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
# Mounts and processes are in namespaces of their own and end with the command. The shell stays their first process: one that changes its
# user would no longer be killed with its parent.
ENTER = """
root=$1; shift
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
status=0
chroot "$root" "$@" || status=$?
exit $status
"""


def enter(folder, words):
    """The command line that runs `words` in the system below `folder`."""
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, "sh", str(folder),
            *ENVIRONMENT, *map(str, words)]


class DebianRoot:
    def __init__(self, tar):
        assert os.geteuid() == 0, "tests that make a Debian of their own run as root"
        self.folder = Path(tempfile.mkdtemp(prefix="bullmq_exporter_root_"))
        try:
            subprocess.run(["tar", "-C", self.folder, "-xf", tar], check=True)
            subprocess.run(["chmod", "755", self.folder], check=True)
            for name in ("resolv.conf", "hosts"):
                self.copy_in(f"/etc/{name}", f"/etc/{name}")
        except BaseException:
            self.close()
            raise

    def path(self, inside):
        return self.folder / str(inside).lstrip("/")

    def copy_in(self, source, inside):
        subprocess.run(["install", "-D", "-m", "644", source, self.path(inside)], check=True)

    def write(self, inside, text):
        subprocess.run(["install", "-D", "-m", "644", "/dev/stdin", self.path(inside)], input=text, text=True,
                       check=True)

    def run(self, *words):
        return subprocess.run(enter(self.folder, words), stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def must(self, *words):
        """Its standard output; the test fails where it does not end with 0."""
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def files(self):
        """Every path there is."""
        return set(self.must("find", "/", "-xdev", "-not", "-path", "/proc/*", "-not", "-path", "/dev/*").splitlines())

    def close(self):
        shutil.rmtree(self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
