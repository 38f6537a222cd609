"""Starting programs, and ending them with all they started."""

import os
import signal
import socket
import subprocess
import urllib.request


class Child:
    """A process of this run, in a group of its own; its output goes to a log."""

    def __init__(self, name, command, folder, env, stdout=None):
        self.log = folder / f"{name}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=stdout or log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, seconds=15):
        """Asks it to end, then makes it; returns its exit code, or None if it had to be killed."""
        code = None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        try:  # what it left behind (MLflow's own server leaves its workers)
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        return code

    def tail(self, lines=5):
        return " | ".join(self.log.read_text(errors="replace").strip().splitlines()[-lines:])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url, seconds=5):
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        return answer.read().decode()


def answers(url):
    try:
        get(url)
        return True
    except OSError:
        return False
