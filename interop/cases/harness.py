"""Runs the cases of one file inside the environment of one client, and asks the mock provider what it saw.

Standard library only: every environment imports it. One line of JSON per case goes to standard output.
"""

import json
import os
import sys
import time
import traceback
import urllib.request
import uuid

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

GATEWAY = os.environ.get("INTEROP_GATEWAY", "")
UPSTREAM = os.environ.get("INTEROP_UPSTREAM", "")
CALLER_KEY = os.environ.get("INTEROP_CALLER_KEY", "")
PROVIDER_KEY = os.environ.get("INTEROP_PROVIDER_KEY", "")
LIMITED = "limited-" + os.environ.get("INTEROP_PASS", "alone")

CLASSIC_NAMES = ["classic-chat", "classic-completions", "classic-embeddings"]
ENDPOINT_NAMES = ["chat", "completions", "embeddings", "limited-alone", "limited-together"]
NAMES = CLASSIC_NAMES + ENDPOINT_NAMES

_cases = []


def case(function):
    """Marks a case. driver.py reads the names from the source, so a file that cannot be imported fails all of them."""
    _cases.append(function)
    return function


def equal(found, wanted, what="value"):
    if found != wanted:
        raise AssertionError(f"{what}: wanted {wanted!r}, found {found!r}")


def holds(condition, why):
    if not condition:
        raise AssertionError(why)


def raised(kind, action):
    """The failure of the given kind that the action ends in."""
    try:
        answer = action()
    except kind as failure:
        return failure
    raise AssertionError(f"wanted {kind.__name__}, was answered {answer!r}")


def prompt(text="hello"):
    """A prompt that no other case or pass sends."""
    return f"{text} {uuid.uuid4().hex}"


def seen(text):
    """Every request that reached the provider with this text in it, oldest first: path, headers, body."""
    return _admin("requests", text)


def sent(text):
    """The body of the one request that reached the provider with this text in it."""
    found = seen(text)
    equal(len(found), 1, "requests at the provider")
    return found[0]["body"]


def aborted_within(text, seconds):
    """Whether the provider saw its connection end before the answer did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if _admin("aborts", text):
            return True
        time.sleep(0.02)
    return False


def _admin(what, text):
    token = text.split()[-1]
    with urllib.request.urlopen(f"{UPSTREAM}/admin/{what}?token={token}", timeout=10) as answer:
        return json.load(answer)


def _why(failure):
    place = traceback.extract_tb(failure.__traceback__)
    here = [frame for frame in place if os.sep + "cases" + os.sep in frame.filename and "harness" not in frame.filename]
    line = f" (line {here[-1].lineno})" if here else ""
    return " ".join(f"{type(failure).__name__}: {failure}{line}".split())


def main():
    # What a client library prints belongs in the log, not among the results.
    results, sys.stdout = sys.stdout, sys.stderr
    for function in _cases:
        started = time.monotonic()
        try:
            function()
            outcome = {"case": function.__name__, "ok": True}
        except BaseException as failure:
            if isinstance(failure, KeyboardInterrupt):
                raise
            outcome = {"case": function.__name__, "ok": False, "why": _why(failure)}
        outcome["seconds"] = round(time.monotonic() - started, 3)
        print(json.dumps(outcome), file=results, flush=True)
