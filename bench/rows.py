"""What a measurement found, and the load generator that finds it."""

import json
import statistics
import subprocess
import sys
from collections import defaultdict

from targets import TOOLS


class Rows:
    """Figures by target, one value per round; what is reported is the median."""

    def __init__(self):
        self.values = defaultdict(lambda: defaultdict(list))

    def put(self, target, figure, value):
        self.values[target][figure].append(value)

    def names(self):
        return list(self.values)

    def has(self, target, figure):
        return target in self.values and bool(self.values[target].get(figure))

    def figure(self, target, figure):
        return statistics.median(self.values[target][figure]) if self.has(target, figure) else None

    def most(self, target, figure):
        return max(self.values[target][figure]) if self.has(target, figure) else None

    def ratio(self, figure, target, to):
        """Median, least and most of the rounds' own ratios, which share their noise; None where it means nothing."""
        if not self.has(target, figure) or not self.has(to, figure) or min(self.values[to][figure]) <= 0:
            return None
        ours, theirs = self.values[target][figure], self.values[to][figure]
        if len(ours) != len(theirs):
            value = statistics.median(ours) / statistics.median(theirs)
            return value, value, value
        rounds = [mine / other for mine, other in zip(ours, theirs)]
        return statistics.median(rounds), min(rounds), max(rounds)


def begin(mode, targets, **plan):
    """Starts the load generator; `finish` gives its results."""
    plan = {"Mode": mode, "Targets": [target.request(mode == "stream") for target in targets], **plan}
    process = subprocess.Popen([TOOLS / "load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps(plan))
    process.stdin.close()
    return process, targets


def finish(begun):
    """Its results by target name, in the order of the plan."""
    process, targets = begun
    results, errors = process.stdout.read(), process.stderr.read()
    if process.wait():
        sys.exit(f"the load generator failed: {errors}")
    results = json.loads(results)
    for name, result in results.items():
        if result["failed"]:
            print(f"! {name}: {result['failed']} failed: {result['failures']}", file=sys.stderr)
    return {target.name: results[target.name] for target in targets}


def load(mode, targets, **plan):
    """One run of the load generator; gives its results by target name."""
    return finish(begin(mode, targets, **plan))


def put_calls(rows, results):
    """What a closed loop finds."""
    for name, result in results.items():
        if "cpu_us_per_call" in result:  # none where every call failed
            rows.put(name, "cpu", result["cpu_us_per_call"])
        rows.put(name, "rate", result["per_second"])
        rows.put(name, "rss", result["rss_most_kib"] / 1024)
        rows.put(name, "failed", result["failed"])


def put_waits(rows, results):
    """What an open loop finds: latencies, and what each target adds to the direct call."""
    direct = results["direct"]["latency_us"]
    for name, result in results.items():
        for quantile, value in (result["latency_us"] or {}).items():
            rows.put(name, quantile, value)
            rows.put(name, f"added {quantile}", value - direct[quantile])
        rows.put(name, "failed", result["failed"])


def put_pieces(rows, results, wanted):
    """What streams find."""
    for name, result in results.items():
        rows.put(name, "cpu", result.get("cpu_us_per_piece"))
        for quantile in ("p50", "p99"):
            rows.put(name, f"lag {quantile}", result["lag_us"][quantile] if result["lag_us"] else float("inf"))
        rows.put(name, "held", result["held"])
        rows.put(name, "lost", wanted - result["pieces"])
        rows.put(name, "failed", result["failed"])
