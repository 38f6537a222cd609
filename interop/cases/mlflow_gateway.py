"""mlflow 2.8.1's own client, `mlflow.gateway`: the fluent functions and MlflowGatewayClient, classic shapes."""

import base64
import json
import os

from harness import (
    CALLER_KEY, CLASSIC_NAMES, GATEWAY, LIMITED, NAMES, PROVIDER_KEY,
    case, equal, holds, main, prompt, raised, seen, sent,
)  # fmt: skip

os.environ["MLFLOW_TRACKING_TOKEN"] = CALLER_KEY

import mlflow.gateway
from answers import echo, vector, words
from mlflow.exceptions import MlflowException
from mlflow.gateway import MlflowGatewayClient
from requests.exceptions import HTTPError

mlflow.gateway.set_gateway_uri(GATEWAY)
client = MlflowGatewayClient(GATEWAY)


def user(text):
    return {"messages": [{"role": "user", "content": text}]}


@case
def fluent_search_lists_every_route_in_the_order_of_the_file():
    equal([route.name for route in mlflow.gateway.search_routes()], NAMES)


@case
def fluent_get_route_shows_type_model_and_an_absolute_url():
    route = mlflow.gateway.get_route("classic-chat")

    equal(route.name, "classic-chat")
    equal(route.route_type, "llm/v1/chat")
    equal((route.model.name, route.model.provider), ("mock-chat", "openai"))
    equal(route.route_url, f"{GATEWAY}/gateway/classic-chat/invocations")


@case
def fluent_query_answers_chat():
    text = prompt()

    answer = mlflow.gateway.query("classic-chat", user(text))

    candidate = {"message": {"role": "assistant", "content": echo(text)}, "metadata": {"finish_reason": "stop"}}
    asked, answered = words(text), words(echo(text))
    metadata = {
        "input_tokens": asked,
        "output_tokens": answered,
        "total_tokens": asked + answered,
        "model": "mock-chat",
        "route_type": "llm/v1/chat",
    }
    equal(answer, {"candidates": [candidate], "metadata": metadata})


@case
def fluent_query_answers_completions():
    text = prompt("Once upon a time")

    answer = mlflow.gateway.query("classic-completions", {"prompt": text})

    equal(answer["candidates"], [{"text": echo(text), "metadata": {"finish_reason": "stop"}}])
    equal(answer["metadata"]["route_type"], "llm/v1/completions")
    equal(answer["metadata"]["total_tokens"], words(text) + words(echo(text)))


@case
def fluent_query_answers_embeddings_of_one_text_and_of_several():
    one, other = prompt("one"), prompt("other")

    single = mlflow.gateway.query("classic-embeddings", {"text": one})
    several = mlflow.gateway.query("classic-embeddings", {"text": [other, one]})

    equal(single["embeddings"], [vector(one)])
    equal(several["embeddings"], [vector(other), vector(one)])
    equal(several["metadata"]["input_tokens"], 4)
    equal(several["metadata"]["output_tokens"], 0)
    equal(several["metadata"]["route_type"], "llm/v1/embeddings")


@case
def client_search_gives_one_page_and_no_token():
    page = client.search_routes()

    equal([route.name for route in page], NAMES)
    equal(page.token, None)
    equal(page[0].route_url, f"{GATEWAY}/gateway/{NAMES[0]}/invocations")


@case
def client_search_goes_on_from_a_page_token():
    token = base64.b64encode(json.dumps({"index": len(CLASSIC_NAMES)}).encode()).decode()

    equal([route.name for route in client.search_routes(page_token=token)], NAMES[len(CLASSIC_NAMES) :])


@case
def a_garbled_page_token_is_a_bad_request_and_not_a_crash():
    status = raised(HTTPError, lambda: client.search_routes(page_token="garbage")).response.status_code

    holds(status in (400, 422), f"wanted 400 or 422, found {status}")


@case
def client_gets_a_route_written_in_the_newer_form():
    route = client.get_route("completions")

    equal((route.name, route.route_type), ("completions", "llm/v1/completions"))


@case
def getting_an_unknown_route_names_it():
    failure = raised(HTTPError, lambda: client.get_route("no-such-route"))

    equal(failure.response.status_code, 404)
    holds("no-such-route" in failure.response.json()["detail"], failure.response.text)


@case
def querying_an_unknown_route_is_404():
    failure = raised(HTTPError, lambda: client.query("no-such-route", user("hello")))

    equal(failure.response.status_code, 404)
    holds("detail" in failure.response.json(), failure.response.text)


@case
def every_kind_of_query_works_on_routes_written_in_the_newer_form():
    text = prompt()

    equal(client.query("chat", user(text))["candidates"][0]["message"]["content"], echo(text))
    equal(client.query("completions", {"prompt": text})["candidates"][0]["text"], echo(text))
    equal(client.query("embeddings", {"text": text})["embeddings"], [vector(text)])


@case
def parameters_reach_the_provider_in_its_own_words_and_range():
    text = prompt("a b END c")

    answer = client.query(
        "classic-chat",
        {**user(text), "temperature": 0.25, "candidate_count": 2, "stop": ["END"], "max_tokens": 50, "top_p": 0.5},
    )

    body = sent(text)
    equal([c["message"]["content"] for c in answer["candidates"]], ["echo: a b "] * 2)
    equal((body["temperature"], body["n"], body["stop"], body["max_tokens"]), (0.5, 2, ["END"], 50))
    equal((body["top_p"], body["model"]), (0.5, "mock-chat"))
    holds("candidate_count" not in body, "candidate_count went upstream")


@case
def an_answer_cut_by_max_tokens_says_length():
    text = prompt("one two three four")

    candidate = client.query("classic-completions", {"prompt": text, "max_tokens": 3})["candidates"][0]

    equal(candidate, {"text": "echo: one two", "metadata": {"finish_reason": "length"}})
    equal(sent(text)["max_tokens"], 3)


@case
def completions_scale_temperature_as_chat_does():
    text = prompt()

    client.query("classic-completions", {"prompt": text, "temperature": 1.0})

    equal(sent(text)["temperature"], 2.0)


@case
def a_temperature_above_one_is_refused_with_its_place():
    text = prompt()

    failure = raised(HTTPError, lambda: client.query("classic-chat", {**user(text), "temperature": 1.5}))

    equal(failure.response.status_code, 422)
    equal(failure.response.json()["detail"][0]["loc"][:2], ["body", "temperature"])
    equal(seen(text), [], "requests at the provider")


@case
def the_newer_count_parameter_is_refused_with_the_word_to_use():
    failure = raised(HTTPError, lambda: client.query("classic-chat", {**user(prompt()), "n": 2}))

    equal(failure.response.status_code, 422)
    holds("candidate_count" in failure.response.text, failure.response.text)


@case
def embeddings_without_text_are_refused_by_name():
    failure = raised(HTTPError, lambda: client.query("classic-embeddings", {"input": "hello"}))

    equal(failure.response.status_code, 422)
    equal(failure.response.json()["detail"][0]["loc"][:2], ["body", "text"])


@case
def japanese_russian_and_emoji_come_back_whole():
    text = prompt("こんにちは世界 Привет 🚀👩‍👩‍👧")

    equal(client.query("classic-chat", user(text))["candidates"][0]["message"]["content"], echo(text))


@case
def a_bad_request_of_the_provider_keeps_status_and_message():
    failure = raised(HTTPError, lambda: client.query("classic-chat", user(prompt("[[fail:400]]"))))

    equal(failure.response.status_code, 400)
    holds("mock failure 400" in failure.response.json()["detail"], failure.response.text)


@case
def a_refused_gateway_credential_is_not_retried_and_not_shown():
    text = prompt("[[fail:401]]")

    failure = raised(HTTPError, lambda: client.query("classic-chat", user(text)))

    equal(failure.response.status_code, 401)
    equal(len(seen(text)), 1, "requests at the provider")
    holds(PROVIDER_KEY not in failure.response.text, "the provider's key is in the answer")
    holds("gateway" in failure.response.json()["detail"].lower(), failure.response.text)


@case
def the_client_retries_503_and_is_answered():
    text = prompt("[[fail-once:503]]")

    answer = client.query("classic-chat", user(text))

    equal(answer["candidates"][0]["message"]["content"], echo(text))
    equal(len(seen(text)), 2, "requests at the provider")


@case
def a_busy_provider_stays_429_with_its_retry_after():
    failure = raised(HTTPError, lambda: client.query("classic-chat", user(prompt("[[fail:429]]"))))

    equal(failure.response.status_code, 429)
    equal(failure.response.headers.get("Retry-After"), "1")
    holds("mock failure 429" in failure.response.json()["detail"], failure.response.text)


@case
def a_streamed_answer_is_never_forced_on_this_client():
    text = prompt()

    client.query("classic-chat", user(text))

    holds(not sent(text).get("stream"), "the provider was asked for a stream")


@case
def routes_with_a_limit_can_be_read_by_a_client_that_knows_no_limits():
    equal(client.get_route(LIMITED).name, LIMITED)


@case
def creating_a_route_is_refused_by_the_client_itself():
    raised(MlflowException, lambda: client.create_route("new", "llm/v1/chat", {"provider": "openai"}))


main()
