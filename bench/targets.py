"""What is measured: the processes, started on free ports and ended by id, and the requests sent to each."""

import json
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = Path(os.environ.get("BENCH_HOME", ""))
KEY = "sk-bench-" + secrets.token_hex(8)
WAIT_SECONDS = 60


@dataclass
class Target:
    """A place to send the same chat request to."""

    name: str
    url: str
    pid: int
    model: str = ""  # left out of the body when empty
    key: str = ""

    def request(self, kib=0, stream=False):
        """The plan's entry for this target; `kib` makes the prompt longer by about that much."""
        body = {"model": self.model} if self.model else {}
        padding = "Answer the question from the context. " * (8 + 27 * kib)
        body["messages"] = [
            {"role": "system", "content": "You are a careful assistant. " * 6},
            {"role": "user", "content": padding},
        ]
        body |= {"temperature": 0.2, "max_tokens": 256}
        if stream:
            body["stream"] = True
        return {"Name": self.name, "URL": self.url, "Key": self.key, "Body": body, "Pid": self.pid}

    def answers(self):
        entry = self.request()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        request = urllib.request.Request(self.url, json.dumps(entry["Body"]).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False


class Bench:
    """Every process of one run. Use as a context: leaving it ends them all."""

    def __init__(self, folder, gateway_command):
        self.folder = Path(folder)
        self.gateway_command = gateway_command
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
        config = self._filled("nginx.conf", values)
        process = self._spawn([shutil.which("nginx"), "-c", config, "-p", self.folder], "nginx")
        return self._ready(Target("nginx", f"http://127.0.0.1:{port}/v1/chat/completions", process.pid, "mock-model"))

    def start_reference(self):
        process, port = self._announced([TOOLS / "reference", "-provider", self.provider_url], "reference")
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        return self._ready(Target("Go net/http", url, process.pid, "mock-model"))

    def start_gateway(self):
        """Its two chat surfaces, and the seconds from starting it to the first answered call."""
        port = free_port()
        config = self._filled("gateway.yaml", {"PROVIDER": self.provider_url})
        words = [word.format(config=config, port=port) for word in shlex.split(self.gateway_command)]
        begun = time.monotonic()
        process = self._spawn(words, "gateway")
        base = f"http://127.0.0.1:{port}"
        openai = self._ready(Target("gateway, /v1", f"{base}/v1/chat/completions", process.pid, "chat"))
        taken = time.monotonic() - begun
        mlflow = self._ready(Target("gateway, /endpoints", f"{base}/endpoints/chat/invocations", process.pid))
        return [openai, mlflow], taken

    def provider_stats(self):
        with urllib.request.urlopen(f"{self.provider_url}/stats", timeout=10) as answer:
            return json.load(answer)

    def end_of(self, target):
        process = next(process for process in self.processes if process.pid == target.pid)
        self.processes.remove(process)
        end(process)

    def _filled(self, name, values):
        text = (HERE / name).read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        path = self.folder / name
        path.write_text(text)
        return path

    def _spawn(self, command, name, stdout=None):
        with open(self.folder / f"{name}.out", "ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout or log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _announced(self, command, name):
        """A process of ours that prints the port it took."""
        process = self._spawn(command, name, subprocess.PIPE)
        return process, int(process.stdout.readline())

    def _ready(self, target):
        process = next(process for process in self.processes if process.pid == target.pid)
        limit = time.monotonic() + WAIT_SECONDS
        while not target.answers():
            if process.poll() is not None or time.monotonic() > limit:
                for log in self.folder.glob("*.out"):
                    sys.stderr.write(log.read_text(errors="replace")[-2000:])
                sys.exit(f"{target.name} does not answer")
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
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
