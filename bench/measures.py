"""The measurements. Each gives rows: target name -> figure -> one value per round."""

import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict

from targets import TOOLS, resident_mib


class Rows:
    """Figures by target, one value per round; what is reported is the median."""

    def __init__(self):
        self.values = defaultdict(lambda: defaultdict(list))

    def put(self, target, figure, value):
        self.values[target][figure].append(value)

    def names(self):
        return list(self.values)

    def figure(self, target, figure):
        values = self.values[target].get(figure)
        return statistics.median(values) if values else None

    def ratio(self, figure, target, to):
        """Median, least and most of the rounds' own ratios, which share their noise; None where it means nothing."""
        ours, theirs = self.values[target].get(figure, []), self.values[to].get(figure, [])
        if not ours or not theirs or min(theirs) <= 0:
            return None
        if len(ours) != len(theirs):
            value = statistics.median(ours) / statistics.median(theirs)
            return value, value, value
        rounds = [mine / other for mine, other in zip(ours, theirs)]
        return statistics.median(rounds), min(rounds), max(rounds)


def load(mode, targets, kib=0, **plan):
    """One run of the load generator; gives its results by target name."""
    plan = {"Mode": mode, "Targets": [target.request(kib, mode == "stream") for target in targets], **plan}
    done = subprocess.run([str(TOOLS / "load")], input=json.dumps(plan), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the load generator failed: {done.stderr}")
    results = json.loads(done.stdout)
    results = {target.name: results[target.name] for target in targets}
    for name, result in results.items():
        if result["failed"]:
            print(f"! {name}: {result['failed']} failed: {result['failures']}", file=sys.stderr)
    return results


def calls(targets, options, kib=0):
    """A closed loop over the connections: CPU of one call, calls per second, memory."""
    rows = Rows()
    for turn in range(options.rounds):
        warm = options.warm if turn == 0 else 0.5
        results = load(
            "closed", targets, kib, Connections=options.connections, Seconds=options.seconds, Warm=warm
        )
        for name, result in results.items():
            rows.put(name, "cpu", result.get("cpu_us_per_call"))
            rows.put(name, "rate", result["per_second"])
            rows.put(name, "rss", result["rss_most_kib"] / 1024)
            rows.put(name, "failed", result["failed"])
    return rows


def arrivals(targets, options, rate):
    """An open loop at a constant rate: what each target adds to the direct call."""
    rows = Rows()
    for turn in range(options.rounds):
        results = load("open", targets, Connections=256, Rate=rate, Seconds=options.seconds, Warm=2 if turn == 0 else 0.5)
        direct = results["direct"]["latency_us"]
        for name, result in results.items():
            for quantile in ("p50", "p90", "p99"):
                rows.put(name, quantile, result["latency_us"][quantile])
                rows.put(name, f"added {quantile}", result["latency_us"][quantile] - direct[quantile])
            rows.put(name, "failed", result["failed"])
    return rows


def streams(targets, options):
    """Many streams held at once: CPU of one piece, how late the pieces are, memory of one stream."""
    rows = Rows()
    plan = {"Streams": options.streams, "Rate": options.streams * 1.25, "Chunks": 20}
    for turn in range(options.stream_warm):
        for name, result in load("stream", targets, **plan).items():
            if turn == 0:  # later passes find the memory of the first one still there
                rows.put(name, "kib", (result["rss_most_kib"] - result["rss_before_kib"]) / options.streams)
    for _ in range(options.rounds):
        for name, result in load("stream", targets, **plan).items():
            rows.put(name, "cpu", result.get("cpu_us_per_piece"))
            rows.put(name, "lag p50", result["lag_us"]["p50"])
            rows.put(name, "lag p99", result["lag_us"]["p99"])
            rows.put(name, "held", result["held"])
            rows.put(name, "lost", options.streams * 20 - result["pieces"])
            rows.put(name, "failed", result["failed"])
    return rows


def starts(bench, options):
    """From starting a process to its first answered call; and its memory a moment later."""
    rows = Rows()
    for _ in range(options.starts):
        for name, start in (("nginx", bench.start_nginx), ("Go net/http", bench.start_reference)):
            begun = time.monotonic()
            target = start()
            rows.put(name, "seconds", time.monotonic() - begun)
            time.sleep(0.5)
            rows.put(name, "rss", resident_mib(target.pid))
            bench.end_of(target)
        surfaces, taken = bench.start_gateway()
        rows.put("gateway", "seconds", taken)
        time.sleep(0.5)
        rows.put("gateway", "rss", resident_mib(surfaces[0].pid))
        bench.end_of(surfaces[0])
    return rows
