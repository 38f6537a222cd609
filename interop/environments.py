"""The pinned Python environments of the clients: made once for each lock file, kept in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
HOME = Path(os.environ.get("MLFLOW_GATEWAY_INTEROP_HOME") or f"{CACHE}/mlflow-gateway/interop").expanduser()


def python_of(name):
    """The interpreter of requirements/<name>.txt, installed first if it is not there yet."""
    return _environment(name, _install_with_uv)


def _environment(name, install):
    lock_file = HERE / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(lock_file.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = HOME / f"{name}-{digest}"
    python = folder / "bin" / "python"
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once make it once
        complete = folder / ".complete"
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            print(f"# installing {name}", file=sys.stderr, flush=True)
            install(folder, python, lock_file)
            complete.touch()
    return python


def _install_with_uv(folder, python, lock_file):
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    try:
        uv = _environment("uv", _install_with_pip).parent / "uv"
        environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_CACHE_DIR": str(HOME / "uv-cache")}
        flags = ("--quiet", "--no-deps", "--only-binary", ":all:")
        _run(uv, "pip", "install", *flags, "--python", python, "-r", lock_file, env=environment)
    except (OSError, subprocess.CalledProcessError):
        # uv does not read pip's configuration: where an index is set only there, pip is the slower way that works.
        shutil.rmtree(folder, ignore_errors=True)
        _install_with_pip(folder, python, lock_file)


def _install_with_pip(folder, python, lock_file):
    _run(sys.executable, "-m", "venv", folder)
    flags = ("--quiet", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check")
    _run(python, "-m", "pip", "install", *flags, "-r", lock_file)


def _run(*command, env=None):
    subprocess.run([str(part) for part in command], check=True, env=env, stdout=sys.stderr)
