"""Together's SDK."""

import together
from together.types import Completion, CompletionChunk, Embedding, completion_create_params, embedding_create_params
from together.types.chat import ChatCompletion, ChatCompletionChunk, completion_create_params as chat_params

from judges import Said
from judges.openai import PATHS, streamed, whole
from judges.shapes import must_be, must_be_parameters

ANSWERS = {"chat": ChatCompletion, "completions": Completion, "embeddings": Embedding}
CHUNKS = {"chat": ChatCompletionChunk, "completions": CompletionChunk}
PARAMETERS = {
    "chat": chat_params.CompletionCreateParams,
    "completions": completion_create_params.CompletionCreateParams,
    "embeddings": embedding_create_params.EmbeddingCreateParams,
}


class Together:
    providers = ("togetherai",)
    refusals = together.APIStatusError
    strays = {}

    def ask(self, base, cell):
        client = together.Together(base_url=base, api_key="k", max_retries=0)
        call = {name: value for name, value in cell.call().items() if name != "stream_options"}
        if cell.task == "embeddings":
            return Said(vectors=[item.embedding for item in client.embeddings.create(model="m", **call).data])
        create = client.chat.completions.create if cell.task == "chat" else client.completions.create
        answer = create(model="m", **call)
        return streamed(answer) if call.get("stream") else whole(answer)

    def whole(self, task, data):
        must_be(ANSWERS[task], data)

    def event(self, task, name, data):
        must_be(CHUNKS[task], data)

    def error(self, status, data):
        assert data["error"]["message"]

    def sent(self, task, request):
        assert request["path"] == "/v1" + PATHS[task], request["path"]
        must_be_parameters(PARAMETERS[task], indexed(request["body"]))


def indexed(body):
    """The type of calls in the history is that of an answer's, whose index a caller need not say."""
    for message in body.get("messages", []):
        for index, call in enumerate(message.get("tool_calls") or []):
            call.setdefault("index", index)
    return body


JUDGES = (Together(),)
