"""AI21's SDK."""

import ai21
from ai21.models.chat import ChatCompletionChunk, ChatCompletionResponse, ChatMessage
from pydantic import BaseModel

from judges.openai import streamed, whole
from judges.shapes import must_be, must_be_arguments


class Ai21:
    providers = ("ai21labs",)
    refusals = ai21.errors.AI21APIError
    strays = {}

    def ask(self, base, cell):
        client = ai21.AI21Client(api_key="k", api_host=base + "/studio/v1", num_retries=0)
        messages = [ChatMessage(role="user", content="?")]
        if cell.call().get("stream"):
            return read(client.chat.completions.create(model="m", messages=messages, stream=True))
        return whole(client.chat.completions.create(model="m", messages=messages))

    def whole(self, task, data):
        must_be(ChatCompletionResponse, data)

    def event(self, task, name, data):
        # The type of a piece knows no tools, which the API streams as it answers them.
        must_be(ChatCompletionChunk, data, but=("tool_calls",))

    def error(self, status, data):
        assert data["detail"]

    def sent(self, task, request):
        assert request["path"] == "/studio/v1/chat/completions", request["path"]
        must_be_arguments(ai21.AI21Client(api_key="k").chat.completions.create, request["body"])


def read(chunks):
    """Tools of a stream are bare JSON to this SDK."""
    chunks = list(chunks)
    for chunk in chunks:
        calls = getattr(chunk.choices[0].delta, "tool_calls", None) or []
        chunk.choices[0].delta.tool_calls = [ToolDelta.model_validate(call) for call in calls]
    return streamed(chunks)


class Function(BaseModel):
    name: str = ""
    arguments: str = ""


class ToolDelta(BaseModel):
    index: int
    function: Function


JUDGES = (Ai21(),)
