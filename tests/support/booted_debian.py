"""A minimal Debian whose systemd runs, as in a container; its network is this machine's."""

import subprocess
from pathlib import Path

from support.debian_root import ENVIRONMENT, DebianRoot
from support.watched_exporter import wait_until

# Becomes the first process of the system below $1, in a control group of its own, which is all that systemd sees of them.
BOOT = """
root=$1 group=$2
mount -t cgroup2 cgroup2 "$root/mnt"
mkdir "$root/mnt/$group"
echo $$ > "$root/mnt/$group/cgroup.procs"
umount "$root/mnt"
exec unshare --mount --pid --fork --kill-child --uts --ipc --cgroup sh -ec "$3" sh "$root"
"""
FIRST_PROCESS = """
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
pivot_root . mnt
umount -l /mnt
mount --make-rshared /  # systemd mounts credentials elsewhere first
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
"""
END = """
mount -t cgroup2 cgroup2 "$1/mnt"
group=$1/mnt/$2
echo 1 > "$group/cgroup.kill"
while grep -qx 'populated 1' "$group/cgroup.events"; do sleep 0.05; done
find "$group" -depth -type d -exec rmdir {} ';'
"""


class BootedDebian(DebianRoot):
    """Install systemd, then `boot`: from then on `run` and `must` run their commands beside it."""

    def __init__(self, tar):
        super().__init__(tar)
        self.unshare = None
        self.log = Path(f"{self.folder}.log")

    def boot(self):
        with open(self.log, "wb") as log:
            self.unshare = subprocess.Popen(
                ["unshare", "--mount", "sh", "-ec", BOOT, "sh", self.folder, self.folder.name, FIRST_PROCESS],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._is_up, f"systemd in {self.folder}", 120)

    def _is_up(self):
        assert self.unshare.poll() is None, self.log.read_text()
        # `degraded`: a unit of the machine itself has failed, such as the one that loads kernel modules.
        return self._first_process() and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def _first_process(self):
        pid = self.unshare.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            return None
        return int(children[0]) if children else None

    def run(self, *words):
        if self.unshare is None:
            return super().run(*words)
        enter = ["nsenter", f"--target={self._first_process()}", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wdns=/"]
        return subprocess.run([*enter, *ENVIRONMENT, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def close(self):
        if self.unshare is not None:
            subprocess.run(["unshare", "--mount", "sh", "-ec", END, "sh", self.folder, self.folder.name], check=True)
            self.unshare.wait()
            self.log.unlink()
        super().close()
