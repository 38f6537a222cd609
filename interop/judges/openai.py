"""OpenAI's SDK, for OpenAI and for those that say their API is OpenAI's."""

import openai
from openai.types import Completion, CreateEmbeddingResponse, completion_create_params, embedding_create_params
from openai.types.chat import ChatCompletion, ChatCompletionChunk, completion_create_params as chat_params
from openai.types.shared import ErrorObject

from judges import Said
from judges.shapes import must_be, must_be_parameters

ANSWERS = {"chat": ChatCompletion, "completions": Completion, "embeddings": CreateEmbeddingResponse}
CHUNKS = {"chat": ChatCompletionChunk, "completions": Completion}
PARAMETERS = {
    "chat": chat_params.CompletionCreateParams,
    "completions": completion_create_params.CompletionCreateParams,
    "embeddings": embedding_create_params.EmbeddingCreateParams,
}
PATHS = {"chat": "/chat/completions", "completions": "/completions", "embeddings": "/embeddings"}


class OpenAi:
    providers = ("openai",)
    refusals = openai.APIStatusError
    root = "/v1"
    # Azure's own members, and those that newer models send and no released type has yet.
    but = ("obfuscation", "prompt_filter_results", "content_filter_results", "content_filter_offsets")
    strays = {
        "completions-as-chat-response.json": "what some servers answer in place of OpenAI's form",
        "completions-as-chat.sse": "the same as a stream",
        "azure-chat.sse": "Azure's chunks lack members that OpenAI's have",
        "azure-error-400.json": "Azure's inner error",
        "embeddings-response.json": "base64, which the SDK turns into numbers before its types see it",
    }

    def ask(self, base, cell):
        client = openai.OpenAI(base_url=base + self.root, api_key="k", max_retries=0)
        return self.asked(client, cell, cell.call())

    def asked(self, client, cell, call):
        if cell.task == "embeddings":
            vectors = client.embeddings.create(model="m", encoding_format="float", **call)
            return Said(vectors=[item.embedding for item in vectors.data])
        create = client.chat.completions.create if cell.task == "chat" else client.completions.create
        answer = create(model="m", **call)
        return streamed(answer) if call.get("stream") else whole(answer)

    def whole(self, task, data):
        must_be(ANSWERS[task], data, self.but)

    def event(self, task, name, data):
        if task == "completions":  # one type for whole answers and their pieces: it knows no piece without an end
            choices = [{**one, "finish_reason": one["finish_reason"] or "stop"} for one in data["choices"]]
            data = {**data, "choices": choices}
        must_be(CHUNKS[task], data, self.but)

    def error(self, status, data):
        must_be(ErrorObject, data["error"])

    def sent(self, task, request):
        assert request["path"] == self.root + PATHS[task], request["path"]
        must_be_parameters(PARAMETERS[task], request["body"])


class SaysItIsOpenAi(OpenAi):
    """Servers with members of their own, and errors of their own."""

    providers = ("ollama", "openai-compatible")
    but = (*OpenAi.but, "reasoning", "stop_reason")
    strays = {}

    def error(self, status, data):
        pass


class Databricks(SaysItIsOpenAi):
    """Databricks' own documentation says to ask its endpoints by OpenAI's SDK."""

    providers = ("databricks",)
    strays = {
        "chat-response.json": "Claude's endpoints answer content as a list with reasoning, which is not OpenAI's",
        "chat.sse": "the same as a stream",
    }
    root = "/serving-endpoints"
    but = (*SaysItIsOpenAi.but, "id")

    def sent(self, task, request):
        assert request["path"].startswith("/serving-endpoints/"), request["path"]
        assert request["path"].endswith("/invocations"), request["path"]
        # The endpoint is in the path, and takes the place of the model.
        must_be_parameters(PARAMETERS[task], {"model": "m", **request["body"]})


def whole(answer):
    choice = answer.choices[0]
    if not hasattr(choice, "message"):
        return Said(choice.text, [], choice.finish_reason)
    calls = choice.message.tool_calls or []
    tools = [(call.function.name, call.function.arguments) for call in calls]
    return Said(choice.message.content or "", tools, choice.finish_reason)


def streamed(chunks):
    said = Said()
    for chunk in chunks:
        for choice in chunk.choices or []:
            said.finish = getattr(choice, "finish_reason", None) or getattr(chunk, "finish_reason", None) or said.finish
            if getattr(choice, "delta", None) is None or getattr(choice, "text", None):
                said.text += choice.text or ""
                continue
            said.text += choice.delta.content or ""
            for call in getattr(choice.delta, "tool_calls", None) or []:
                add(said, call)
    return said


def add(said, call):
    index = int(call.index or 0)
    while len(said.tools) <= index:
        said.tools.append(("", ""))
    name, arguments = said.tools[index]
    said.tools[index] = (name + (call.function.name or ""), arguments + (call.function.arguments or ""))


JUDGES = (OpenAi(), SaysItIsOpenAi(), Databricks())
