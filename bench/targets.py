"""What is measured: the processes, started on free ports and ended by id, and the requests sent to each."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = Path(os.environ.get("BENCH_HOME", ""))
KEY = "sk-bench-" + secrets.token_hex(8)
WAIT_SECONDS = 90


@dataclass
class Target:
    """A place to send a chat request to; `kib` makes its prompt longer by about that much."""

    name: str
    url: str
    pid: int
    model: str = ""  # left out of the body when empty
    key: str = ""
    headers: dict = field(default_factory=dict)
    kib: int = 0
    wish: str = ""  # for the provider, in the request's text: bench-wait=2s, bench-every=250ms

    def like(self, name, **changes):
        return replace(self, name=name, **changes)

    def request(self, stream=False):
        """The plan's entry for this target."""
        body = {"model": self.model} if self.model else {}
        body["messages"] = [
            {"role": "system", "content": "You are a careful assistant. " * 6},
            {"role": "user", "content": "Answer the question from the context. " * (8 + 27 * self.kib) + self.wish},
        ]
        body |= {"temperature": 0.2, "max_tokens": 256}
        if stream:
            body["stream"] = True
        entry = {"Name": self.name, "URL": self.url, "Key": self.key, "Headers": self.headers}
        return entry | {"Body": body, "Pid": self.pid}

    def answers(self):
        headers = {"Content-Type": "application/json"} | self.headers
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(self.url, json.dumps(self.request()["Body"]).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False


class NoAnswer(Exception):
    """A process ended, or answered no call in time."""


class Bench:
    """Every process of one run. Use as a context: leaving it ends them all."""

    def __init__(self, folder, gateway):
        self.folder = Path(folder)
        self.gateway = gateway  # of kind gateways.Gateway: how it is started
        self.processes = []
        self.environment = {**os.environ, "BENCH_PROVIDER_KEY": KEY}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            end(process)

    def start_provider(self):
        process, port = self._announced([TOOLS / "provider"], "provider")
        self.provider_url = f"http://127.0.0.1:{port}"
        return Target("direct", f"{self.provider_url}/v1/chat/completions", process.pid, "mock-model", KEY)

    def start_nginx(self):
        port = free_port()
        values = {"FOLDER": self.folder, "PROVIDER": self.provider_url.rsplit(":", 1)[1], "PORT": port, "KEY": KEY}
        config = self.filled("nginx.conf", values)
        process = self.spawn([shutil.which("nginx"), "-c", config, "-p", self.folder], "nginx")
        return self.ready(Target("nginx", f"http://127.0.0.1:{port}/v1/chat/completions", process.pid, "mock-model"))

    def start_reference(self):
        process, port = self._announced([TOOLS / "reference", "-provider", self.provider_url], "reference")
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        return self.ready(Target("Go net/http", url, process.pid, "mock-model"))

    def start_gateway(self, name="gateway, /v1", config="gateway.yaml", java_options=None, archive=None):
        """Its OpenAI surface, and the seconds from starting it to the first answered call."""
        port = free_port()
        path = self.filled(config, {"PROVIDER": self.provider_url})
        command = self.gateway.command(path, port, java_options, archive)
        begun = time.monotonic()
        process = self.spawn(command, "gateway")
        target = Target(name, f"http://127.0.0.1:{port}/v1/chat/completions", process.pid, "chat")
        return self.ready(target), time.monotonic() - begun

    def provider_stats(self):
        with urllib.request.urlopen(f"{self.provider_url}/stats", timeout=10) as answer:
            return json.load(answer)

    def end_of(self, target):
        process = next(process for process in self.processes if process.pid == target.pid)
        self.processes.remove(process)
        end(process)

    def filled(self, name, values):
        """One of our files with its @…@ filled in."""
        text = (HERE / name).read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        path = self.folder / "config" / name  # apart from the logs: the gateway watches the folder of its file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def spawn(self, command, name, stdout=None, environment=None):
        with open(self.folder / f"{name}.out", "ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                env={**self.environment, **(environment or {})},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=stdout or log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _announced(self, command, name):
        """A process of ours that prints the port it took."""
        process = self.spawn(command, name, subprocess.PIPE)
        return process, int(process.stdout.readline())

    def ready(self, target):
        """Waits until it answers a call."""
        process = next(process for process in self.processes if process.pid == target.pid)
        limit = time.monotonic() + WAIT_SECONDS
        while not target.answers():
            if process.poll() is not None or time.monotonic() > limit:
                for log in self.folder.glob("*.out"):
                    sys.stderr.write(log.read_text(errors="replace")[-2000:])
                raise NoAnswer(f"{target.name} does not answer")
            time.sleep(0.005)
        return target


def end(process):
    """Ends a process of this run and what it left in its group."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_mib(pid):
    """Of a process and its children."""
    kib = 0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            kib = int(line.split()[1])
    children = [int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()]
    return kib / 1024 + sum(resident_mib(child) for child in children)
