"""How the cases of each client are run: by Python in an environment of its own, or by Java against a server."""

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import environments
from servers import VENDORS

HERE = Path(__file__).resolve().parent
CLASS_PATH = HERE.parent / "samples" / "target" / "classpath.txt"


class PythonCases:
    """One file of cases, run by the clients of one lock file."""

    def __init__(self, lock, file, server=None):
        self.lock = lock
        self.file = HERE / "cases" / file
        self.server = server

    def names(self):
        """The functions marked @case, without importing the file."""
        functions = [node for node in ast.parse(self.file.read_text()).body if isinstance(node, ast.FunctionDef)]
        return [f.name for f in functions if any(getattr(mark, "id", "") == "case" for mark in f.decorator_list)]

    def command(self, folder):
        return [environments.python_of(self.lock), "-B", self.file]

    def env(self, base, caller_key):
        return {"INTEROP_GATEWAY": base}


class JudgeCases(PythonCases):
    """Cases as many as there are fixtures, behind a gateway with a route for each of them."""

    def __init__(self, lock, file):
        super().__init__(lock, file, VENDORS)

    def names(self):
        """As the file tells them: which there are depends on what the SDKs can judge."""
        try:
            done = subprocess.run([*map(str, self.command(None)), "--names"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return ["the_sdks_can_be_asked"]
        return json.loads(done.stdout)


class JavaCases:
    """Classes of cases, run by this project's LangChain4j module against this gateway or a real MLflow."""

    def __init__(self, *classes, server=None, dialect="DEPLOYMENTS", prefix=""):
        self.classes = classes
        self.server = server
        self.dialect = dialect
        self.prefix = prefix

    def names(self):
        """The methods marked @Case, without compiling the file."""
        return [
            name
            for one in self.classes
            for name in re.findall(r"@Case\s+void (\w+)\(", (HERE / "java" / f"{one}.java").read_text())
        ]

    def command(self, folder):
        class_path = f"{_compiled(folder)}{os.pathsep}{CLASS_PATH.read_text().strip()}"
        return [_jdk("java"), "-Xmx256m", "-cp", class_path, "RunCases", *self.classes]

    def env(self, base, caller_key):
        env = {"INTEROP_SERVER": base, "INTEROP_DIALECT": self.dialect, "INTEROP_PREFIX": self.prefix}
        if self.prefix:  # the server speaks both dialects, so the older one is not found by asking
            env["INTEROP_DIALECT_SET"] = "yes"
        if not self.server:
            env["INTEROP_SHOWN_KEY"] = caller_key
        return env


def _compiled(folder):
    """The cases as classes, compiled once for each run."""
    classes = folder / "java-cases"
    if not (classes / "RunCases.class").exists():
        classes.mkdir(exist_ok=True)
        sources = sorted((HERE / "java").glob("*.java"))
        command = [_jdk("javac"), "-encoding", "UTF-8", "-d", classes, "-cp", CLASS_PATH.read_text().strip(), *sources]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"javac: {' '.join(done.stderr.split())[:500]}")
    return classes


def _jdk(tool):
    home = os.environ.get("JAVA_HOME")
    return Path(home) / "bin" / tool if home else shutil.which(tool) or tool
