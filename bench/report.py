"""Tables of the measurements, for the terminal and for docs/performance.md."""

import os
from dataclasses import dataclass
from pathlib import Path

import musts
from gateways import NAMES

YARDSTICKS = ("nginx", "Go net/http", *NAMES.values(), "gateway, no policies")
CPU = {"cpu": ("CPU µs/call", "{:.1f}"), "rate": ("calls/s", "{:,.0f}"), "rss": ("MiB loaded", "{:.0f}")}
FAILED = {"failed": ("failed", "{:.0f}")}
WAITS = {
    **{f"added {q}": (f"added {q} µs", "{:.0f}") for q in ("p50", "p90", "p99")},
    "p50": ("p50 µs", "{:.0f}"),
    **FAILED,
}
PIECES = {
    "cpu": ("CPU µs/piece", "{:.1f}"),
    "lag p50": ("lag p50 µs", "{:.0f}"),
    "lag p99": ("lag p99 µs", "{:.0f}"),
    "held": ("held at once", "{:.0f}"),
    "lost": ("pieces lost", "{:.0f}"),
    **FAILED,
}


@dataclass
class Section:
    """How a measurement is told: columns are figure -> heading and format; `ratios` are given for each gateway row."""

    title: str
    what: str
    columns: dict
    ratios: tuple = ()


IN_THE_WAY = """What stands in the way of the aims, as profiles of these loops show it: the kernel, which takes as much of a call as the
gateway itself, for two reads and two writes on sockets as nginx has them, and for the switches between processes that
follow each write on two cores. Of the rest, the JSON of request and answer is read to the last byte, and the chain from the
edge to the upstream and back, with its timers, counters and headers, takes what is left. A long prompt is copied twice, from
the socket and to the socket, and checked once. The lag of many streams is the collector's: what a stream leaves behind lives
as long as it does, and a collection moves what has begun since the last. A start is the loading of classes, or their
linking where an archive has them; the memory is the young generation, the code the JIT made, and what it needed for that. Of
all policies the access log costs nearly everything: a line for each call, formatted, searched for credentials and written by
a thread of its own."""

SECTIONS = {
    "calls": Section(
        "What a call costs",
        "Closed loop of {connections} connections, prompt of 0.65 KB, answer of 1 KB. CPU is the kernel's own clock of the process.",
        CPU | FAILED,
        ("cpu", "rate"),
    ),
    "prompts": Section(
        "What a long prompt costs",
        "The same loop with longer prompts beside the short one; those of 1 MB over 4 connections.",
        {"cpu": CPU["cpu"], "rate": CPU["rate"]} | FAILED,
    ),
    "peers": Section(
        "Beside other gateways",
        "The same loop. Added p50 is an open loop's of 20 calls/s to each, less the direct call's. Versions: `bench/peers`.",
        CPU | {"added p50": WAITS["added p50"]} | FAILED,
        ("cpu", "rss"),
    ),
    "profiles": Section(
        "What heap and policies change",
        "The same loop, a process each: as it is; with `{small}`; without a limit; with limit and access log. Metrics and request ids always count.",
        CPU | FAILED,
        ("cpu",),
    ),
    "arrivals": Section(
        "What it adds to the wait",
        "Open loop, {rate:g} calls/s to each target, latency counted from the moment a call was due, less the direct call's.",
        WAITS,
        ("added p50",),
    ),
    "crowd": Section(
        "What it adds to the wait in a crowd",
        "The same with 5,000 calls/s to each target, 15,000 in all, in rounds three times as long, after half a minute of it.",
        WAITS,
        ("added p50",),
    ),
    "neighbours": Section(
        "Callers of another route",
        "A route's latency in an open loop of {rate:g} calls/s, alone and while 200 calls of another route wait for a provider that takes 2 s.",
        {"p50": WAITS["p50"], "p99": ("p99 µs", "{:.0f}"), "answered": ("answered", "{:.0f}")} | FAILED,
    ),
    "streams": Section(
        "Streams",
        "{streams} streams held at once, 20 pieces each, 50 ms apart; lag runs from the provider's sending of a piece to its arrival.",
        PIECES,
        ("cpu",),
    ),
    "held": Section(
        "Many streams",
        "{held} streams held at once, 20 pieces each, 250 ms apart. KiB is what the process grew by in the first pass, by stream.",
        PIECES | {"kib": ("KiB/stream", "{:.1f}")},
        ("cpu",),
    ),
    "start": Section(
        "Start",
        "From starting the process to its first answered call, and the memory half a second later; plain, and with an archive of its classes.",
        {"seconds": ("start s", "{:.2f}"), "rss": ("MiB idle", "{:.0f}")},
    ),
}


def table(section, rows):
    """A Markdown table: a row for each target, then the gateway's ratios with their range over the rounds."""
    columns = SECTIONS[section].columns
    lines = ["| target | " + " | ".join(heading for heading, _ in columns.values()) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for name in rows.names():
        found = [(rows.figure(name, figure), form) for figure, (_, form) in columns.items()]
        lines.append(f"| {name} | " + " | ".join("–" if value is None else form.format(value) for value, form in found) + " |")
    told = [line for line in ratios(section, rows) if line]
    return "\n".join(lines + ([""] + told if told else []))


def ratios(section, rows):
    for name in (name for name in rows.names() if name.startswith("gateway")):
        for figure in SECTIONS[section].ratios:
            found = [(to, rows.ratio(figure, name, to)) for to in YARDSTICKS if to != name]
            parts = [f"{small(r[0])} × {to} ({small(r[1])}–{small(r[2])})" for to, r in found if r]
            yield parts and f"- {name}, {SECTIONS[section].columns[figure][0]}: " + "; ".join(parts)


def small(ratio):
    return f"{ratio:.2f}" if ratio >= 0.2 or ratio <= 0 else f"1/{1 / ratio:.1f}"


def machine():
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores, {int(memory.split()[1]) / 2**20:.0f} GiB of memory"


def text(section, rows, options):
    return f"## {SECTIONS[section].title}\n\n{SECTIONS[section].what.format(**vars(options))}\n\n{table(section, rows)}"


def document(measured, options, command):
    """docs/performance.md, whole."""
    head = [
        "# Performance",
        "",
        f"Written by `{command} --write-docs`; do not edit by hand. Machine: {machine()}, everything on loopback and on the",
        f"same cores: load generator, mock provider, gateways. Load average before the run {options.load:.1f}, at its",
        f"end {os.getloadavg()[0]:.1f}, its own part included.",
        "In a loop all targets take turns of half a second, in streams one pass each, so what else runs falls on all alike.",
        "**Trust the CPU ratios**; throughput and tails depend on what else runs. Figures are medians of the rounds; a",
        "ratio is the median of the rounds' own ratios, with its range.",
        "",
        f"Gateway: `{options.shown_command}`, a chat route with a `limit:` that is never reached, metrics and request ids on.",
        "nginx: one worker, keep-alive to the provider, adds the key, changes nothing. Go net/http: reads the JSON, sets model",
        "and key, passes the answer on. None of them writes an access log, except where the gateway's is measured.",
        *([f"Not measured, for it could not be installed or did not answer: {', '.join(options.absent)}."] if options.absent else []),
        "",
        "## What it must keep to",
        "",
        f"`{command} --check` fails when one of these is missed.",
        "",
        musts.table(measured)[0],
        "",
        IN_THE_WAY,
        "",
    ]
    for section in (section for section in SECTIONS if section in measured):
        head += [text(section, measured[section], options), "", f"Measured by `{command} --only {section}`.", ""]
    return "\n".join(head)
