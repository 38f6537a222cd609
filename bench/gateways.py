"""How the gateway under measurement is started, and the peers it is compared with."""

import os
import secrets
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from targets import HERE, KEY, TOOLS, NoAnswer, Target, free_port

PEERS = ("mlflow", "litellm", "portkey")
NAMES = {"mlflow": "MLflow 2.22", "litellm": "LiteLLM", "portkey": "Portkey"}
SMALL = "-XX:+UseSerialGC -Xmx48m"
START = ["start", "--host", "127.0.0.1"]


@dataclass
class Gateway:
    """The built jar and the flags of the JVM that runs it."""

    jar: Path
    java_options: str

    def command(self, config, port, java_options=None, archive=None):
        options = shlex.split(java_options or self.java_options)
        if archive:
            options += [f"-XX:SharedArchiveFile={archive}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]
        return ["java", *options, "-jar", self.jar, *START, "--config-path", config, "--port", port]

    def archive(self, bench):
        """A class-data archive, made the way docs/operations.md says."""
        path = bench.folder / "gateway.jsa"
        command = ["java", f"-XX:ArchiveClassesAtExit={path}", "-jar", self.jar, "train"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return path


def installed(names):
    """Those of the peers that are there, after an attempt to install what is not."""
    if not names:
        return []
    subprocess.run([HERE / "peers", *names])  # says itself what it could not install
    return [name for name in names if (TOOLS / "peers" / name / "installed").exists()]


def start_peers(bench, names):
    """Those that answer, with the seconds each took; which does not is said and left out."""
    started = []
    for name in names:
        try:
            started.append(STARTS[name](bench))
        except NoAnswer as reason:
            print(f"! {reason}: left out", file=sys.stderr)
    return started


def _mlflow(bench):
    port, tools = free_port(), TOOLS / "peers" / "mlflow" / "bin"
    config = bench.filled("peer-mlflow.yaml", {"PROVIDER": bench.provider_url})
    command = [tools / "mlflow", "gateway", "start", "--config-path", config, "--host", "127.0.0.1", "--port", port]
    process = bench.spawn([*command, "--workers", 2], "mlflow", environment={"PATH": f"{tools}:{os.environ['PATH']}"})
    return bench.ready(Target(NAMES["mlflow"], f"http://127.0.0.1:{port}/gateway/chat/invocations", process.pid))


def _litellm(bench):
    port, key = free_port(), "sk-bench-" + secrets.token_hex(12)
    config = bench.filled("peer-litellm.yaml", {"PROVIDER": bench.provider_url})
    command = [TOOLS / "peers" / "litellm" / "bin" / "litellm", "--config", config, "--host", "127.0.0.1", "--port", port]
    environment = {"LITELLM_MASTER_KEY": key, "LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    process = bench.spawn([*command, "--num_workers", 1, "--telemetry", "False"], "litellm", environment=environment)
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    return bench.ready(Target(NAMES["litellm"], url, process.pid, "mock-model", key))


def _portkey(bench):
    port, folder = free_port(), TOOLS / "peers" / "portkey" / "node_modules" / "@portkey-ai" / "gateway"
    command = ["node", folder / "build" / "start-server.js", "--headless", f"--port={port}"]
    process = bench.spawn(command, "portkey", environment={"NODE_ENV": "production"})
    headers = {"x-portkey-provider": "openai", "x-portkey-custom-host": f"{bench.provider_url}/v1"}
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    return bench.ready(Target(NAMES["portkey"], url, process.pid, "mock-model", KEY, headers))


STARTS = {"mlflow": _mlflow, "litellm": _litellm, "portkey": _portkey}
