"""Cohere's SDK, version 2 of the API."""

import cohere
from cohere.core.api_error import ApiError
from cohere.types import EmbedByTypeResponse
from cohere.v2.types import V2ChatResponse, V2ChatStreamResponse

from judges import Said
from judges.shapes import must_be, must_be_arguments


# The documented stream begins with a message that has all its members, empty; the SDK's type has only its role.
BEGUN = ("content", "tool_plan", "tool_calls", "citations")


class Cohere:
    providers = ("cohere",)
    refusals = ApiError
    strays = {}

    def ask(self, base, cell):
        client = cohere.ClientV2(base_url=base, api_key="k")
        asked = {"model": "m", "messages": [{"role": "user", "content": "?"}], "request_options": {"max_retries": 0}}
        if cell.task == "embeddings":
            options = {"input_type": "search_document", "embedding_types": ["float"]}
            return Said(vectors=client.embed(model="m", texts=cell.call()["input"], **options).embeddings.float_)
        if not cell.call().get("stream"):
            return self.said(client.chat(**asked))
        said = Said()
        for event in client.chat_stream(**asked):
            self.add(said, event)
        return said

    def said(self, answer):
        tools = [(call.function.name, call.function.arguments) for call in answer.message.tool_calls or []]
        texts = [item.text for item in answer.message.content or [] if item.type == "text"]
        return Said("".join(texts), tools, answer.finish_reason)

    def add(self, said, event):
        if event.type == "content-delta":
            said.text += event.delta.message.content.text or ""
        elif event.type == "tool-call-start":
            said.tools.append((event.delta.message.tool_calls.function.name, ""))
        elif event.type == "tool-call-delta":
            name, arguments = said.tools[-1]
            said.tools[-1] = (name, arguments + event.delta.message.tool_calls.function.arguments)
        elif event.type == "message-end":
            said.finish = None if event.delta.finish_reason == "ERROR" else event.delta.finish_reason

    def whole(self, task, data):
        must_be(EmbedByTypeResponse if task == "embeddings" else V2ChatResponse, data)

    def event(self, task, name, data):
        assert name == data["type"], f"{name} is {data['type']}"
        must_be(V2ChatStreamResponse, data, BEGUN if name == "message-start" else ())

    def error(self, status, data):
        assert isinstance(data["message"], str)

    def sent(self, task, request):
        if task == "embeddings":
            assert request["path"] == "/v2/embed", request["path"]
            return must_be_arguments(cohere.ClientV2.embed, request["body"])
        assert request["path"] == "/v2/chat", request["path"]
        must_be_arguments(cohere.ClientV2.chat, request["body"], but=("stream",))


JUDGES = (Cohere(),)
