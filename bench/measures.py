"""The measurements, by name. Each gives rows: target name -> figure -> one value per round."""

import time

from gateways import SMALL, start_peers
from rows import Rows, begin, finish, load, put_calls, put_pieces, put_waits
from targets import resident_mib

CHUNKS = 20
KIB_OF_10_KB, KIB_OF_1_MB = 9, 990
SLOW_CALLS = 200
PAIRS = 5  # two processes of one configuration differ by some percent, as the JIT happened to compile them
WARM_CALLS = 150_000
# A crowd's calls come one by one from hundreds of connections, not in the bunches of a closed loop: a JIT compiles anew for
# twenty seconds. And each round begins with its connections, which two nearly full processors feel for a second.
CROWD_WARM, CROWD_LONGER = 30, 3
WARM_STREAMS = 1500


class Fleet:
    """The targets of a run, each started when it is first asked for, and warmed up once."""

    def __init__(self, bench, options):
        self.bench = bench
        self.options = options
        self.direct = bench.start_provider()
        self.started = {}
        self.warmed = set()

    def nginx(self):
        return self._once("nginx", self.bench.start_nginx)

    def reference(self):
        return self._once("reference", self.bench.start_reference)

    def gateway(self):
        return self._once("gateway", lambda: self.bench.start_gateway()[0])

    def endpoints(self):
        gateway = self.gateway()
        url = gateway.url.replace("/v1/chat/completions", "/endpoints/chat/invocations")
        return gateway.like("gateway, /endpoints", url=url, model="")

    def peers(self):
        return self._once("peers", lambda: start_peers(self.bench, self.options.peers))

    def _once(self, name, start):
        if name not in self.started:
            self.started[name] = start()
        return self.started[name]

    def warm_calls(self, *targets):
        """A JIT compiles what it has seen often: unmeasured load, on a busy machine up to three times as long."""
        cold = [target for target in targets if ("calls", target.name, target.pid) not in self.warmed]
        answered, seconds = {target.name: 0 for target in cold}, self.options.warm
        while cold and seconds < 3 * self.options.warm and min(answered.values()) < WARM_CALLS:
            results = load("closed", cold, Connections=self.options.connections, Seconds=seconds)
            answered = {name: answered[name] + result["answered"] for name, result in results.items()}
            seconds *= 1.5
        self.warmed |= {("calls", target.name, target.pid) for target in cold}

    def warm_streams(self, target):
        if ("streams", target.name) not in self.warmed:
            for _ in range(self.options.stream_warm):
                hold(WARM_STREAMS, [target])
        self.warmed.add(("streams", target.name))


def rounds(options):
    return range(options.rounds)


def hold(count, targets, rate=1.25):
    return load("stream", targets, Streams=count, Rate=count * rate, Chunks=CHUNKS)


def loops(fleet, rows, targets, connections=None):
    """A closed loop in rounds."""
    options = fleet.options
    for _ in rounds(options):
        found = load("closed", targets, Connections=connections or options.connections, Seconds=options.seconds, Warm=0.5)
        put_calls(rows, found)


def start(fleet):
    """From starting a process to its first answered call; and its memory a moment later."""
    rows, bench = Rows(), fleet.bench
    archive = bench.gateway.archive(bench)
    kinds = {
        "nginx": bench.start_nginx,
        "Go net/http": bench.start_reference,
        "gateway": lambda: bench.start_gateway()[0],
        "gateway, archive": lambda: bench.start_gateway(archive=archive)[0],
    }
    for _ in range(fleet.options.starts):
        for name, begin_one in kinds.items():
            begun = time.monotonic()
            target = begin_one()
            rows.put(name, "seconds", time.monotonic() - begun)
            time.sleep(0.5)
            rows.put(name, "rss", resident_mib(target.pid))
            bench.end_of(target)
    return rows


def calls(fleet):
    """CPU of one call, calls per second, memory."""
    rows, targets = Rows(), [fleet.nginx(), fleet.reference(), fleet.gateway(), fleet.endpoints()]
    fleet.warm_calls(*targets[2:])
    loops(fleet, rows, targets)
    return rows


def prompts(fleet):
    """The same with longer prompts, beside the short one."""
    rows, nginx, gateway = Rows(), fleet.nginx(), fleet.gateway()
    middle = [target.like(f"{target.name}, 10 KB", kib=KIB_OF_10_KB) for target in (nginx, fleet.reference(), gateway)]
    large = [target.like(f"{target.name}, 1 MB", kib=KIB_OF_1_MB) for target in (nginx, gateway)]
    fleet.warm_calls(gateway, middle[-1])
    loops(fleet, rows, [gateway, *middle])
    loops(fleet, rows, large, connections=4)
    return rows


def arrivals(fleet, rate, targets, warm=5, longer=1):
    """An open loop at a constant rate: what each target adds to the direct call."""
    rows, plan = Rows(), {"Connections": 256, "Rate": rate}
    fleet.warm_calls(fleet.gateway())
    load("open", [fleet.direct, *targets], Seconds=warm, **plan)
    for _ in rounds(fleet.options):
        put_waits(rows, load("open", [fleet.direct, *targets], Seconds=longer * fleet.options.seconds, Warm=0.5, **plan))
    return rows


def calm(fleet):
    targets = [fleet.nginx(), fleet.reference(), fleet.gateway(), fleet.endpoints()]
    return arrivals(fleet, fleet.options.rate, targets)


def crowd(fleet):
    return arrivals(fleet, 5000, [fleet.nginx(), fleet.gateway()], warm=CROWD_WARM, longer=CROWD_LONGER)


def streams(fleet):
    """Streams held at once: CPU of one piece, how late the pieces are."""
    rows, count = Rows(), fleet.options.streams
    fleet.warm_streams(fleet.gateway())
    fleet.warm_streams(fleet.endpoints())
    for _ in rounds(fleet.options):
        targets = [fleet.direct, fleet.nginx(), fleet.reference(), fleet.gateway(), fleet.endpoints()]
        put_pieces(rows, hold(count, targets), count * CHUNKS)
    return rows


def held(fleet):
    """Many quiet streams at once: none may be late or lost, and none may cost much memory."""
    rows, count = Rows(), fleet.options.held
    fleet.warm_calls(fleet.gateway())
    fleet.warm_streams(fleet.gateway())
    targets = [target.like(target.name, wish="bench-every=250ms") for target in (fleet.nginx(), fleet.reference(), fleet.gateway())]
    # The first pass connects to the provider, and takes the memory that later ones find there.
    for name, result in hold(count, targets, rate=0.6).items():
        rows.put(name, "kib", (result["rss_most_kib"] - result["rss_before_kib"]) / count)
        rows.put(name, "lost", count * CHUNKS - result["pieces"])
        rows.put(name, "failed", result["failed"])
    for _ in rounds(fleet.options):
        put_pieces(rows, hold(count, targets, rate=0.6), count * CHUNKS)
    return rows


def profiles(fleet):
    """The gateway as it is and with the least heap; then with nothing in force that can be left out, beside one with all."""
    rows, bench = Rows(), fleet.bench
    small, _ = bench.start_gateway("gateway, -Xmx48m", java_options=SMALL)
    measured(fleet, rows, [fleet.gateway(), small])
    bench.end_of(small)
    for _ in range(PAIRS):
        plain, _ = bench.start_gateway("gateway, no policies", config="plain.yaml")
        full, _ = bench.start_gateway("gateway, all policies", config="policies.yaml")
        measured(fleet, rows, [plain, full])
        bench.end_of(plain)
        bench.end_of(full)
    return rows


def measured(fleet, rows, targets):
    fleet.warm_calls(*targets)
    loops(fleet, rows, targets)


def neighbours(fleet):
    """A route's latency alone, and while callers of another route wait for a provider that takes two seconds."""
    rows, options, gateway = Rows(), fleet.options, fleet.gateway()
    slow = gateway.like("slow calls", model="slow", wish="bench-wait=2s")
    fleet.warm_calls(gateway)
    for _ in rounds(options):
        put_one(rows, "gateway, alone", open_loop(options, gateway))
        turns = 1 + int(options.seconds / 2)  # each ends when its calls do: after two seconds
        waiting = begin("closed", [slow], Connections=SLOW_CALLS, Seconds=turns / 2)
        time.sleep(0.3)
        put_one(rows, "gateway, beside slow calls", open_loop(options, gateway))
        rows.put("slow calls", "answered", finish(waiting)["slow calls"]["answered"])
    return rows


def open_loop(options, target):
    return load("open", [target], Connections=64, Rate=options.rate, Seconds=options.seconds)[target.name]


def put_one(rows, name, result):
    for quantile in ("p50", "p99"):
        rows.put(name, quantile, result["latency_us"][quantile])
    rows.put(name, "failed", result["failed"])


def peers(fleet):
    """The slow ones, in a group of their own with nginx and the gateway."""
    rows, started = Rows(), fleet.peers()
    targets = [fleet.nginx(), fleet.gateway(), *started]
    fleet.warm_calls(fleet.gateway())
    load("closed", started, Connections=fleet.options.connections, Seconds=0.5, Warm=2)
    loops(fleet, rows, targets)
    found = load("open", [fleet.direct, *targets], Connections=256, Rate=20, Seconds=fleet.options.seconds, Warm=1)
    waits = Rows()
    put_waits(waits, found)
    for target in targets:
        if waits.has(target.name, "added p50"):
            rows.put(target.name, "added p50", waits.figure(target.name, "added p50"))
    return rows


ALL = {
    "start": start,
    "calls": calls,
    "profiles": profiles,
    "arrivals": calm,
    "crowd": crowd,
    "neighbours": neighbours,
    "streams": streams,
    "held": held,
    "prompts": prompts,
    "peers": peers,
}
