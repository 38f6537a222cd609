"""Real `mlflow models serve` processes, one for each task, behind the gateway's provider `mlflow-model-serving`."""

import json
import os
import urllib.error
import urllib.request

from harness import GATEWAY, case, equal, holds, main

from answers import echo, vector

JAPANESE, RUSSIAN = "東京の天気は?", "Какая погода в Москве?"


def post(path, body):
    """Status and answer."""
    data = json.dumps(body).encode()
    asked = urllib.request.Request(GATEWAY + path, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def chat(text, **parameters):
    return post("/v1/chat/completions", {"model": "chat", "messages": [{"role": "user", "content": text}], **parameters})


@case
def a_chat_is_answered_by_the_model():
    status, answer = chat(JAPANESE)

    equal(status, 200, "status")
    equal(answer["choices"][0]["message"], {"role": "assistant", "content": echo(JAPANESE)}, "message")


@case
def parameters_reach_the_model():
    status, answer = chat(RUSSIAN, max_tokens=7, temperature=0.5)

    equal(status, 200, "status")
    equal(answer["choices"][0]["message"]["content"], f"{echo(RUSSIAN)} max_tokens=7 temperature=0.5", "text")


@case
def completions_are_answered_by_the_model():
    status, answer = post("/v1/completions", {"model": "completions", "prompt": RUSSIAN})

    equal(status, 200, "status")
    equal([choice["text"] for choice in answer["choices"]], [echo(RUSSIAN)], "texts")


@case
def texts_are_embedded_by_the_model_in_their_order():
    status, answer = post("/v1/embeddings", {"model": "embeddings", "input": [JAPANESE, RUSSIAN]})

    equal(status, 200, "status")
    equal([item["embedding"] for item in answer["data"]], [vector(JAPANESE), vector(RUSSIAN)], "vectors")


@case
def endpoints_of_mlflow_answer_the_same():
    status, answer = post("/endpoints/chat/invocations", {"messages": [{"role": "user", "content": JAPANESE}]})

    equal(status, 200, "status")
    equal(answer["choices"][0]["message"]["content"], echo(JAPANESE), "text")


@case
def a_stream_is_refused():
    status, answer = chat(JAPANESE, stream=True)

    equal(status, 501, "status")
    holds("error" in answer, answer)


@case
def what_the_server_finds_wrong_is_told_with_its_status():
    status, answer = chat(RUSSIAN, max_tokens="many")

    equal(status, 400, "status")
    holds("max_tokens" in json.dumps(answer), answer)


@case
def a_server_that_is_gone_is_a_failure_of_the_upstream():
    status, _ = post("/v1/completions", {"model": "gone", "prompt": RUSSIAN})

    holds(status in (502, 503), status)


if __name__ == "__main__":
    holds(os.environ.get("INTEROP_GATEWAY"), "run by driver.py")
    main()
