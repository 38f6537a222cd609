"""Real MLflow servers, each with an environment and a configuration of its own, in front of the same mock provider."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import environments
import fixtures
from processes import Child, answers, free_port

HERE = Path(__file__).resolve().parent

# name: (lock file, configuration, further endpoints to add)
SERVERS = {
    "mlflow-2.8.1": ("mlflow-server-2.8.1", "mlflow-2.8.yaml", 0),
    "mlflow-2.22.5": ("mlflow-server-2.22.5", "mlflow-2.9.yaml", 0),
    # MLflow's pages hold 3000 entries: only here, as it is the quickest to start with so many.
    "mlflow-3.17.2": ("mlflow-server-3.17.2", "mlflow-2.9.yaml", 3005),
}
START_SECONDS = 120
VENDORS = "vendors"
MODEL_SERVING = "model-serving"


class Server:
    """One server, started in the background; `url()` waits for it."""

    def __init__(self, name, folder, env, upstream):
        self.child = None
        self.trouble = None
        self.base = None
        self.thread = threading.Thread(target=self._start, args=(name, folder, env, upstream), daemon=True)
        self.thread.start()

    def _start(self, name, folder, env, upstream):
        lock, template, further = SERVERS[name]
        try:
            python = environments.python_of(lock)
            # A folder of its own: MLflow watches the one its configuration is in, logs and all.
            place = folder / f"{name}-server"
            place.mkdir(exist_ok=True)
            config = place / "config.yaml"
            more = "".join(f"  - {{<<: *chat, name: more-{number}}}\n" for number in range(further))
            config.write_text((HERE / template).read_text().replace("@UPSTREAM@", upstream) + more)
            port = free_port()
            command = [python, "-B", "-m", "mlflow", "gateway", "start", "--config-path", config]
            command += ["--host", "127.0.0.1", "--port", port, "--workers", "1"]
            self.child = Child(f"{name}-server", command, folder, env)
            self._await(f"http://127.0.0.1:{port}")
        except Exception as failure:
            self.trouble = f"{name} did not start: {failure}"

    def _await(self, base):
        end = time.monotonic() + START_SECONDS
        while not answers(f"{base}/health"):
            if time.monotonic() > end or self.child.process.poll() is not None:
                raise RuntimeError(self.child.tail())
            time.sleep(0.1)
        self.base = base

    def url(self):
        """Its address, once it answers; RuntimeError if it never did."""
        self.thread.join()
        if self.trouble:
            raise RuntimeError(self.trouble)
        return self.base

    def env(self):
        """What its clients are told besides."""
        return {}

    def end(self, seconds):
        self.thread.join()
        if self.child:
            self.child.end(seconds)


class Vendors:
    """Every provider, played by its fixtures, and a gateway in front of them with a route for each cell."""

    def __init__(self, folder, env, start_gateway):
        command = [sys.executable, "-B", HERE / "vendors.py"]
        self.children = [Child("vendors", command, folder, env, stdout=subprocess.PIPE)]
        port = self.children[0].process.stdout.readline().strip().decode()
        self.vendors = f"http://127.0.0.1:{port}"
        try:
            gateway, self.base = start_gateway("\n".join(self._endpoints()), "vendors-gateway")
            self.children.append(gateway)
        except Exception:
            self.end(1)
            raise

    def _endpoints(self):
        yield "endpoints:"
        for cell in fixtures.cells():
            model = fixtures.target(cell.provider, f"{self.vendors}/{cell.place}")
            # JSON is YAML, too.
            yield "  - " + json.dumps({"name": cell.place, "endpoint_type": f"llm/v1/{cell.task}", "model": model})

    def url(self):
        return self.base

    def env(self):
        return {"INTEROP_VENDORS": self.vendors}

    def end(self, seconds):
        for child in reversed(self.children):
            child.end(seconds)


class ModelServing:
    """`mlflow models serve`, once for each task, and a gateway in front of them."""

    LOCK = "mlflow-serving-3.17.2"

    def __init__(self, folder, env, start_gateway):
        self.children = []
        try:
            self._start(folder, env, start_gateway)
        except Exception as failure:
            self.end(1)
            raise RuntimeError(f"mlflow models serve: {failure}") from failure

    def _start(self, folder, env, start_gateway):
        python = environments.python_of(self.LOCK)
        env = {**env, "PATH": f"{python.parent}:{env.get('PATH', '')}", "MLFLOW_DISABLE_TELEMETRY": "true"}
        models = folder / "served-models"
        subprocess.run([python, "-B", HERE / "serving_models.py", models], check=True, env=env, capture_output=True)
        urls = {task: self._serve(python, task, models, env, folder) for task in fixtures.SURFACES}
        for url in urls.values():
            self._await(url)
        urls |= {"gone": f"http://127.0.0.1:{free_port()}"}
        gateway, self.base = start_gateway("\n".join(self._endpoints(urls)), "model-serving-gateway")
        self.children.append(gateway)

    def _serve(self, python, task, models, env, folder):
        port = free_port()
        command = [python, "-B", "-m", "mlflow", "models", "serve", "--model-uri", models / task]
        command += ["--env-manager", "local", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
        self.children.append(Child(f"models-serve-{task}", command, folder, env))
        return f"http://127.0.0.1:{port}"

    def _await(self, url):
        end = time.monotonic() + START_SECONDS
        while not answers(f"{url}/ping"):
            if time.monotonic() > end:
                raise RuntimeError(f"mlflow models serve did not start: {self.children[0].tail()}")
            time.sleep(0.1)

    @staticmethod
    def _endpoints(urls):
        yield "endpoints:"
        for name, url in urls.items():
            model = {"provider": "mlflow-model-serving", "name": name, "config": {"model_server_url": url}}
            task = "completions" if name == "gone" else name
            yield "  - " + json.dumps({"name": name, "endpoint_type": f"llm/v1/{task}", "model": model})

    def url(self):
        return self.base

    def env(self):
        return {}

    def end(self, seconds):
        for child in reversed(self.children):
            child.end(seconds)


# Servers that bring a gateway of their own.
WITH_A_GATEWAY = {VENDORS: Vendors, MODEL_SERVING: ModelServing}
