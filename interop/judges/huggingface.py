"""Hugging Face's SDK, for Text Generation Inference."""

from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError, TextGenerationError
from huggingface_hub.inference._generated.types import ChatCompletionInput, ChatCompletionOutput
from huggingface_hub.inference._generated.types import ChatCompletionStreamOutput, TextGenerationInput
from huggingface_hub.inference._generated.types import TextGenerationInputGenerateParameters, TextGenerationOutput
from huggingface_hub.inference._generated.types import TextGenerationStreamOutput

from judges import Said
from judges.openai import streamed, whole


class HuggingFace:
    providers = ("huggingface-text-generation-inference",)
    refusals = (HfHubHTTPError, TextGenerationError)
    strays = {}

    def ask(self, base, cell):
        if cell.task == "completions":
            return self.generated(base, cell.call())
        if cell.task != "chat":
            return None
        client = InferenceClient(base_url=base + "/v1", token="k")
        call = dict(cell.call())
        answer = client.chat_completion(**call)
        return streamed(answer) if call.get("stream") else whole(answer)

    def generated(self, base, call):
        if not call.get("stream"):
            client = InferenceClient(model=f"{base}/generate", token="k")
            answer = client.text_generation(call["prompt"], details=True)
            return Said(text=answer.generated_text, finish=answer.details.finish_reason)
        said, client = Said(), InferenceClient(model=f"{base}/generate_stream", token="k")
        for event in client.text_generation(call["prompt"], details=True, stream=True):
            said.text += "" if event.token.special else event.token.text
            said.finish = event.details.finish_reason if event.details else said.finish
        return said

    def whole(self, task, data):
        if task == "completions":
            TextGenerationOutput.parse_obj_as_instance(data)
        if task == "chat":
            ChatCompletionOutput.parse_obj_as_instance(data)

    def event(self, task, name, data):
        if task == "completions":
            TextGenerationStreamOutput.parse_obj_as_instance(data)
        if task == "chat":
            ChatCompletionStreamOutput.parse_obj_as_instance(data)

    def error(self, status, data):
        assert isinstance(data["error"], str)

    def sent(self, task, request):
        if task == "completions":
            return self.generate_sent(request)
        assert request["path"].startswith("/v1/"), request["path"]
        if task == "chat":
            known(request["body"], ChatCompletionInput)
            ChatCompletionInput.parse_obj_as_instance(request["body"])


    def generate_sent(self, request):
        assert request["path"] in ("/generate", "/generate_stream"), request["path"]
        TextGenerationInput.parse_obj_as_instance(request["body"])
        known(request["body"], TextGenerationInput)
        known(request["body"].get("parameters", {}), TextGenerationInputGenerateParameters)


def known(said, kind):
    strange = set(said) - set(kind.__dataclass_fields__)
    assert not strange, f"the SDK knows no {', '.join(sorted(strange))}"


JUDGES = (HuggingFace(),)
