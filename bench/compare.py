"""Measures the gateway beside nginx and a Go reference gateway, in one run, and prints tables with ratios."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import measures
import report
from targets import Bench

ROOT = Path(__file__).resolve().parent.parent
JAR = ROOT / "gateway-server" / "target" / "gateway-server.jar"
JAVA_OPTIONS = "-XX:+UseParallelGC -Xmx256m"
START = "start --config-path {config} --host 127.0.0.1 --port {port}"

# Figures of the gateway's /v1 surface that --check holds to: section, figure, yardstick, most.
LIMITS = [
    ("calls", "cpu", "nginx", 2.4),
    ("calls", "cpu", "Go net/http", 0.65),
    ("streams", "cpu", "nginx", 2.0),
    ("streams", "cpu", "Go net/http", 1.0),
]


def parse():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--only", action="append", choices=report.SECTIONS, help="one measurement; repeatable")
    parser.add_argument("--jar", default=JAR, help="the gateway (default: the one this checkout builds)")
    parser.add_argument("--java-options", default=JAVA_OPTIONS, help=f"default: {JAVA_OPTIONS}")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement; the median counts")
    parser.add_argument("--seconds", type=float, default=4, help="of measured load for each target and round")
    parser.add_argument("--warm", type=float, default=8, help="seconds of unmeasured load: a JIT needs 150,000 calls")
    parser.add_argument("--connections", type=int, default=32, help="of the closed loop, for each target")
    parser.add_argument("--rate", type=float, default=200, help="of the open loop, calls per second to each target")
    parser.add_argument("--streams", type=int, default=500, help="held at once")
    parser.add_argument("--stream-warm", type=int, default=8, help="unmeasured passes of the streams")
    parser.add_argument("--starts", type=int, default=5, help="of each process; the median counts")
    parser.add_argument("--check", action="store_true", help="exit 1 when a ratio is above its limit or a call failed")
    parser.add_argument("--write-docs", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


def measure(bench, options, tell):
    direct = bench.start_provider()
    wanted = options.only or list(report.SECTIONS)
    if "start" in wanted:
        tell("start", measures.starts(bench, options))
    if wanted == ["start"]:
        return
    gateway, _ = bench.start_gateway()
    targets = [bench.start_nginx(), bench.start_reference(), *gateway]
    if "calls" in wanted:
        tell("calls", measures.calls(targets, options))
    if "prompt" in wanted:
        tell("prompt", measures.calls(targets, options, kib=9))
    if "arrivals" in wanted:
        tell("arrivals", measures.arrivals([direct, *targets], options, options.rate))
    if "streams" in wanted:
        tell("streams", measures.streams([direct, *targets], options))
    refused = bench.provider_stats()["refused"]
    if refused:
        sys.exit(f"{refused} calls reached the provider without its key or model")


def check(measured):
    """Prints each limit with what was found; true when all are kept and nothing failed."""
    kept = True
    for section, figure, yardstick, most in LIMITS:
        if section in measured:
            found = measured[section].ratio(figure, "gateway, /v1", yardstick)[0]
            kept &= found <= most
            print(f"{'ok' if found <= most else 'MISSED'} {section} {figure}: {found:.2f} × {yardstick}, at most {most}")
    for section, rows in measured.items():
        for name in rows.names():
            failed = sum(rows.values[name].get("failed", []))
            kept &= not failed
            if failed:
                print(f"MISSED {section}: {failed} calls of {name} failed")
    return kept


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options.shown_command = f"java {options.java_options} -jar gateway-server.jar start"
    options.load = os.getloadavg()[0]  # what others do: taken before this run adds its own
    measured = {}

    def tell(section, rows):
        measured[section] = rows
        print(f"\n{report.text(section, rows, options)}", flush=True)

    begun = time.monotonic()
    print(f"machine: {report.machine()}; load average {options.load:.1f}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = f"java {options.java_options} -jar {options.jar} {START}"
        with Bench(folder, command) as bench:
            measure(bench, options, tell)
    print(f"\n{time.monotonic() - begun:.0f} s")
    if options.write_docs:
        in_order = {section: measured[section] for section in report.SECTIONS if section in measured}
        path = ROOT / "docs" / "performance.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(report.document(in_order, options, "./bench/run").rstrip() + "\n")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0 if not options.check or check(measured) else 1


if __name__ == "__main__":
    sys.exit(main())
