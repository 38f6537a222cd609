"""What the providers are shown to do, as the gateway's own tests hold it in files: one folder for each provider.

A cell is one exchange: the caller's words, what the provider answers, and what was sent and said for them. Which there are
is what the folders list, so a new provider is here by itself.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "gateway-server" / "src" / "test" / "resources" / "provider"
CONTENT_TYPES = {
    "json": "application/json",
    "sse": "text/event-stream",
    "frames": "application/vnd.amazon.eventstream",
}
SURFACES = {"chat": "/v1/chat/completions", "completions": "/v1/completions", "embeddings": "/v1/embeddings"}


class Cell:
    """`provider` and `name`, for example `anthropic` and `chat-tools-stream`."""

    def __init__(self, provider, name):
        self.provider = provider
        self.name = name
        self.task, self.what = name.split("-", 1)

    @property
    def place(self):
        """Its route at the gateway, and its folder at the played providers."""
        return f"{self.provider}.{self.name}"

    def call(self):
        """The caller's words."""
        call = {"cut": "stream", "broken": "stream"}.get(self.what, self.what)
        if self.refused:
            call = "plain"
        own = ROOT / self.provider / "calls" / f"{self.task}-{call}.json"
        return json.loads((own if own.exists() else ROOT / "calls" / own.name).read_text())

    @property
    def refused(self):
        """Whether the provider refuses."""
        return self.what.startswith("error-") or self.what == "overloaded"

    def reply(self):
        """Status, kind and text of what the provider answers; None where it is never asked."""
        folder = ROOT / self.provider
        if self.refused:
            statuses = ["503", "529"] if self.what == "overloaded" else [self.what.removeprefix("error-")]
            files = [(int(status), folder / f"error-{status}.json") for status in statuses]
        else:
            files = [(200, folder / "cells" / f"{self.name}.reply.{kind}") for kind in CONTENT_TYPES]
        for status, file in files:
            if file.exists():
                return status, file.suffix[1:], file.read_text()
        return None

    def exchange(self):
        """What was sent and what the caller got, as the gateway's tests hold it."""
        return json.loads((ROOT / self.provider / "cells" / f"{self.name}.exchange.json").read_text())


def cells():
    """Every cell of every provider, in order."""
    files = sorted(ROOT.glob("*/cells/*.exchange.json"))
    return [Cell(file.parent.parent.name, file.name.removesuffix(".exchange.json")) for file in files]


def target(provider, upstream):
    """A target of this provider at this address, as a configuration has it."""
    return json.loads((ROOT / provider / "target.json").read_text().replace("@UPSTREAM@", upstream))


def events(text):
    """The blocks of a stream in a file: name, data. Only LF ends a line: U+2028 may stand in the data."""
    for block in text.split("\n\n"):
        name = data = ""
        for line in block.split("\n"):
            key, _, value = line.partition(": ")
            name = value if key in ("event", "exception") else name
            data = value if key == "data" else data
        if data:
            yield name, data


def is_exception(text, name):
    return bool(re.search(rf"^exception: {re.escape(name)}$", text, re.MULTILINE))


def is_said_by_the_provider(name):
    """Whether a file beside the cells holds what a provider says: an answer, a stream or a refusal."""
    return name.endswith(("-response.json", ".sse")) or bool(re.fullmatch(r"error-\d{3}\.json", name))
