"""The OpenAI SDK, sync and async, pointed at the gateway by its base URL."""

import asyncio
import base64
import struct

from harness import CALLER_KEY, GATEWAY, LIMITED, NAMES, PROVIDER_KEY
from harness import aborted_within, case, equal, holds, main, prompt, raised, seen, sent

import openai
from answers import echo, vector, words
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

client = OpenAI(base_url=f"{GATEWAY}/v1", api_key=CALLER_KEY, max_retries=0)
patient = client.with_options(max_retries=1)

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Reply(BaseModel):
    answer: str
    words: int


def user(text):
    return [{"role": "user", "content": text}]


def chat(text, model="chat", using=client, **parameters):
    return using.chat.completions.create(model=model, messages=user(text), **parameters)


def text_of(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@case
def models_list_holds_every_route_by_name():
    models = list(client.models.list())

    equal([model.id for model in models], NAMES)
    equal({model.object for model in models}, {"model"})


@case
def chat_is_answered():
    text = prompt()

    answer = chat(text)

    equal((answer.id, answer.object, answer.model), ("chatcmpl-interop", "chat.completion", "mock-chat"))
    equal([(c.index, c.message.role, c.message.content, c.finish_reason) for c in answer.choices],
          [(0, "assistant", echo(text), "stop")])  # fmt: skip
    equal(answer.usage.total_tokens, words(text) + words(echo(text)))
    equal(sent(text)["model"], "mock-chat")


@case
def completions_are_answered():
    text = prompt("Once upon a time")

    answer = client.completions.create(model="completions", prompt=text, max_tokens=20)

    equal((answer.object, answer.model), ("text_completion", "mock-text"))
    equal([(c.text, c.finish_reason) for c in answer.choices], [(echo(text), "stop")])


@case
def completions_of_several_prompts_are_answered():
    one, other = prompt("one"), prompt("other")

    answer = client.completions.create(model="completions", prompt=[one, other])

    equal([(c.index, c.text) for c in answer.choices], [(0, echo(one)), (1, echo(other))])


@case
def routes_written_in_the_older_form_answer_too():
    text = prompt()

    equal(chat(text, model="classic-chat").choices[0].message.content, echo(text))
    equal(client.completions.create(model="classic-completions", prompt=text).choices[0].text, echo(text))
    equal(client.embeddings.create(model="classic-embeddings", input=text).data[0].embedding, vector(text))


@case
def parameters_and_unknown_fields_reach_the_provider_as_they_are():
    text = prompt("a b END c")
    parameters = {"temperature": 1.75, "n": 2, "stop": "END", "seed": 7, "presence_penalty": -0.5, "max_tokens": 50}

    answer = chat(text, **parameters, extra_body={"vendor_option": {"deep": [1, 2.5, None]}})

    body = sent(text)
    equal([choice.message.content for choice in answer.choices], ["echo: a b "] * 2)
    equal({name: body[name] for name in parameters}, parameters)
    equal(body["vendor_option"], {"deep": [1, 2.5, None]})


@case
def fields_of_the_answer_that_the_gateway_does_not_know_come_back():
    answer = chat(prompt(), logprobs=True)

    equal(answer.system_fingerprint, "fp_interop")
    equal(answer.choices[0].logprobs.content[0].logprob, -0.25)


@case
def image_parts_pass():
    text = prompt("What is this?")
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    content = [{"type": "text", "text": text}, image]

    answer = client.chat.completions.create(model="chat", messages=[{"role": "user", "content": content}])

    equal(answer.choices[0].message.content, echo(text))
    equal(sent(text)["messages"][0]["content"], content)


@case
def embeddings_come_as_base64_by_default_and_equal_the_plain_ones():
    text = prompt()

    default = client.embeddings.create(model="embeddings", input=text)
    plain = client.embeddings.create(model="embeddings", input=text, encoding_format="float")

    equal([request["body"].get("encoding_format") for request in seen(text)], ["base64", "float"])
    equal(default.data[0].embedding, vector(text))
    equal(plain.data[0].embedding, vector(text))
    equal((default.model, default.usage.prompt_tokens), ("mock-embed", 2))


@case
def base64_embeddings_asked_for_by_name_stay_text():
    text = prompt()

    found = client.embeddings.create(model="embeddings", input=text, encoding_format="base64").data[0].embedding

    equal(list(struct.unpack("<8f", base64.b64decode(found))), vector(text))


@case
def many_embeddings_keep_their_order():
    texts = [prompt(str(number)) for number in range(50)]

    answer = client.embeddings.create(model="embeddings", input=texts, dimensions=8)

    equal([entry.index for entry in answer.data], list(range(50)))
    equal([entry.embedding for entry in answer.data], [vector(text) for text in texts])
    equal(sent(texts[0])["dimensions"], 8)


@case
def embeddings_of_token_numbers_pass():
    answer = client.embeddings.create(model="embeddings", input=[[1, 2, 3], [4]])

    equal([entry.embedding for entry in answer.data], [vector("[1, 2, 3]"), vector("[4]")])


@case
def a_stream_gives_the_same_text_in_pieces():
    text = prompt("one two three four")

    chunks = list(chat(text, stream=True))

    equal(text_of(chunks), echo(text))
    equal(sum(1 for chunk in chunks if chunk.choices and chunk.choices[0].delta.content), words(echo(text)), "pieces")
    equal([c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason], ["stop"])
    equal({chunk.object for chunk in chunks}, {"chat.completion.chunk"})


@case
def a_stream_hides_the_usage_that_was_not_asked_for():
    text = prompt()

    chunks = list(chat(text, stream=True))

    equal([chunk for chunk in chunks if not chunk.choices], [], "chunks without choices")
    equal([chunk.usage for chunk in chunks if chunk.usage], [], "usage")
    equal(sent(text)["stream_options"], {"include_usage": True})


@case
def a_stream_ends_with_the_usage_that_was_asked_for():
    text = prompt()

    chunks = list(chat(text, stream=True, stream_options={"include_usage": True}))

    equal(text_of(chunks), echo(text))
    equal(chunks[-1].choices, [])
    equal(chunks[-1].usage.total_tokens, words(text) + words(echo(text)))
    equal([chunk.usage for chunk in chunks[:-1] if chunk.usage], [], "earlier usage")


@case
def completions_stream():
    text = prompt("Once upon a time")

    chunks = list(client.completions.create(model="completions", prompt=text, stream=True))

    equal("".join(chunk.choices[0].text for chunk in chunks if chunk.choices), echo(text))
    equal(chunks[-1].choices[0].finish_reason, "stop")
    equal({chunk.object for chunk in chunks}, {"text_completion"})


@case
def a_stream_carries_japanese_russian_and_emoji():
    text = prompt("こんにちは 世界 Привет 🚀👩‍👩‍👧")

    equal(text_of(chat(text, stream=True)), echo(text))


@case
def the_stream_helper_puts_the_message_together():
    text = prompt()

    with client.chat.completions.stream(model="chat", messages=user(text)) as stream:
        final = stream.get_final_completion()

    equal(final.choices[0].message.content, echo(text))


@case
def leaving_a_stream_ends_the_call_at_the_provider_within_a_second():
    text = prompt("[[slow-stream]]")

    stream = chat(text, stream=True)
    next(stream)
    stream.close()

    holds(aborted_within(text, 1.5), "the provider was still streaming 1.5 s after the caller left")


@case
def a_stream_that_breaks_does_not_look_complete():
    received = []

    failure = raised(openai.OpenAIError, lambda: received.extend(chat(prompt("[[break-stream]]"), stream=True)))

    holds(isinstance(failure, openai.APIError), f"wanted an APIError, found {failure!r}")


@case
def an_error_event_in_a_stream_raises_with_its_message():
    failure = raised(openai.APIError, lambda: list(chat(prompt("[[error-in-stream]]"), stream=True)))

    holds("mock failure in the stream" in str(failure), str(failure))


@case
def a_failure_before_the_first_piece_of_a_stream_has_its_real_status():
    failure = raised(openai.RateLimitError, lambda: list(chat(prompt("[[fail:429]]"), stream=True)))

    equal(failure.response.headers.get("retry-after"), "1")


@case
def a_tool_is_called_and_its_result_understood():
    city = prompt("Osaka")

    message = chat(city, tools=[WEATHER], tool_choice="auto").choices[0].message
    call = message.tool_calls[0]
    result = {"role": "tool", "tool_call_id": call.id, "content": f"sunny in {city}"}
    answer = client.chat.completions.create(model="chat", tools=[WEATHER], messages=[*user("weather?"), message, result])

    equal((call.function.name, call.type, message.content), ("weather", "function", None))
    holds(city in call.function.arguments, call.function.arguments)
    equal(answer.choices[0].message.content, echo(f"sunny in {city}"))


@case
def a_tool_call_streams_in_pieces():
    city = prompt("Osaka")

    chunks = list(chat(city, tools=[WEATHER], stream=True))

    calls = [call for chunk in chunks if chunk.choices for call in chunk.choices[0].delta.tool_calls or []]
    equal(calls[0].function.name, "weather")
    equal("".join(call.function.arguments or "" for call in calls), f'{{"city": "{city}"}}')
    equal(chunks[-1].choices[0].finish_reason, "tool_calls")


@case
def a_response_format_is_kept_and_parsed():
    text = prompt("How many words?")

    answer = client.chat.completions.parse(model="chat", messages=user(text), response_format=Reply)

    equal(answer.choices[0].message.parsed, Reply(answer=text, words=words(text)))
    equal(sent(text)["response_format"]["type"], "json_schema")
    equal(sent(text)["response_format"]["json_schema"]["schema"]["required"], ["answer", "words"])


@case
def an_unknown_model_raises_not_found():
    failure = raised(openai.NotFoundError, lambda: chat("hello", model="no-such-model"))

    holds("no-such-model" in failure.message, failure.message)
    holds(isinstance(failure.body, dict) and failure.body.get("type"), f"the error has no type: {failure.body!r}")
    holds(failure.request_id, "no request id")
    equal(failure.response.headers.get("x-gateway-error-source"), "gateway")


@case
def a_body_of_the_wrong_type_raises_bad_request():
    text = prompt()

    failure = raised(openai.BadRequestError, lambda: client.chat.completions.create(model="chat", messages=text))

    holds("messages" in failure.message, failure.message)
    equal(seen(text), [], "requests at the provider")


@case
def a_route_of_another_kind_raises_bad_request():
    raised(openai.BadRequestError, lambda: chat(prompt(), model="embeddings"))


@case
def a_refusal_of_the_provider_raises_bad_request_with_its_message():
    failure = raised(openai.BadRequestError, lambda: chat(prompt("[[fail:400]]")))

    holds("mock failure 400" in failure.message, failure.message)
    equal(failure.response.headers.get("x-gateway-error-source"), "upstream")


@case
def a_refused_gateway_credential_raises_authentication_error_once_and_hides_the_key():
    for status, kind in ((401, openai.AuthenticationError), (403, openai.PermissionDeniedError)):
        text = prompt(f"[[fail:{status}]]")

        failure = raised(kind, lambda text=text: chat(text, using=patient))

        equal(len(seen(text)), 1, "requests at the provider")
        holds("gateway" in failure.message.lower(), failure.message)
        holds(PROVIDER_KEY not in failure.response.text, "the provider's key is in the answer")


@case
def a_busy_provider_raises_rate_limit_error_with_retry_after():
    failure = raised(openai.RateLimitError, lambda: chat(prompt("[[fail:429]]")))

    equal(failure.response.headers.get("retry-after"), "1")
    holds("mock failure 429" in failure.message, failure.message)


@case
def a_failing_provider_raises_internal_server_error_with_its_status():
    for status in (500, 503):
        text = prompt(f"[[fail:{status}]]")

        failure = raised(openai.InternalServerError, lambda text=text: chat(text))

        equal(failure.status_code, status)
        equal(len(seen(text)), 1, "requests at the provider")


@case
def the_sdk_retries_503_and_is_answered():
    text = prompt("[[fail-once:503]]")

    equal(chat(text, using=patient).choices[0].message.content, echo(text))
    equal(len(seen(text)), 2, "requests at the provider")


@case
def a_route_at_its_limit_raises_rate_limit_error_and_says_when_to_come_back():
    texts = [prompt(), prompt(), prompt()]

    first, second = chat(texts[0], model=LIMITED), chat(texts[1], model=LIMITED)
    failure = raised(openai.RateLimitError, lambda: chat(texts[2], model=LIMITED))

    equal([answer.choices[0].message.content for answer in (first, second)], [echo(text) for text in texts[:2]])
    holds(1 <= int(failure.response.headers["retry-after"]) <= 3600, str(failure.response.headers))
    equal(failure.response.headers.get("x-gateway-error-source"), "gateway")
    equal(seen(texts[2]), [], "requests at the provider")


@case
def fifty_asynchronous_calls_at_once_are_each_answered_their_own():
    texts = [prompt(str(number)) for number in range(50)]

    async def ask():
        async with AsyncOpenAI(base_url=f"{GATEWAY}/v1", api_key=CALLER_KEY, max_retries=0) as asynchronous:
            return await asyncio.gather(*(chat(text, using=asynchronous) for text in texts))

    answers = asyncio.run(ask())

    equal([answer.choices[0].message.content for answer in answers], [echo(text) for text in texts])


@case
def twenty_asynchronous_streams_at_once_are_each_answered_their_own():
    texts = [prompt(str(number)) for number in range(20)]

    async def collect(asynchronous, text):
        stream = await chat(text, using=asynchronous, stream=True)
        return text_of([chunk async for chunk in stream])

    async def ask():
        async with AsyncOpenAI(base_url=f"{GATEWAY}/v1", api_key=CALLER_KEY, max_retries=0) as asynchronous:
            return await asyncio.gather(*(collect(asynchronous, text) for text in texts))

    equal(asyncio.run(ask()), [echo(text) for text in texts])


@case
def asynchronous_embeddings_and_errors_work_alike():
    text = prompt()

    async def ask():
        async with AsyncOpenAI(base_url=f"{GATEWAY}/v1", api_key=CALLER_KEY, max_retries=0) as asynchronous:
            found = await asynchronous.embeddings.create(model="embeddings", input=text)
            try:
                await chat("hello", model="no-such-model", using=asynchronous)
            except openai.NotFoundError as failure:
                return found.data[0].embedding, failure.status_code

    equal(asyncio.run(ask()), (vector(text), 404))


main()
