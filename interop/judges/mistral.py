"""Mistral's SDK."""

import json

from mistralai.client import Mistral as Client, models
from mistralai.client.errors import MistralError

from judges import Said
from judges.openai import PATHS
from judges.shapes import must_be


class Mistral:
    providers = ("mistral",)
    refusals = MistralError
    strays = {}

    def ask(self, base, cell):
        client = Client(api_key="k", server_url=base)
        call = cell.call()
        if cell.task == "embeddings":
            return Said(vectors=[one.embedding for one in client.embeddings.create(model="m", inputs=call["input"]).data])
        messages = [{"role": "user", "content": "?"}]
        if not call.get("stream"):
            choice = client.chat.complete(model="m", messages=messages).choices[0]
            return Said(choice.message.content or "", tools(choice.message), choice.finish_reason)
        said = Said()
        for event in client.chat.stream(model="m", messages=messages):
            for choice in event.data.choices:
                said.text += choice.delta.content or ""
                said.tools += tools(choice.delta)
                said.finish = choice.finish_reason or said.finish
        return said

    def whole(self, task, data):
        must_be(models.EmbeddingResponse if task == "embeddings" else models.ChatCompletionResponse, data)

    def event(self, task, name, data):
        must_be(models.CompletionChunk, data)

    def error(self, status, data):
        assert "message" in data or "detail" in data

    def sent(self, task, request):
        path = "chat" if task == "completions" else task
        assert request["path"] == "/v1" + PATHS[path], request["path"]
        if task == "embeddings":
            # `input` is the documented name of what the SDK calls `inputs`.
            body = {("inputs" if name == "input" else name): value for name, value in request["body"].items()}
            return must_be(models.EmbeddingRequest, body)
        streams = request["body"].get("stream")
        must_be(models.ChatCompletionStreamRequest if streams else models.ChatCompletionRequest, request["body"])


def tools(message):
    calls = message.tool_calls or []
    return [(call.function.name, text(call.function.arguments)) for call in calls]


def text(arguments):
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


JUDGES = (Mistral(),)
