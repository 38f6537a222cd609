"""Amazon's SDK: what botocore knows of the service `bedrock-runtime`."""

import base64
import json
from urllib.parse import unquote

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.validate import ParamValidator

from judges import Said

OPERATIONS = {
    "converse": "Converse",
    "converse-stream": "ConverseStream",
    "invoke": "InvokeModel",
    "invoke-with-response-stream": "InvokeModelWithResponseStream",
}


class Bedrock:
    providers = ("bedrock",)
    refusals = ClientError
    strays = {}

    def __init__(self):
        self.session = botocore.session.Session()
        self.session.set_credentials("AKIDEXAMPLE", "fake-secret-key")

    def client(self, base):
        config = Config(retries={"max_attempts": 0})
        return self.session.create_client("bedrock-runtime", "us-east-1", endpoint_url=base, config=config)

    def ask(self, base, cell):
        """By the operation that the gateway used for this cell."""
        operation = operation_of(cell.exchange()["sent"][0]["path"])
        client = self.client(base)
        if operation == "Converse":
            answer = client.converse(modelId="m", messages=[])
            return converse(answer["output"]["message"]["content"], answer["stopReason"])
        if operation == "ConverseStream":
            return stream(client.converse_stream(modelId="m", messages=[])["stream"])
        if operation == "InvokeModel":
            client.invoke_model(modelId="m", body=b"{}")["body"].read()
        else:
            for event in client.invoke_model_with_response_stream(modelId="m", body=b"{}")["body"]:
                assert "chunk" in event, event
        return None

    def whole(self, task, data):
        if "output" in data:
            strange(self.shape("Converse").output_shape, data)

    def event(self, task, name, data):
        events = self.shape("ConverseStream").output_shape.members["stream"].members
        if name in events:
            strange(events[name], data, but=("p",))

    def error(self, status, data):
        assert data.get("message") or data.get("Message"), data

    def sent(self, task, request):
        operation = operation_of(request["path"])
        if operation.startswith("Invoke"):
            return  # the body is the model's own
        shape = self.shape(operation).input_shape
        given = {"modelId": unquote(request["path"].split("/")[-2]), **typed(shape, request["body"])}
        report = ParamValidator().validate(given, shape)
        assert not report.has_errors(), report.generate_report()

    def shape(self, operation):
        return self.session.get_service_model("bedrock-runtime").operation_model(operation)


def operation_of(path):
    return OPERATIONS[path.split("?")[0].rsplit("/", 1)[-1]]


def typed(shape, value):
    """JSON as botocore wants parameters: blobs as bytes."""
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        members = shape.members
        return {name: typed(members[name], one) if name in members else one for name, one in value.items()}
    if shape.type_name == "list":
        return [typed(shape.member, one) for one in value]
    return base64.b64decode(value) if shape.type_name == "blob" else value


def strange(shape, value, but=(), place=""):
    """Fails for members that the service's model does not have."""
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        for name, one in value.items():
            if name not in but:
                assert name in shape.members, f"botocore knows no {place}.{name}"
                strange(shape.members[name], one, but, f"{place}.{name}")
    elif shape.type_name == "list":
        for one in value:
            strange(shape.member, one, but, f"{place}[]")


def converse(content, finish):
    text = "".join(block.get("text", "") for block in content)
    uses = [block["toolUse"] for block in content if "toolUse" in block]
    return Said(text, [(use["name"], json.dumps(use["input"])) for use in uses], finish)


def stream(events):
    said = Said()
    for event in events:
        start = event.get("contentBlockStart", {}).get("start", {}).get("toolUse")
        delta = event.get("contentBlockDelta", {}).get("delta", {})
        said.text += delta.get("text", "")
        if start:
            said.tools.append((start["name"], ""))
        if "toolUse" in delta:
            name, arguments = said.tools[-1]
            said.tools[-1] = (name, arguments + delta["toolUse"]["input"])
        if "metadata" in event:  # the last event; without it the stream was cut
            said.finish = "metadata"
    return said


FAULTS = (BotoCoreError, ClientError)
JUDGES = (Bedrock(),)
