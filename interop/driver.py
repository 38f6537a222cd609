"""Runs every case of every client against one running gateway: each client alone, then all of them at once.

One line for each case, `ok name` or `FAIL name: why`; the last line is `N passed, N failed`. A client whose
environment cannot be made, or that dies, fails every case it did not finish.
"""

import argparse
import functools
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import Child, answers, free_port, get
from programs import JavaCases, JudgeCases, PythonCases
from servers import MODEL_SERVING, WITH_A_GATEWAY, Server

HERE = Path(__file__).resolve().parent
JAR = HERE.parent / "gateway-server" / "target" / "gateway-server.jar"
SERVER = "java -Xmx256m -jar {jar} start --config-path {config} --host 127.0.0.1 --port {port}"
CLIENT_SECONDS = 240

CLIENTS = {
    "mlflow-2.8.1": PythonCases("mlflow-2.8.1-langchain-0.0.335", "mlflow_gateway.py"),
    "langchain-0.0.335": PythonCases("mlflow-2.8.1-langchain-0.0.335", "langchain_2023.py"),
    "mlflow-2.9.2": PythonCases("mlflow-2.9.2", "deployments.py"),
    "mlflow-2.22.5": PythonCases("mlflow-2.22.5-langchain-community", "deployments.py"),
    "langchain-community": PythonCases("mlflow-2.22.5-langchain-community", "langchain_current.py"),
    "mlflow-3.17.2": PythonCases("mlflow-3.17.2", "deployments.py"),
    "openai-sdk": PythonCases("openai-sdk", "openai_sdk.py"),
    "provider-sdks": JudgeCases("provider-sdks", "provider_sdks.py"),
    "model-serving": PythonCases("mlflow-serving-3.17.2", "model_serving.py", MODEL_SERVING),
    "prometheus-client": PythonCases("prometheus-client", "prometheus.py"),
    "langchain4j": JavaCases("AnyServer", "OpenAiShape", "ThisGateway"),
    "langchain4j-classic": JavaCases("AnyServer", "ClassicShape", dialect="ROUTES", prefix="classic-"),
    "langchain4j-on-mlflow-2.8.1": JavaCases(
        "AnyServer", "ClassicShape", "Mlflow28", server="mlflow-2.8.1", dialect="ROUTES"
    ),
    "langchain4j-on-mlflow-2.22.5": JavaCases("AnyServer", "OpenAiShape", "Mlflow222", server="mlflow-2.22.5"),
    "langchain4j-on-mlflow-3.17.2": JavaCases("AnyServer", "OpenAiShape", "Mlflow317", server="mlflow-3.17.2"),
}


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def ok(self, name):
        self.passed += 1
        print(f"ok {name}", flush=True)

    def fail(self, name, why):
        self.failed += 1
        print(f"FAIL {name}: {why}", flush=True)

    def check(self, name, why):
        """A case that fails with the reason given, if any."""
        self.fail(name, why) if why else self.ok(name)


def start_upstream(folder, env):
    child = Child("upstream", [sys.executable, "-B", HERE / "upstream.py"], folder, env, stdout=subprocess.PIPE)
    port = child.process.stdout.readline().strip().decode()
    if not port:
        raise RuntimeError(f"the mock provider did not start: {child.tail()}")
    return child, f"http://127.0.0.1:{port}"


def start_gateway(command, jar, folder, env, text, name="gateway"):
    config = folder / f"{name}.yaml"
    config.write_text(text)
    port = free_port()
    words = [word.format(jar=jar, config=config, port=port) for word in shlex.split(command)]
    child = Child(name, words, folder, env)
    base = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 90
    while time.monotonic() < end and child.process.poll() is None:
        if answers(f"{base}/health"):
            return child, base
        time.sleep(0.1)
    child.end()
    raise RuntimeError(f"the gateway did not start: {child.tail()}")


class Client:
    """One pass of one client's cases."""

    def __init__(self, name, tag, folder, env, servers):
        self.name = name
        program = CLIENTS[name]
        self.missing = program.names()
        self.child = None
        self.trouble = None
        try:
            base = servers[program.server].url() if program.server else env["INTEROP_GATEWAY"]
            told = servers[program.server].env() if program.server else {}
            env = {**env, **told, **program.env(base, env["INTEROP_CALLER_KEY"]), "INTEROP_PASS": tag}
            self.child = Child(f"{name}-{tag}", program.command(folder), folder, env, stdout=subprocess.PIPE)
        except (OSError, RuntimeError, subprocess.CalledProcessError) as failure:
            self.trouble = f"it could not be started: {failure}"

    def results(self):
        """Pairs of case name and reason (None when it passed), for every case of the file."""
        found = []
        if self.child:
            try:
                output, _ = self.child.process.communicate(timeout=CLIENT_SECONDS)
            except subprocess.TimeoutExpired:
                self.child.end(1)
                output, _ = self.child.process.communicate()
                self.trouble = f"not finished after {CLIENT_SECONDS} s"
            for line in output.decode(errors="replace").splitlines():
                try:
                    result = json.loads(line)
                except ValueError:
                    continue  # native code may print past the harness
                self.missing.remove(result["case"])
                found.append((result["case"], None if result["ok"] else result["why"]))
            if self.missing and not self.trouble:
                self.trouble = f"the client ended with {self.child.process.returncode}: {self.child.tail(1)}"
        return found + [(name, self.trouble) for name in self.missing]


def each_alone(names, folder, env, servers, tally):
    for name in names:
        for case, why in Client(name, "alone", folder, env, servers).results():
            tally.check(f"{name}/{case}", why)


def all_at_once(names, folder, env, tally):
    on_this_gateway = [name for name in names if not CLIENTS[name].server]
    clients = [Client(name, "together", folder, env, {}) for name in on_this_gateway]
    failed, count = [], 0
    for client in clients:
        results = client.results()
        count += len(results)
        failed += [f"{client.name}/{case}: {why}" for case, why in results if why]
    why = f"{len(failed)} of {count} cases failed: " + "; ".join(failed[:5])
    tally.check("all-clients-at-once/every_case_of_every_client_passes_again", why if failed else None)


def at_the_end(upstream, base, gateway, tally):
    violations = json.loads(get(f"{upstream}/admin/violations"))
    why = f"{len(violations)} times, first: {violations[0]}" if violations else None
    tally.check("gateway/the_provider_saw_the_gateways_credential_and_no_callers", why)
    healthy = answers(f"{base}/health")
    tally.check("gateway/it_is_healthy_after_everything", None if healthy else "it does not answer")
    code = gateway.end()
    wanted = (0, 143, -signal.SIGTERM)
    tally.check("gateway/it_ends_on_sigterm", None if code in wanted else f"exit code {code}: {gateway.tail()}")


def run(options, tally):
    names = options.only or list(CLIENTS)
    # Names this run never sets, but a user may have: a client must not find another server through them.
    env = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "OPENAI_", "INTEROP_"))}
    env |= {
        "INTEROP_PROVIDER_KEY": "sk-provider-" + secrets.token_hex(12),
        "INTEROP_CALLER_KEY": "interop-caller-" + secrets.token_hex(12),
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
        "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    children = []
    with tempfile.TemporaryDirectory(prefix="interop-") as temporary:
        folder = Path(options.logs or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            upstream, upstream_url = start_upstream(folder, env)
            children.append(upstream)
            start = functools.partial(start_gateway, options.server_command, options.jar, folder, env)
            gateway, base = start((HERE / "gateway.yaml").read_text().replace("@UPSTREAM@", upstream_url))
            children.append(gateway)
            wanted = {CLIENTS[name].server for name in names} - {None}
            servers = {}
            for name in sorted(wanted, key=WITH_A_GATEWAY.__contains__):  # the others start in the background
                made = WITH_A_GATEWAY[name](folder, env, start) if name in WITH_A_GATEWAY else None
                servers[name] = made or Server(name, folder, env, upstream_url)
                children.append(servers[name])
            clients_env = {**env, "INTEROP_GATEWAY": base, "INTEROP_UPSTREAM": upstream_url}
            each_alone(names, folder, clients_env, servers, tally)
            if not options.no_concurrent:
                all_at_once(names, folder, clients_env, tally)
            at_the_end(upstream_url, base, gateway, tally)
        except (OSError, RuntimeError) as failure:
            tally.fail("gateway/it_starts", failure)
            for name in names:
                for case in CLIENTS[name].names():
                    tally.fail(f"{name}/{case}", "there was no server to ask")
        finally:
            for child in reversed(children):
                child.end(2)


def main():
    parser = argparse.ArgumentParser(prog="interop/run", description="Real clients against the built gateway.")
    parser.add_argument("--jar", default=JAR, help="the gateway (default: the one this checkout builds)")
    parser.add_argument("--only", action="append", choices=CLIENTS, help="run one client's cases; repeatable")
    parser.add_argument("--no-concurrent", action="store_true", help="leave out the pass with all clients at once")
    parser.add_argument("--logs", help="keep the logs of every process in this folder")
    parser.add_argument("--server-command", default=SERVER, help="another server; {jar} {config} {port} are filled in")
    options = parser.parse_args()
    tally = Tally()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run(options, tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
