"""The deployments client of mlflow 2.9 and later, `mlflow.deployments`: one file, run by each pinned version."""

import os

from harness import (
    CALLER_KEY, GATEWAY, LIMITED, NAMES, PROVIDER_KEY, case, equal, holds, main, prompt, raised, seen, sent,
)  # fmt: skip

os.environ["MLFLOW_TRACKING_TOKEN"] = CALLER_KEY

from answers import echo, vector, words
from mlflow.deployments import get_deploy_client
from mlflow.version import VERSION
from requests.exceptions import HTTPError

client = get_deploy_client(GATEWAY)
KNOWS_LIMITS = tuple(int(part) for part in VERSION.split(".")[:2]) >= (2, 10)
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def user(text):
    return {"messages": [{"role": "user", "content": text}]}


def predict(endpoint, inputs):
    return client.predict(endpoint=endpoint, inputs=inputs)


@case
def list_endpoints_gives_every_endpoint_in_the_order_of_the_file():
    equal([endpoint.name for endpoint in client.list_endpoints()], NAMES)


@case
def get_endpoint_shows_type_model_and_an_absolute_url():
    endpoint = client.get_endpoint("chat")

    equal((endpoint.name, endpoint.endpoint_type), ("chat", "llm/v1/chat"))
    equal((endpoint.model.name, endpoint.model.provider), ("mock-chat", "openai"))
    equal(endpoint.endpoint_url, f"{GATEWAY}/gateway/chat/invocations")


@case
def get_endpoint_reads_a_route_written_in_the_older_form():
    endpoint = client.get_endpoint("classic-embeddings")

    equal((endpoint.name, endpoint.endpoint_type), ("classic-embeddings", "llm/v1/embeddings"))


@case
def an_endpoints_limit_can_be_read_where_the_client_knows_limits():
    endpoint = client.get_endpoint(LIMITED)

    equal(endpoint.name, LIMITED)
    if KNOWS_LIMITS:
        equal((endpoint.limit.calls, endpoint.limit.renewal_period), (2, "hour"))
        equal(client.get_endpoint("chat").limit, None)


@case
def an_unknown_endpoint_is_404_and_named():
    failure = raised(HTTPError, lambda: client.get_endpoint("no-such-endpoint"))

    equal(failure.response.status_code, 404)
    holds("no-such-endpoint" in failure.response.json()["detail"], failure.response.text)


@case
def predicting_on_an_unknown_endpoint_is_404():
    failure = raised(HTTPError, lambda: predict("no-such-endpoint", user("hello")))

    equal(failure.response.status_code, 404)
    holds("detail" in failure.response.json(), failure.response.text)


@case
def predict_answers_chat():
    text = prompt()

    answer = predict("chat", user(text))

    equal((answer["object"], answer["model"]), ("chat.completion", "mock-chat"))
    equal((answer["id"], answer["created"]), ("chatcmpl-interop", 1700000000))
    equal(len(answer["choices"]), 1)
    choice = answer["choices"][0]
    equal((choice["index"], choice["finish_reason"]), (0, "stop"))
    equal((choice["message"]["role"], choice["message"]["content"]), ("assistant", echo(text)))
    asked, answered = words(text), words(echo(text))
    equal(answer["usage"]["prompt_tokens"], asked)
    equal(answer["usage"]["completion_tokens"], answered)
    equal(answer["usage"]["total_tokens"], asked + answered)


@case
def predict_answers_completions():
    text = prompt("Once upon a time")

    answer = predict("completions", {"prompt": text})

    equal((answer["object"], answer["model"]), ("text_completion", "mock-text"))
    equal([(c["index"], c["text"], c["finish_reason"]) for c in answer["choices"]], [(0, echo(text), "stop")])
    equal(answer["usage"]["total_tokens"], words(text) + words(echo(text)))


@case
def predict_answers_embeddings_of_one_text_and_of_several():
    one, other = prompt("one"), prompt("other")

    single = predict("embeddings", {"input": one})
    several = predict("embeddings", {"input": [other, one]})

    equal((single["object"], single["model"]), ("list", "mock-embed"))
    equal(single["data"], [{"object": "embedding", "embedding": vector(one), "index": 0}])
    equal([entry["embedding"] for entry in several["data"]], [vector(other), vector(one)])
    equal([entry["index"] for entry in several["data"]], [0, 1])
    equal(several["usage"], {"prompt_tokens": 4, "total_tokens": 4})


@case
def predict_answers_base64_embeddings_unchanged():
    answer = predict("embeddings", {"input": prompt(), "encoding_format": "base64"})

    holds(isinstance(answer["data"][0]["embedding"], str), f"wanted text, found {answer['data'][0]['embedding']!r}")


@case
def every_kind_of_predict_works_on_routes_written_in_the_older_form():
    text = prompt()

    equal(predict("classic-chat", user(text))["choices"][0]["message"]["content"], echo(text))
    equal(predict("classic-completions", {"prompt": text})["choices"][0]["text"], echo(text))
    equal(predict("classic-embeddings", {"input": text})["data"][0]["embedding"], vector(text))


@case
def parameters_reach_the_provider_unscaled():
    text = prompt("a b END c")
    parameters = {"temperature": 1.5, "n": 2, "stop": ["END"], "max_tokens": 50, "top_p": 0.5, "user": "someone"}

    answer = predict("chat", {**user(text), **parameters})

    body = sent(text)
    equal([choice["message"]["content"] for choice in answer["choices"]], ["echo: a b "] * 2)
    equal({name: body[name] for name in parameters}, parameters)
    equal(body["model"], "mock-chat")


@case
def an_explicit_null_is_taken_as_absent():
    text = prompt()

    answer = predict("chat", {**user(text), "stop": None, "max_tokens": None})

    equal(answer["choices"][0]["message"]["content"], echo(text))


@case
def completions_are_not_scaled_either_and_say_length_when_cut():
    text = prompt("one two three")

    answer = predict("completions", {"prompt": text, "temperature": 0.75, "max_tokens": 2})

    equal((answer["choices"][0]["text"], answer["choices"][0]["finish_reason"]), ("echo: one", "length"))
    equal((sent(text)["temperature"], sent(text)["max_tokens"]), (0.75, 2))


@case
def tools_come_back_as_calls():
    text = prompt("Osaka")

    choice = predict("chat", {**user(text), "tools": [TOOL]})["choices"][0]

    equal(choice["finish_reason"], "tool_calls")
    equal(choice["message"]["tool_calls"][0]["function"]["name"], "weather")
    holds(text in choice["message"]["tool_calls"][0]["function"]["arguments"], str(choice))
    equal(sent(text)["tools"], [TOOL])


@case
def the_word_model_in_the_body_is_refused():
    text = prompt()

    failure = raised(HTTPError, lambda: predict("chat", {**user(text), "model": "another"}))

    equal(failure.response.status_code, 422)
    equal(seen(text), [], "requests at the provider")


@case
def a_temperature_above_two_is_refused_with_its_place():
    text = prompt()

    failure = raised(HTTPError, lambda: predict("chat", {**user(text), "temperature": 2.5}))

    equal(failure.response.status_code, 422)
    equal(failure.response.json()["detail"][0]["loc"][:2], ["body", "temperature"])
    equal(seen(text), [], "requests at the provider")


@case
def a_body_of_the_wrong_kind_is_refused_by_the_missing_field():
    failure = raised(HTTPError, lambda: predict("chat", {"prompt": "hello"}))

    equal(failure.response.status_code, 422)
    equal(failure.response.json()["detail"][0]["loc"][:2], ["body", "messages"])


@case
def a_classic_embeddings_body_is_refused_on_this_path():
    failure = raised(HTTPError, lambda: predict("embeddings", {"text": "hello"}))

    equal(failure.response.status_code, 422)
    equal(failure.response.json()["detail"][0]["loc"][:2], ["body", "input"])


@case
def japanese_russian_and_emoji_come_back_whole():
    text = prompt("こんにちは世界 Привет 🚀👩‍👩‍👧")

    equal(predict("chat", user(text))["choices"][0]["message"]["content"], echo(text))


@case
def a_prompt_of_a_megabyte_passes():
    text = prompt("word " * 200_000)

    equal(predict("chat", user(text))["usage"]["prompt_tokens"], 200_001)


@case
def a_bad_request_of_the_provider_keeps_status_and_message():
    failure = raised(HTTPError, lambda: predict("chat", user(prompt("[[fail:400]]"))))

    equal(failure.response.status_code, 400)
    holds("mock failure 400" in failure.response.json()["detail"], failure.response.text)


@case
def a_refused_gateway_credential_is_not_retried_and_not_shown():
    for status in (401, 403):
        text = prompt(f"[[fail:{status}]]")

        failure = raised(HTTPError, lambda text=text: predict("chat", user(text)))

        equal(failure.response.status_code, status)
        equal(len(seen(text)), 1, "requests at the provider")
        holds(PROVIDER_KEY not in failure.response.text, "the provider's key is in the answer")
        holds("gateway" in failure.response.json()["detail"].lower(), failure.response.text)


@case
def the_client_retries_503_and_is_answered():
    text = prompt("[[fail-once:503]]")

    equal(predict("chat", user(text))["choices"][0]["message"]["content"], echo(text))
    equal(len(seen(text)), 2, "requests at the provider")


@case
def a_busy_provider_stays_429_with_its_retry_after():
    failure = raised(HTTPError, lambda: predict("chat", user(prompt("[[fail:429]]"))))

    equal(failure.response.status_code, 429)
    equal(failure.response.headers.get("Retry-After"), "1")
    holds("mock failure 429" in failure.response.json()["detail"], failure.response.text)


@case
def a_failure_says_whose_it_is_and_carries_a_request_id():
    theirs = raised(HTTPError, lambda: predict("chat", user(prompt("[[fail:400]]")))).response.headers
    ours = raised(HTTPError, lambda: predict("chat", {})).response.headers

    equal(theirs.get("X-Gateway-Error-Source"), "upstream")
    equal(ours.get("X-Gateway-Error-Source"), "gateway")
    holds(theirs.get("X-Request-Id") and ours.get("X-Request-Id"), "no X-Request-Id")
    holds(theirs["X-Request-Id"] != ours["X-Request-Id"], "two failures share a request id")


@case
def creating_an_endpoint_is_refused_by_the_client_itself():
    raised(NotImplementedError, lambda: client.create_endpoint("new", {}))


main()
