"""Tables of the measurements, for the terminal and for docs/performance.md."""

import os
from pathlib import Path

YARDSTICKS = ("nginx", "Go net/http")

# measurement: (title, what it is, columns: figure -> heading and format, figures given as ratios)
SECTIONS = {
    "calls": (
        "What a call costs",
        "Closed loop of {connections} connections, prompt of 0.6 KB, answer of 1 KB. CPU is the kernel's own clock of the process.",
        {"cpu": ("CPU µs/call", "{:.1f}"), "rate": ("calls/s", "{:,.0f}"), "rss": ("MiB loaded", "{:.0f}"), "failed": ("failed", "{:.0f}")},
        ("cpu", "rate"),
    ),
    "prompt": (
        "What a prompt of 10 KB costs",
        "The same loop with a longer prompt.",
        {"cpu": ("CPU µs/call", "{:.1f}"), "rate": ("calls/s", "{:,.0f}"), "failed": ("failed", "{:.0f}")},
        ("cpu",),
    ),
    "arrivals": (
        "What it adds to the wait",
        "Open loop, {rate:g} calls/s to each target, latency counted from the moment a call was due, less the direct call's.",
        {
            "added p50": ("added p50 µs", "{:.0f}"),
            "added p90": ("added p90 µs", "{:.0f}"),
            "added p99": ("added p99 µs", "{:.0f}"),
            "p50": ("p50 µs", "{:.0f}"),
            "failed": ("failed", "{:.0f}"),
        },
        ("added p50",),
    ),
    "streams": (
        "Streams",
        "{streams} streams held at once, 20 pieces each, 50 ms apart; lag runs from the provider's sending of a piece to its arrival.",
        {
            "cpu": ("CPU µs/piece", "{:.1f}"),
            "lag p50": ("lag p50 µs", "{:.0f}"),
            "lag p99": ("lag p99 µs", "{:.0f}"),
            "held": ("held at once", "{:.0f}"),
            "lost": ("pieces lost", "{:.0f}"),
            "kib": ("KiB/stream, first pass", "{:.1f}"),
            "failed": ("failed", "{:.0f}"),
        },
        ("cpu",),
    ),
    "start": (
        "Start",
        "From starting the process to its first answered call, and the memory half a second later.",
        {"seconds": ("start s", "{:.2f}"), "rss": ("MiB idle", "{:.0f}")},
        (),
    ),
}


def table(section, rows):
    """A Markdown table: a row for each target, then the gateway's ratios with their range over the rounds."""
    columns, ratios = SECTIONS[section][2], SECTIONS[section][3]
    lines = ["| target | " + " | ".join(heading for heading, _ in columns.values()) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for name in rows.names():
        found = [(rows.figure(name, figure), form) for figure, (_, form) in columns.items()]
        lines.append(f"| {name} | " + " | ".join("-" if value is None else form.format(value) for value, form in found) + " |")
    lines.append("")
    for name in (name for name in rows.names() if name.startswith("gateway")):
        for figure in ratios:
            found = [(to, rows.ratio(figure, name, to)) for to in YARDSTICKS if to in rows.names()]
            parts = [f"{r[0]:.2f} × {to} ({r[1]:.2f}–{r[2]:.2f})" for to, r in found if r]
            if parts:
                lines.append(f"- {name}, {columns[figure][0]}: " + "; ".join(parts))
    return "\n".join(lines)


def machine():
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores, {int(memory.split()[1]) / 2**20:.0f} GiB of memory"


def text(section, rows, options):
    title, what, _, _ = SECTIONS[section]
    return f"## {title}\n\n{what.format(**vars(options))}\n\n{table(section, rows)}"


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
        f"Gateway: `{options.shown_command}`, one chat route with a `limit:` that is never reached. nginx: one worker, keep-alive",
        "to the provider, adds the key, changes nothing. Go net/http: reads the JSON, sets model and key, passes the answer on.",
        "",
    ]
    for section, rows in measured.items():
        head += [text(section, rows, options), "", f"Measured by `{command} --only {section}`.", ""]
    return "\n".join(head)
