"""Anthropic's SDK."""

import json

import anthropic
from anthropic.types import ErrorResponse, Message, RawMessageStreamEvent, message_create_params

from judges import Said
from judges.shapes import must_be, must_be_parameters

# Not parameters since version 2026-10-21 of the API, which the SDK speaks; 2023-06-01, the gateway's default, has them.
OF_2023 = ("temperature", "top_p", "top_k")


class Anthropic:
    providers = ("anthropic",)
    refusals = anthropic.APIStatusError
    strays = {
        "old-completion-response.json": "of the API before messages, which the SDK has given up",
        "old-completion.sse": "the same as a stream",
    }

    def ask(self, base, cell):
        client = anthropic.Anthropic(base_url=base, api_key="k", max_retries=0)
        asked = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "?"}]}
        if not cell.call().get("stream"):
            return self.said(client.messages.create(**asked))
        with client.messages.stream(**asked) as stream:
            for _ in stream:
                pass
            return self.said(stream.current_message_snapshot)

    def said(self, message):
        text = "".join(block.text for block in message.content if block.type == "text")
        tools = [(block.name, json.dumps(block.input)) for block in message.content if block.type == "tool_use"]
        return Said(text, tools, message.stop_reason)

    def whole(self, task, data):
        must_be(Message, data)

    def event(self, task, name, data):
        assert name == data["type"], f"{name} is {data['type']}"
        if name in ("ping", "error", "something_new"):
            return
        must_be(RawMessageStreamEvent, data)

    def error(self, status, data):
        must_be(ErrorResponse, data)

    def sent(self, task, request):
        assert request["path"] == "/v1/messages", request["path"]
        assert request["headers"]["anthropic-version"] == "2023-06-01"
        must_be_parameters(message_create_params.MessageCreateParams, request["body"], OF_2023)


JUDGES = (Anthropic(),)
