"""Measures the gateway beside nginx, a Go reference gateway and other gateways, in one run, and prints tables with ratios."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import gateways
import measures
import musts
import report
from targets import Bench

ROOT = Path(__file__).resolve().parent.parent
JAR = ROOT / "gateway-server" / "target" / "gateway-server.jar"
JAVA_OPTIONS = (
    "-XX:+UseParallelGC -Xmx256m -Xmn72m -XX:+UseTransparentHugePages -XX:MetaspaceSize=48m -XX:-SegmentedCodeCache"
)


def listed(choices):
    def parse(text):
        names = [name for name in text.split(",") if name and name != "none"]
        unknown = set(names) - set(choices)
        if unknown:
            raise argparse.ArgumentTypeError(f"no {', '.join(sorted(unknown))}; there are {', '.join(choices)}")
        return names

    return parse


def parse():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--only", type=listed(measures.ALL), help=f"some of {','.join(measures.ALL)}")
    peers = ",".join(gateways.PEERS)
    parser.add_argument("--peers", type=listed(gateways.PEERS), default=peers, help=f"default: {peers}; or none")
    parser.add_argument("--jar", type=Path, default=JAR, help="the gateway (default: the one this checkout builds)")
    parser.add_argument("--java-options", default=JAVA_OPTIONS, help=f"default: {JAVA_OPTIONS}")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement; the median counts")
    parser.add_argument("--seconds", type=float, default=3, help="of measured load for each target and round")
    parser.add_argument("--warm", type=float, default=15, help="seconds of unmeasured load: a JIT needs 150,000 calls")
    parser.add_argument("--connections", type=int, default=32, help="of the closed loop, for each target")
    parser.add_argument("--rate", type=float, default=200, help="of the open loop, calls per second to each target")
    parser.add_argument("--streams", type=int, default=500, help="held at once, for their CPU")
    parser.add_argument("--held", type=int, default=2500, help="held at once, for their memory and lag")
    parser.add_argument("--stream-warm", type=int, default=8, help="unmeasured passes of the streams")
    parser.add_argument("--starts", type=int, default=5, help="of each process; the median counts")
    parser.add_argument("--check", action="store_true", help="exit 1 when a must is missed or a call failed")
    parser.add_argument("--write-docs", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


def measure(bench, options, measured):
    fleet = measures.Fleet(bench, options)
    for section in options.only or measures.ALL:
        if section == "peers" and not options.peers:
            continue
        begun = time.monotonic()
        measured[section] = measures.ALL[section](fleet)
        print(f"\n{report.text(section, measured[section], options)}\n\n({time.monotonic() - begun:.0f} s)", flush=True)
    refused = bench.provider_stats()["refused"]
    if refused:
        sys.exit(f"{refused} calls reached the provider without its key or model")


def write(measured, options):
    path = ROOT / "docs" / "performance.md"
    path.write_text(report.document(measured, options, "./bench/run").rstrip() + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = options.peers if not options.only or "peers" in options.only else []
    options.peers = gateways.installed(wanted)
    options.shown_command = f"java {options.java_options} -jar gateway-server.jar start"
    options.small = gateways.SMALL
    options.load = os.getloadavg()[0]  # what others do: taken before this run adds its own
    measured, begun = {}, time.monotonic()
    print(f"machine: {report.machine()}; load average {options.load:.1f}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with Bench(folder, gateways.Gateway(options.jar.resolve(), options.java_options)) as bench:
            measure(bench, options, measured)
    there = measured["peers"].names() if "peers" in measured else []
    options.absent = [gateways.NAMES[name] for name in wanted if gateways.NAMES[name] not in there]
    table, kept = musts.table(measured)
    print(f"\n## What it must keep to\n\n{table}\n\n{time.monotonic() - begun:.0f} s")
    if options.absent:
        print(f"not measured, for it could not be installed or did not answer: {', '.join(options.absent)}")
    if options.write_docs:
        write(measured, options)
    return 0 if not options.check or kept else 1


if __name__ == "__main__":
    sys.exit(main())
