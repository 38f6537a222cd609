"""The providers' own SDKs read what our files say the providers answer, and judge what the gateway sends to them."""

import json
import os
import sys
import urllib.error
import urllib.request

import harness
from harness import GATEWAY, equal, holds

import fixtures
from fixtures import SURFACES
from judges import judges

VENDORS = os.environ.get("INTEROP_VENDORS", "")
JUDGES = judges()


def request(url, data=None):
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()


def file_is_known(provider, name):
    """A file beside the cells is what the SDK's types say."""
    judge, text = JUDGES[provider], (fixtures.ROOT / provider / name).read_text()
    task = next((task for task in ("completions", "embedding") if name.startswith(task)), "chat")
    task = "embeddings" if task == "embedding" else task
    if name.startswith("error-") and name.endswith(".json"):
        return judge.error(int(name[6:9]), json.loads(text))
    if name.endswith(".json"):
        return judge.whole(task, json.loads(text))
    events_are_known(judge, task, text, breaks=name == "error-stream.sse")


def events_are_known(judge, task, text, breaks=False):
    events = [(name, data) for name, data in fixtures.events(text) if data != "[DONE]"]
    for name, data in events[:-1] if breaks else events:
        judge.event(task, name, json.loads(data))


def reply_is_read(cell):
    """The SDK, asked as its users ask it, reads the cell's reply as its types say and as the gateway understood it."""
    judge = JUDGES[cell.provider]
    status, kind, text = cell.reply()
    if status == 200 and kind == "json":
        judge.whole(cell.task, json.loads(text))
    elif status == 200:
        events_are_known(judge, cell.task, text, breaks=cell.what == "broken")
    try:
        said = judge.ask(f"{VENDORS}/{cell.place}", cell)
    except judge.refusals as refusal:
        holds(status != 200 or cell.what == "broken", f"the SDK refuses the reply: {refusal!r}")
        return status == 200 or equal(status_of(refusal), status, "status")
    except Exception:
        if cell.what == "broken":
            return None
        raise
    if said is None:  # the SDK has no such call
        return None
    holds(status == 200, f"the SDK takes a refusal for {said}")
    if cell.what in ("cut", "broken"):
        return holds(said.finish is None, "the SDK takes a broken stream for whole")
    return same(said, cell.exchange()["answer"])


def status_of(refusal):
    for name in ("status_code", "code"):
        if isinstance(getattr(refusal, name, None), int):
            return getattr(refusal, name)
    # What an SDK makes of a refusal may be raised from the refusal itself.
    answer = getattr(refusal, "response", None) or refusal.__cause__.response
    return answer["ResponseMetadata"]["HTTPStatusCode"] if isinstance(answer, dict) else answer.status_code


def same(said, answer):
    """What the SDK read is what the gateway's caller got."""
    if said.vectors:
        return equal([item["embedding"] for item in answer["body"]["data"]], said.vectors, "vectors")
    text, tools = "", {}
    pieces = [answer["body"]] if "body" in answer else [event for event in answer["events"] if event != "[DONE]"]
    for choice in (choice for piece in pieces for choice in piece["choices"]):
        message = choice.get("message") or choice.get("delta") or {"content": choice.get("text")}
        text += message.get("content") or ""
        for index, call in enumerate(message.get("tool_calls") or []):
            name, arguments = tools.get(call.get("index", index), ("", ""))
            function = call["function"]
            more = name + function.get("name", ""), arguments + function.get("arguments", "")
            tools[call.get("index", index)] = more
    equal(text, said.text, "text")
    equal([(name, json.loads(args)) for name, args in tools.values()],
          [(name, json.loads(args or "{}")) for name, args in said.tools], "tools")  # fmt: skip
    holds(said.finish, "the SDK sees no end")


def sent_is_known(cell):
    """What the gateway sends for a cell is what the SDK's types say may be sent."""
    before = len(json.loads(request(f"{VENDORS}/sent?place={cell.place}")))
    request(GATEWAY + SURFACES[cell.task], json.dumps({**cell.call(), "model": cell.place}).encode())
    sent = json.loads(request(f"{VENDORS}/sent?place={cell.place}"))[before:]
    equal(len(sent), len(cell.exchange()["sent"]), "requests")
    for one in sent:
        JUDGES[cell.provider].sent(cell.task, one)


def cases():
    """Name and action of every case; what no SDK judges is left out."""
    for provider, judge in JUDGES.items():
        for file in sorted((fixtures.ROOT / provider).glob("*.*")):
            if fixtures.is_said_by_the_provider(file.name) and file.name not in judge.strays:
                yield f"{provider}/{file.name}_is_known", lambda p=provider, f=file.name: file_is_known(p, f)
    for cell in fixtures.cells():
        if cell.provider in JUDGES and cell.reply():
            yield f"{cell.provider}/{cell.name}_is_read", lambda c=cell: reply_is_read(c)
            if not cell.refused and cell.what not in ("cut", "broken"):
                yield f"{cell.provider}/{cell.name}_is_sent", lambda c=cell: sent_is_known(c)


if __name__ == "__main__":
    if sys.argv[1:] == ["--names"]:
        print(json.dumps([name for name, _ in cases()]))
        sys.exit(0)
    for name, action in cases():
        action.__name__ = name
        harness.case(action)
    harness.main()
