"""Hugging Face's SDK, for Text Generation Inference."""

from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.inference._generated.types import ChatCompletionInput, ChatCompletionOutput
from huggingface_hub.inference._generated.types import ChatCompletionStreamOutput

from judges import Said
from judges.openai import streamed, whole


class HuggingFace:
    providers = ("huggingface-text-generation-inference",)
    refusals = HfHubHTTPError
    strays = {}

    def ask(self, base, cell):
        if cell.task != "chat":
            return None
        client = InferenceClient(base_url=base + "/v1", token="k")
        call = dict(cell.call())
        answer = client.chat_completion(**call)
        return streamed(answer) if call.get("stream") else whole(answer)

    def whole(self, task, data):
        if task == "chat":
            ChatCompletionOutput.parse_obj_as_instance(data)

    def event(self, task, name, data):
        if task == "chat":
            ChatCompletionStreamOutput.parse_obj_as_instance(data)

    def error(self, status, data):
        assert isinstance(data["error"], str)

    def sent(self, task, request):
        assert request["path"].startswith("/v1/"), request["path"]
        if task == "chat":
            strange = set(request["body"]) - set(ChatCompletionInput.__dataclass_fields__)
            assert not strange, f"the SDK knows no {', '.join(sorted(strange))}"
            ChatCompletionInput.parse_obj_as_instance(request["body"])


JUDGES = (HuggingFace(),)
