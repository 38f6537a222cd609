"""What the gateway must keep to: one table of all figures that count, with what was found."""

from dataclasses import dataclass

from gateways import NAMES

GATEWAY, NGINX, GO = "gateway, /v1", "nginx", "Go net/http"


@dataclass
class Must:
    """A figure of a measurement, alone or as a ratio to another target's, the most it may be, and what it should be."""

    what: str
    section: str
    figure: str
    most: float
    to: str = ""
    of: str = GATEWAY
    unit: str = ""
    aim: float | None = None

    def found(self, measured):
        """None where it was not measured."""
        rows = measured.get(self.section)
        if rows is None:
            return None
        if self.most == 0:
            return rows.most(self.of, self.figure)
        if not self.to:
            return rows.figure(self.of, self.figure)
        ratio = rows.ratio(self.figure, self.of, self.to)
        return ratio[0] if ratio else None

    def verdict(self, value):
        if value > self.most:
            return "missed"
        return "aim missed" if self.aim is not None and value > self.aim else ""

    def shown(self, value):
        if self.to and value < 0.2:
            return f"1/{1 / value:.1f} × {self.to}" if value > 0 else f"{value:.2f} × {self.to}"
        return f"{value:.2f} × {self.to}" if self.to else f"{value:.4g} {self.unit}".rstrip()


ALL = [
    Must("CPU of a call", "calls", "cpu", 2.4, NGINX, aim=1.6),
    Must("CPU of a call", "calls", "cpu", 0.65, GO, aim=0.45),
    *(
        Must("CPU of a call", "peers", "cpu", 1 / part, NAMES[name], aim=1 / aim)
        for name, (part, aim) in {"mlflow": (17, 25), "litellm": (170, 250), "portkey": (20, 28)}.items()
    ),
    Must("CPU of a call with a 10 KB prompt", "prompts", "cpu", 1.25, GATEWAY, f"{GATEWAY}, 10 KB", aim=1.1),
    Must("added p50 at 200 calls/s", "arrivals", "added p50", 3.5, NGINX, aim=2),
    Must("added p50 at 5,000 calls/s", "crowd", "added p50", 2.2, NGINX, aim=1.5),
    Must("calls failed at 5,000 calls/s", "crowd", "failed", 0),
    Must("CPU of a streamed piece", "streams", "cpu", 2.0, NGINX, aim=1.5),
    Must("CPU of a streamed piece", "streams", "cpu", 1.0, GO),
    Must("2,500 streams: pieces lost", "held", "lost", 0),
    Must("2,500 streams: lag p99", "held", "lag p99", 5000, unit="µs", aim=2000),
    Must("2,500 streams: memory of one", "held", "kib", 10, unit="KiB"),
    Must("start to the first answer", "start", "seconds", 0.7, of="gateway", unit="s"),
    Must("start with a class-data archive", "start", "seconds", 0.35, of="gateway, archive", unit="s", aim=0.25),
    Must("memory under load", "calls", "rss", 180, unit="MiB", aim=150),
    Must("memory under load, -Xmx48m", "profiles", "rss", 125, of="gateway, -Xmx48m", unit="MiB", aim=110),
    Must("CPU of a call, all policies", "profiles", "cpu", 1.10, "gateway, no policies", "gateway, all policies", aim=1.05),
    Must("p50 beside 200 slow calls", "neighbours", "p50", 1.1, "gateway, alone", "gateway, beside slow calls"),
]


def table(measured):
    """A Markdown table of what was measured; and whether all of it is as it must be."""
    lines, kept = ["| figure | found | at most | aim | |", "|---|---:|---:|---:|---|"], True
    for must in ALL:
        value = must.found(measured)
        if value is not None:
            kept &= value <= must.most
            aim = "" if must.aim is None else must.shown(must.aim)
            lines.append(f"| {must.what} | {must.shown(value)} | {must.shown(must.most)} | {aim} | {must.verdict(value)} |")
    for section, rows in measured.items():
        for name in rows.names():
            failed = sum(rows.values[name].get("failed", []))
            if failed and name not in NAMES.values():  # what a peer fails is told, and not ours
                kept = False
                lines.append(f"| calls failed, {section}: {name} | {failed} | 0 | | missed |")
    return "\n".join(lines), kept
