"""The parsers of Prometheus' own Python client, reading /metrics."""

import json
import time
import urllib.error
import urllib.request

from harness import GATEWAY, NAMES, PROVIDER_KEY
from harness import case, equal, holds, main, prompt

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

KINDS = {
    "gateway_calls": "counter",
    "gateway_call_duration_seconds": "histogram",
    "gateway_time_to_first_piece_seconds": "histogram",
    "gateway_tokens": "counter",
    "gateway_in_flight": "gauge",
    "gateway_connections": "gauge",
    "gateway_config_last_reload_success": "gauge",
    "gateway_ready": "gauge",
}
TEXT = "text/plain; version=0.0.4"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


def page(accept=TEXT):
    request = urllib.request.Request(f"{GATEWAY}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def families(read=parser, accept=TEXT):
    return {family.name: family for family in read.text_string_to_metric_families(page(accept)[1])}


def total(family, **labels):
    """The sum over the samples that have these labels."""
    samples = [sample for sample in families()[family].samples if sample.name.endswith("_total")]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def grows(by, before, family, **labels):
    """Whether a counter has grown so much: a call counts once its last byte is out, which its caller may see before."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if total(family, **labels) >= before + by:
            return True
        time.sleep(0.02)
    return False


def ask(route, text, **more):
    body = json.dumps({"messages": [{"role": "user", "content": text}], **more}).encode()
    request = urllib.request.Request(
        f"{GATEWAY}/endpoints/{route}/invocations", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


@case
def the_text_format_is_read():
    equal(ask("chat", prompt()), 200)

    content_type, text = page()
    found = {family.name: family.type for family in parser.text_string_to_metric_families(text)}

    holds(content_type.startswith(TEXT), content_type)
    equal({name: found.get(name) for name in KINDS}, KINDS)
    holds(all(family.documentation for family in families().values()), "a family without its help")


@case
def openmetrics_is_read_by_the_stricter_parser():
    equal(ask("chat", prompt()), 200)

    content_type, text = page(OPEN_METRICS)
    found = {family.name: family.type for family in openmetrics_parser.text_string_to_metric_families(text)}

    holds(content_type.startswith(OPEN_METRICS), content_type)
    holds(text.endswith("# EOF\n"), text[-80:])
    equal({name: found.get(name) for name in KINDS}, KINDS)


@case
def a_call_and_its_tokens_are_counted():
    labels = {"route": "chat", "status": "200", "stream": "false"}
    calls, tokens = total("gateway_calls", **labels), total("gateway_tokens", route="chat", direction="prompt")

    equal(ask("chat", prompt()), 200)

    holds(grows(1, calls, "gateway_calls", **labels), "the call was not counted")
    holds(grows(2, tokens, "gateway_tokens", route="chat", direction="prompt"), "its tokens were not counted")


@case
def a_stream_is_counted_as_one():
    labels = {"route": "chat", "status": "200", "stream": "true"}
    before = total("gateway_calls", **labels)

    equal(ask("chat", prompt(), stream=True), 200)

    holds(grows(1, before, "gateway_calls", **labels), "the stream was not counted")


@case
def invented_names_make_no_series_and_no_secret_is_a_label():
    invented = prompt("invented").replace(" ", "-")

    equal(ask(invented, prompt()), 404)

    text = page()[1]
    routes = {s.labels["route"] for f in families().values() for s in f.samples if "route" in s.labels}
    holds(invented not in text, "the invented name is on the page")
    holds(PROVIDER_KEY not in text, "the credential is on the page")
    holds(routes <= set(NAMES) | {"none", "other"}, routes)


@case
def buckets_grow_up_to_the_count():
    equal(ask("chat", prompt()), 200)

    samples = families()["gateway_call_duration_seconds"].samples
    by_labels = {}
    for sample in samples:
        labels = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
        by_labels.setdefault(labels, []).append(sample)

    for labels, of_one in by_labels.items():
        buckets = [sample for sample in of_one if sample.name.endswith("_bucket")]
        values = [sample.value for sample in sorted(buckets, key=lambda sample: float(sample.labels["le"]))]
        count = [sample.value for sample in of_one if sample.name.endswith("_count")]
        equal(values, sorted(values), f"buckets of {labels}")
        equal(values[-1:], count, f"count of {labels}")


main()
