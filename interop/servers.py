"""Real MLflow servers, each with an environment and a configuration of its own, in front of the same mock provider."""

import threading
import time
from pathlib import Path

import environments
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

    def end(self, seconds):
        self.thread.join()
        if self.child:
            self.child.end(seconds)
