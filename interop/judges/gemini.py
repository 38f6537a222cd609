"""Google's SDK for Gemini."""

import json

from google import genai
from google.genai import errors, models, types

from judges import Said
from judges.shapes import must_be

MEMBERS = {
    "contents": list[types.Content],
    "systemInstruction": types.Content,
    "tools": list[types.Tool],
    "toolConfig": types.ToolConfig,
    "generationConfig": types.GenerationConfig,
    "safetySettings": list[types.SafetySetting],
    "cachedContent": str,
}


class Gemini:
    providers = ("gemini",)
    refusals = errors.APIError
    strays = {
        "error-stream.sse": "an error in place of an answer, on which the SDK raises",
        "embedding-response.json": "of embedContent, which the SDK no longer asks",
    }

    def ask(self, base, cell):
        options = types.HttpOptions(base_url=base, api_version="v1beta")
        client = genai.Client(api_key="k", http_options=options)
        if cell.task == "embeddings":
            vectors = client.models.embed_content(model="m", contents=cell.call()["input"])
            return Said(vectors=[one.values for one in vectors.embeddings])
        if cell.call().get("stream"):
            chunks = list(client.models.generate_content_stream(model="m", contents="?"))
        else:
            chunks = [client.models.generate_content(model="m", contents="?")]
        said = Said()
        for chunk in chunks:
            for part in chunk.candidates[0].content.parts or []:
                said.text += part.text or ""
                if part.function_call:
                    said.tools.append((part.function_call.name, json.dumps(part.function_call.args or {})))
            said.finish = chunk.candidates[0].finish_reason or said.finish
        return said

    def whole(self, task, data):
        kind = types.EmbedContentResponse if task == "embeddings" else types.GenerateContentResponse
        must_be(kind, data)

    def event(self, task, name, data):
        must_be(types.GenerateContentResponse, data)

    def error(self, status, data):
        assert data["error"]["code"] == status and data["error"]["status"].isupper()

    def sent(self, task, request):
        operation = request["path"].rsplit(":", 1)[-1]
        if task == "embeddings":
            assert operation in ("embedContent", "batchEmbedContents"), request["path"]
            for one in request["body"].get("requests", [request["body"]]):
                must_be(types.Content, one["content"])
                rest = {key: value for key, value in one.items() if key not in ("content", "model")}
                must_be(types.EmbedContentConfig, rest)
            return
        assert operation in ("generateContent", "streamGenerateContent?alt=sse"), request["path"]
        for name, value in request["body"].items():
            must_be(MEMBERS[name], value)


class Vertex(Gemini):
    """The same on Vertex AI, where texts are embedded by `:predict`; the SDK reads its answers by a function of its own."""

    providers = ("vertex", "vertexai")

    def whole(self, task, data):
        super().whole(task, models._EmbedContentResponse_from_vertex(data) if task == "embeddings" else data)


JUDGES = (Gemini(), Vertex())
