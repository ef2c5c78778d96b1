"""A real kube-apiserver with its etcd on free ports of the loopback, in a folder of its own: Kubernetes' API without controllers,
so that what is installed stays as it was sent, and nothing runs."""

import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chart.helm import TOOLS

TOKEN = "token-of-the-tests"


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Cluster:
    """`with Cluster() as cluster:` … `cluster.kubeconfig`, `cluster.kubectl("get", "pods")`."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bullmq_exporter_kube_"))
        self.kubeconfig = self.folder / "kubeconfig"
        self._processes = []
        self._kinds = []
        try:
            for _ in range(5):  # somebody else may take a port before it is bound
                if self._start():
                    return
            raise AssertionError(f"does not start:\n{self._log_end()}")
        except BaseException:
            self.close()
            raise

    def _start(self):
        etcd, peer, port = free_ports(3)
        shutil.rmtree(self.folder / "etcd", ignore_errors=True)
        self._spawn("etcd", "--data-dir", self.folder / "etcd", "--unsafe-no-fsync",
                    f"--listen-client-urls=http://127.0.0.1:{etcd}", f"--advertise-client-urls=http://127.0.0.1:{etcd}",
                    f"--listen-peer-urls=http://127.0.0.1:{peer}", f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
                    f"--initial-cluster=default=http://127.0.0.1:{peer}")  # fmt: skip
        key = self.folder / "service-account.key"
        key.write_bytes(rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))  # fmt: skip
        (self.folder / "tokens.csv").write_text(f"{TOKEN},admin,admin,system:masters\n")
        self._spawn("kube-apiserver", f"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1",
                    "--advertise-address=127.0.0.1", f"--secure-port={port}", f"--cert-dir={self.folder}/certificates",
                    f"--token-auth-file={self.folder}/tokens.csv", "--authorization-mode=RBAC",
                    "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-key-file={key}",
                    f"--service-account-signing-key-file={key}", "--service-cluster-ip-range=10.0.0.0/24",
                    "--endpoint-reconciler-type=none",
                    # Where it is allowed, it is the Pod Security Standard alone that can refuse.
                    "--allow-privileged=true")  # fmt: skip
        self.server = f"https://127.0.0.1:{port}"
        if not self._wait_until_ready():
            self._end_processes()
            return False
        self._write_kubeconfig()
        return True

    def _spawn(self, program, *words):
        with open(self.folder / f"{program}.log", "ab") as log:
            self._processes.append(subprocess.Popen([TOOLS / program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def _wait_until_ready(self, timeout=120):
        request = urllib.request.Request(f"{self.server}/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
        anyone = ssl._create_unverified_context()
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and all(process.poll() is None for process in self._processes):
            try:
                with urllib.request.urlopen(request, timeout=5, context=anyone):
                    return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        return False

    def _write_kubeconfig(self):
        ca = self.folder / "certificates/apiserver.crt"
        cluster = {"name": "c", "cluster": {"server": self.server, "certificate-authority": str(ca)}}
        context = {"name": "c", "context": {"cluster": "c", "user": "admin"}}
        user = {"name": "admin", "user": {"token": TOKEN}}
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "c", "clusters": [cluster], "contexts": [context], "users": [user]}
        self.kubeconfig.write_text(yaml.safe_dump(config))

    def _log_end(self):
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in self.folder.glob("*.log"))

    def kubectl(self, *words, stdin=None, check=True):
        done = subprocess.run(
            [TOOLS / "kubectl", "--kubeconfig", self.kubeconfig, *map(str, words)],
            env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"}, input=stdin, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"kubectl {words}\n{done.stderr}"
        return done

    def get(self, kind, namespace, name=None):
        """The objects of a kind, or the one of a name."""
        found = json.loads(self.kubectl("--namespace", namespace, "get", kind, *([name] if name else []), "--output", "json").stdout)
        return found if name else found["items"]

    def everything(self, namespace):
        """{(kind, name)} of all that a namespace holds, of every kind that there is, but for the events."""
        if not self._kinds:
            kinds = self.kubectl("api-resources", "--verbs=list", "--namespaced", "--output=name").stdout.split()
            self._kinds = [kind for kind in kinds if not kind.startswith("events")]
        found = self.kubectl("--namespace", namespace, "get", ",".join(self._kinds), "--output", "json", "--ignore-not-found").stdout
        items = json.loads(found)["items"] if found.strip() else []
        return {(item["kind"], item["metadata"]["name"]) for item in items}

    def namespace(self, name, level="restricted"):
        """A namespace that enforces a level of the Pod Security Standards, and warns of what it refuses."""
        modes = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "warn", "audit")}
        self.kubectl("create", "-f", "-", stdin=yaml.safe_dump({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": modes}}))
        return name

    def _end_processes(self):
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes = []

    def close(self):
        self._end_processes()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
