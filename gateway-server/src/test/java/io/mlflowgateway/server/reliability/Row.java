package io.mlflowgateway.server.reliability;

/** A fault or a hostile caller, and what the gateway must make of it. */
public enum Row {
    BIND(
            Section.EDGE,
            "Started without a word on where to listen; told to listen where other machines reach it",
            "Loopback only; elsewhere only with an explicit flag, and with a warning"),
    REQUEST_HEAD(
            Section.EDGE,
            "A head, a URL or a number of headers past the limit; malformed heads",
            "431, 414, 400, and the refusal reaches the caller"),
    SMUGGLING(
            Section.EDGE,
            "Requests that two servers could read differently: two lengths, length with chunked, two Hosts, folded lines,"
                    + " bare CR or LF, NUL, signed or hexadecimal lengths, oversized chunk sizes",
            "400, and the connection is closed: nothing behind it is read as a request"),
    REQUEST_BODY(
            Section.EDGE,
            "Bodies past the limit, announced or chunked; compressed bodies",
            "413 from the announced length without reading; counted while reading; 415 for compressed ones"),
    CONTENT_TYPE(Section.EDGE, "A POST that is not announced as JSON", "415, so no web page can send one unasked"),
    JSON(
            Section.EDGE,
            "Bodies that are not UTF-8, not JSON to the last byte, too deep, or with absurd numbers; duplicate keys",
            "400 or 422, fast; what was checked is what goes upstream"),
    ROUTE_NAMES(
            Section.EDGE,
            "Paths with %2F, dot segments, semicolons, control characters, double encoding, another case",
            "400 or 404, never another route and never a bare close"),
    DNS_REBINDING(Section.EDGE, "A web page that reaches the gateway through a name of its own", "421"),
    RESPONSE_HEADERS(
            Section.EDGE,
            "An upstream that sends cookies, hop-by-hop headers, line breaks, HTML",
            "Only listed headers pass; nosniff always; no HTML in an error"),
    REQUESTS_UPSTREAM(
            Section.EDGE,
            "A caller's Authorization, Cookie, X-Api-Key, Proxy-* headers",
            "Never forwarded; neither body nor header chooses where the gateway calls"),
    DOCS_PAGE(Section.EDGE, "The docs page as a way in", "A policy that allows nothing foreign, no framing"),
    CORS(Section.EDGE, "A web page of another origin", "No CORS header, ever"),
    LOGS(
            Section.EDGE,
            "Control characters and keys in what callers and upstreams send",
            "One line an event, control characters escaped, keys masked, no body"),
    SECRETS_IN_MEMORY(Section.EDGE, "A credential printed, serialised or compared", "Masked, refused, constant time"),
    ADMIN_API(Section.EDGE, "Changes over HTTP", "A permission of their own", "when there is an admin API"),
    API_KEYS(Section.EDGE, "Keys of callers", "Hashed, compared in constant time", "when callers have keys"),
    MODEL_RISKS(
            Section.EDGE,
            "Prompt injection, leaks in both directions, unbounded consumption",
            "Guards over all of a prompt and over streams; caps for each key",
            "when there are guards and budgets"),
    API_RISKS(
            Section.EDGE,
            "Other callers' objects, mass assignment, unbounded pages",
            "404 for what is another's; unknown fields refused; pages bounded",
            "when callers have keys"),
    IDEMPOTENCY(Section.EDGE, "The same call sent twice", "Answered once", "when there is a store"),
    RESPONSE_CACHE(Section.EDGE, "Answers of one tenant shown to another", "Scoped keys", "when there is a cache"),

    CALLER_GONE(
            Section.CALLER,
            "A caller leaves, mid-stream or while it waits",
            "The upstream connection is closed within 1 s; 200 leavers leave none, and no descriptor"),
    SLOW_READER(
            Section.CALLER,
            "A caller reads slowly, or not at all",
            "At most 1 MiB of heap and a bounded socket window; a caller that takes nothing for the write-idle time is cut"),
    SLOW_HEADS(
            Section.CALLER,
            "200 heads that come a byte at a time",
            "408 at their total time; other calls stay under 1 s"),
    SLOW_BODIES(
            Section.CALLER,
            "20 bodies that come a byte at a time",
            "408 at their total time; other calls stay under 1 s"),
    IDLE_CONNECTIONS(
            Section.CALLER,
            "1,000 idle connections; more connections than allowed, in all or from one address",
            "Calls are served as before; accepting never stands still"),
    EXPECT_CONTINUE(
            Section.CALLER, "Expect: 100-continue with a length past the limit", "413 without asking for the body"),

    TARGET_FAILS(
            Section.TARGET,
            "A target refuses, breaks off, is silent, is gone or answers nonsense, before its first piece or after it",
            "With fallback the next target answers, on every surface, whole and streamed; after the first piece nobody else"
                    + " is asked; what the caller did wrong stays the caller's"),
    RETRIES(
            Section.TARGET,
            "A target that keeps refusing, with and without Retry-After",
            "Asked exactly as often as configured, never before the time it named, within budget and deadline; once where"
                    + " nothing is configured"),
    TARGET_REFUSES(
            Section.TARGET,
            "One of a route's targets refuses every call for ten minutes",
            "At least 99 % are answered by the other one; the first is asked once per cool-down, and has its calls again"
                    + " when it is well"),
    SLOW_TARGET(
            Section.TARGET,
            "A target takes far longer than usual to begin some of its answers",
            "Where hedging is on, the other one is asked beside it, for at most the budget's share of calls; whoever is"
                    + " slower is let go of within 1 s"),
    RUNAWAY_STREAM(
            Section.TARGET,
            "A provider's stream does not end",
            "It is cut with an error event at the caps on events, bytes and time, and never looks complete"),

    NO_CONNECTION(
            Section.UPSTREAM,
            "Nobody listens, the name is unknown, TLS fails or is never answered",
            "502, or 504 at the connect time"),
    NO_ANSWER(
            Section.UPSTREAM,
            "Silence: behind the connect, in the head, in the body",
            "504 at the first-byte time; the connection is closed"),
    BROKEN_CONNECTION(
            Section.UPSTREAM,
            "The connection is closed or reset: before the answer, in its head, in its body, between its chunks",
            "502 after one call; never part of an answer"),
    STALE_CONNECTION(
            Section.UPSTREAM,
            "A connection of the pool that the upstream has closed meanwhile",
            "The call goes out once more, on a new connection, if no byte of an answer came; never twice more"),
    BROKEN_ANSWER(
            Section.UPSTREAM,
            "No HTTP, a head of 1 MiB, bad chunks, bad compression; no JSON, another shape, a page, with status 200",
            "502, never 200 and never 500"),
    LARGE_ANSWER(
            Section.UPSTREAM,
            "An answer without an end; a compressed bomb",
            "502 at the limit, counted after decompression; the connection is closed"),
    REDIRECT(Section.UPSTREAM, "A redirect", "502; it is not followed"),
    EARLY_REFUSAL(
            Section.UPSTREAM,
            "429, 5xx and other refusals in place of an answer or before the first piece of a stream",
            "The refusal's own status and Retry-After, for streams too"),
    SPLIT_STREAM(
            Section.UPSTREAM,
            "A stream cut anywhere into packets and chunks; CRLF, CR, comments, other fields, no space behind data:",
            "The same text, to the byte"),
    LATE_FAULT(
            Section.UPSTREAM,
            "Reset, close, end, stall, error event, broken event in the middle of a stream",
            "One error event, then the end without [DONE]; no second call, whatever is configured"),
    BAD_CONFIG(
            Section.CONFIG,
            "The file becomes invalid, truncated, empty, binary, huge, a bomb of aliases, has a name twice, is half written,"
                    + " cannot be read, or is deleted",
            "The old routes serve; the error is logged once, and shown with file and line"),
    CONFIG_REPLACED(
            Section.CONFIG,
            "The file is written over, renamed over, or behind a link that is swapped",
            "In force within 2 s"),
    RELOAD_UNDER_LOAD(
            Section.CONFIG,
            "Reload after reload under 200 calls/s and 50 streams",
            "No call fails, no stream is cut; streams end on the routes they began with"),
    RELOAD_KEEPS(
            Section.CONFIG,
            "A reload that leaves a route as it was",
            "Its limit's counter goes on; its pooled connections are kept"),
    MANY_ROUTES(Section.CONFIG, "5,000 routes", "Start under 3 s, reload under 2 s, look-up as with one"),

    CLOCK_JUMP(Section.LIFE, "The clock jumps by an hour", "Limits and timeouts do not notice"),
    SIGTERM(
            Section.LIFE,
            "SIGTERM with 50 streams running",
            "Not ready at once; nothing new is accepted; what runs ends, or is cut with an error; exit code 0"),
    ROLLING_RESTART(
            Section.LIFE,
            "Two instances behind nginx restarted in turn under 100 calls/s with streams",
            "No call fails"),
    INVALID_CONFIG_AT_START(
            Section.LIFE, "Started with an invalid configuration", "Exit code 2 within 3 s, with file and line"),

    BLOCKED_LOG(Section.SIGHT, "Nobody reads the log's pipe", "No call waits for it; what is lost is counted"),
    METRIC_LABELS(
            Section.SIGHT,
            "A million invented route and model names",
            "The metrics do not grow: labels come from the configuration only"),
    FUZZ(
            Section.SIGHT,
            "Random heads, paths, JSON bodies and configuration files",
            "No 5xx from input, no hang, no growth"),
    CONSERVATION(
            Section.SIGHT,
            "10,000 calls with random faults, leavers and reloads",
            "Every slot, buffer, connection and descriptor is back; nothing in flight"),
    MANY_STREAMS(Section.SIGHT, "500 streams at once, at 256 MiB of heap", "No piece is lost; memory stays flat"),
    SOAK(
            Section.SIGHT,
            "Calls and streams for minutes at 256 MiB of heap, with leavers, faults and reloads",
            "Memory, threads and descriptors stay flat; no buffer leaks");

    /** Part of the table. */
    public enum Section {
        EDGE("Hostile and broken requests"),
        UPSTREAM("Faulty upstreams"),
        CALLER("Callers"),
        TARGET("Targets that fail"),
        CONFIG("Configuration"),
        LIFE("Time and life cycle"),
        SIGHT("Sight and endurance");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Section section;
    private final String fault;
    private final String expected;
    private final String waitsFor;

    Row(Section section, String fault, String expected) {
        this(section, fault, expected, "");
    }

    Row(Section section, String fault, String expected, String waitsFor) {
        this.section = section;
        this.fault = fault;
        this.expected = expected;
        this.waitsFor = waitsFor;
    }

    Section section() {
        return section;
    }

    String fault() {
        return fault;
    }

    String expected() {
        return expected;
    }

    /** What has to be there first; empty for a row that is shown today. */
    String waitsFor() {
        return waitsFor;
    }
}
