"""A deterministic provider that speaks OpenAI's API: the upstream of every interop case.

It prints its port, answers until it is ended, and remembers every request so that a case can ask what the gateway
sent. A marker in the last prompt asks for trouble:

    [[fail:429]]           the status, with a body as OpenAI writes it (429 has Retry-After: 1)
    [[fail-once:503]]      the status for the first request with this body, then the ordinary answer
    [[slow-stream]]        forty pieces, 100 ms apart
    [[break-stream]]       two pieces, then the connection ends without [DONE]
    [[error-in-stream]]    two pieces, then an error event

Below `/chat-like`, completions are written like chat answers, the only ones MLflow's own gateway reads and streams.
"""

import base64
import json
import os
import re
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

from answers import CHAT_MODEL, TEXT_MODEL, VECTOR_MODEL, echo, vector, words

KEY = os.environ["INTEROP_PROVIDER_KEY"]
CALLER_MARK = "interop-caller"  # every credential a case shows to the gateway starts so

CHAT_LIKE = "/chat-like"
MODELS = {"/v1/chat/completions": CHAT_MODEL, "/v1/completions": TEXT_MODEL, "/v1/embeddings": VECTOR_MODEL}
ERROR_TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 429: "rate_limit_error"}


class Journal:
    """What arrived. Guarded by one lock; read over the /admin paths."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = []
        self.violations = []
        self.aborted = []

    def record(self, path, headers, text):
        with self.lock:
            earlier = sum(1 for request in self.requests if request["text"] == text)
            self.requests.append({"path": path, "headers": headers, "text": text})
            return earlier

    def violation(self, what):
        with self.lock:
            self.violations.append(what)

    def abort(self, text):
        with self.lock:
            self.aborted.append(text)

    def holding(self, token):
        with self.lock:
            found = [request for request in self.requests if token in request["text"]]
        return [{"path": r["path"], "headers": r["headers"], "body": json.loads(r["text"])} for r in found]

    def aborts(self, token):
        with self.lock:
            return sum(1 for text in self.aborted if token in text)


JOURNAL = Journal()


def text_of(content):
    """The text of a message's content, which is a string or a list of parts."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def prompt_of(body):
    if "messages" in body:
        return text_of(body["messages"][-1].get("content"))
    prompt = body.get("prompt", body.get("input", ""))
    return prompt if isinstance(prompt, str) else str(prompt)


def cut(body, text):
    """Applies `stop` and `max_tokens`; returns the text and the finish reason."""
    stops = body.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.split(stop)[0]
    limit = body.get("max_tokens") or body.get("max_completion_tokens")
    pieces = text.split(" ")
    if limit is not None and len(pieces) > limit:
        return " ".join(pieces[:limit]), "length"
    return text, "stop"


def chat_message(body):
    """The assistant's message and the finish reason."""
    last = body["messages"][-1]
    prompt = text_of(last.get("content"))
    if body.get("tools") and last["role"] == "user":
        function = {"name": body["tools"][0]["function"]["name"], "arguments": json.dumps({"city": prompt})}
        call = {"id": "call_interop", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    if (body.get("response_format") or {}).get("type") in ("json_object", "json_schema"):
        return {"role": "assistant", "content": json.dumps({"answer": prompt, "words": words(prompt)})}, "stop"
    text, reason = cut(body, echo(prompt))
    return {"role": "assistant", "content": text}, reason


def usage(body, answer):
    if "messages" in body:
        asked = sum(words(text_of(message.get("content"))) for message in body["messages"])
    else:
        asked = words(prompt_of(body))
    answered = words(answer or "") * (body.get("n") or 1)
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def chat_answer(body):
    message, reason = chat_message(body)
    choice = {"message": {**message, "refusal": None}, "logprobs": None, "finish_reason": reason}
    if body.get("logprobs"):
        choice["logprobs"] = {"content": [{"token": "echo", "logprob": -0.25, "bytes": None, "top_logprobs": []}]}
    return {
        "id": "chatcmpl-interop",
        "object": "chat.completion",
        "created": 1700000000,
        "model": CHAT_MODEL,
        "choices": [{"index": index, **choice} for index in range(body.get("n") or 1)],
        "usage": usage(body, message["content"]),
        "system_fingerprint": "fp_interop",
    }


def text_answer(body):
    prompts = body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
    choices = []
    for prompt in prompts:
        text, reason = cut(body, echo(prompt))
        for _ in range(body.get("n") or 1):
            choices.append({"index": len(choices), "text": text, "logprobs": None, "finish_reason": reason})
    return {
        "id": "cmpl-interop",
        "object": "text_completion",
        "created": 1700000000,
        "model": TEXT_MODEL,
        "choices": choices,
        "usage": usage(body, choices[0]["text"]),
    }


def like_chat(answer, key):
    """A completion, or a piece of one, in the words of a chat: `message`, or `delta`."""
    for choice in answer["choices"]:
        choice[key] = {"role": "assistant", "content": choice.pop("text")}
    return answer


def vector_answer(body):
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    data = []
    for index, text in enumerate(texts):
        values = vector(text if isinstance(text, str) else str(text))
        if body.get("encoding_format") == "base64":
            values = base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
        data.append({"object": "embedding", "index": index, "embedding": values})
    tokens = sum(words(text) if isinstance(text, str) else len(text) for text in texts)
    return {"object": "list", "data": data, "model": VECTOR_MODEL, "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}


ANSWERS = {"/v1/chat/completions": chat_answer, "/v1/completions": text_answer, "/v1/embeddings": vector_answer}


def chat_pieces(body):
    """Deltas with their finish reason, in order."""
    message, reason = chat_message(body)
    yield {"role": "assistant", "content": ""}, None
    for call in message.get("tool_calls") or []:
        opening = {"index": 0, **call, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield {"tool_calls": [opening]}, None
        arguments = call["function"]["arguments"]
        for part in (arguments[:5], arguments[5:]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}, None
    for piece in re.findall(r"\S+\s*", message["content"] or ""):
        yield {"content": piece}, None
    yield {}, reason


def stream_events(path, body):
    """The events of a streamed answer, without [DONE]."""
    chat = path == "/v1/chat/completions"
    whole = (chat_answer if chat else text_answer)(body)
    head = {
        "id": whole["id"],
        "object": "chat.completion.chunk" if chat else "text_completion",
        "created": whole["created"],
        "model": whole["model"],
    }
    wants_usage = (body.get("stream_options") or {}).get("include_usage")
    filler = {"usage": None} if wants_usage else {}
    if chat:
        for delta, reason in chat_pieces(body):
            yield {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}], **filler}
    else:
        choice = whole["choices"][0]
        for piece in re.findall(r"\S+\s*", choice["text"]):
            yield {**head, "choices": [{"index": 0, "text": piece, "logprobs": None, "finish_reason": None}], **filler}
        last = {"index": 0, "text": "", "logprobs": None, "finish_reason": choice["finish_reason"]}
        yield {**head, "choices": [last], **filler}
    if wants_usage:
        yield {**head, "choices": [], "usage": whole["usage"]}


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        url = urlparse(self.path)
        token = parse_qs(url.query).get("token", [""])[0]
        if url.path == "/admin/requests":
            self.answer(200, JOURNAL.holding(token))
        elif url.path == "/admin/aborts":
            self.answer(200, JOURNAL.aborts(token))
        elif url.path == "/admin/violations":
            self.answer(200, JOURNAL.violations)
        else:
            JOURNAL.violation(f"GET {self.path}")
            self.fail(404, "no such path")

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        earlier = JOURNAL.record(self.path, dict(self.headers), text)
        self.check_credentials(text)
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return self.fail(401, "You did not provide the gateway's key.")
        body = json.loads(text)
        path = self.path.removeprefix(CHAT_LIKE)
        if body.get("model") != MODELS.get(path):
            JOURNAL.violation(f"model {body.get('model')!r} on {self.path}")
            return self.fail(404, f"The model {body.get('model')!r} does not exist")
        prompt = prompt_of(body)
        asked = re.search(r"\[\[(fail|fail-once):(\d+)]]", prompt)
        if asked and (asked[1] == "fail" or earlier == 0):
            return self.fail(int(asked[2]), f"mock failure {asked[2]}")
        if body.get("stream"):
            return self.stream(path, body, text, prompt)
        whole = ANSWERS[path](body)
        self.answer(200, whole if path == self.path else like_chat(whole, "message"))

    def check_credentials(self, text):
        if CALLER_MARK in text or CALLER_MARK in str(self.headers):
            JOURNAL.violation(f"a caller's credential reached the provider on {self.path}")
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            JOURNAL.violation(f"{self.path} without the gateway's key")

    def answer(self, status, value, headers=()):
        payload = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        for name, content in headers:
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(payload)

    def fail(self, status, message):
        if status == 401:  # OpenAI's own wording shows the end of the key
            message = f"Incorrect API key provided: {KEY}. You can find your API key in your account."
        kind = ERROR_TYPES.get(status, "server_error")
        headers = [("Retry-After", "1")] if status == 429 else []
        self.answer(status, {"error": {"message": message, "type": kind, "param": None, "code": None}}, headers)

    def stream(self, path, body, text, prompt):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if "[[slow-stream]]" in prompt:
            body = {**body, "messages": [{"role": "user", "content": "tick " * 40}]}
        try:
            for count, event in enumerate(stream_events(path, body), 1):
                self.event(json.dumps(event if path == self.path else like_chat(event, "delta")))
                if count == 2 and "[[break-stream]]" in prompt:
                    self.close_connection = True
                    return
                if count == 2 and "[[error-in-stream]]" in prompt:
                    self.event(json.dumps({"error": {"message": "mock failure in the stream", "type": "server_error"}}))
                    self.close_connection = True
                    return
                if "[[slow-stream]]" in prompt:
                    time.sleep(0.1)
            self.event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
            JOURNAL.abort(text)

    def event(self, data):
        payload = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(payload), payload))
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Provider)
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
