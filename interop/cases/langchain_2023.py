"""LangChain 0.0.335 over mlflow 2.8.1: MlflowAIGateway, ChatMLflowAIGateway and MlflowAIGatewayEmbeddings."""

import asyncio
import os
import warnings

from harness import CALLER_KEY, GATEWAY, case, equal, holds, main, prompt, raised, seen, sent

warnings.simplefilter("ignore")
os.environ["MLFLOW_TRACKING_TOKEN"] = CALLER_KEY

from answers import echo, vector, words
from langchain.chains import LLMChain, SequentialChain
from langchain.chat_models import ChatMLflowAIGateway
from langchain.embeddings import MlflowAIGatewayEmbeddings
from langchain.llms import MlflowAIGateway
from langchain.prompts import ChatPromptTemplate, PromptTemplate
from langchain.schema import AIMessage, HumanMessage, SystemMessage
from requests.exceptions import HTTPError

template = PromptTemplate(input_variables=["thing"], template="Tell me about {thing}")


def completions(route="classic-completions", **parameters):
    return MlflowAIGateway(gateway_uri=GATEWAY, route=route, params=parameters or None)


def chat(route="classic-chat", **parameters):
    return ChatMLflowAIGateway(gateway_uri=GATEWAY, route=route, params=parameters or None)


def embeddings(route="classic-embeddings"):
    return MlflowAIGatewayEmbeddings(gateway_uri=GATEWAY, route=route)


@case
def an_llm_chain_runs_a_prompt_template():
    thing = prompt("rabbits")

    equal(LLMChain(llm=completions(), prompt=template).run(thing=thing), echo(f"Tell me about {thing}"))
    equal(sent(thing)["prompt"], f"Tell me about {thing}")


@case
def an_llm_chain_sends_its_parameters_nulls_left_out():
    thing = prompt("rabbits")

    LLMChain(llm=completions(temperature=0.1, top_p=0.1), prompt=template).run(thing=thing)

    body = sent(thing)
    equal((body["temperature"], body["n"], body["top_p"]), (0.2, 1, 0.1))
    holds(body.get("max_tokens", 1) is not None and body.get("stop", 1) is not None, f"nulls went upstream: {body}")


@case
def an_llm_chain_keeps_its_stop_words():
    thing = prompt("rabbits END and foxes")

    equal(LLMChain(llm=completions(stop=["END"]), prompt=template).run(thing=thing), "echo: Tell me about rabbits ")
    equal(sent(thing)["stop"], ["END"])


@case
def a_chain_applied_to_several_inputs_answers_in_their_order():
    things = [prompt(animal) for animal in ("rabbits", "foxes", "owls")]

    answers = LLMChain(llm=completions(), prompt=template).apply([{"thing": thing} for thing in things])

    equal([answer["text"] for answer in answers], [echo(f"Tell me about {thing}") for thing in things])


@case
def two_chains_in_a_row_use_two_routes():
    thing = prompt("rabbits")
    first = LLMChain(llm=completions(), prompt=template, output_key="facts")
    again = PromptTemplate(input_variables=["facts"], template="Shorten: {facts}")
    second = LLMChain(llm=completions("completions"), prompt=again, output_key="short")

    both = SequentialChain(chains=[first, second], input_variables=["thing"], output_variables=["short"])

    equal(both.run(thing=thing), echo(f"Shorten: {echo(f'Tell me about {thing}')}"))


@case
def a_chat_model_answers_messages():
    text = prompt("What is a rabbit?")
    history = [SystemMessage(content="Be brief."), HumanMessage(content="Hi"), AIMessage(content="Hello")]

    answer = chat()([*history, HumanMessage(content=text)])

    equal(answer, AIMessage(content=echo(text)))
    equal([message["role"] for message in sent(text)["messages"]], ["system", "user", "assistant", "user"])


@case
def a_chat_model_reports_finish_reason_and_usage():
    text = prompt("What is a rabbit?")

    result = chat().generate([[HumanMessage(content=text)]])

    equal(result.generations[0][0].generation_info, {"finish_reason": "stop"})
    output = result.llm_output or {}
    if "token_usage" not in output:  # generate() merges the outputs of its calls; one call is read from _generate
        output = chat()._generate([HumanMessage(content=text)]).llm_output
    equal((output["input_tokens"], output["output_tokens"]), (words(text), words(echo(text))))
    equal(output["model"], "mock-chat")


@case
def a_chat_model_gives_all_candidates():
    text = prompt("What is a rabbit?")

    result = chat(candidate_count=3, temperature=0.5).generate([[HumanMessage(content=text)]])

    equal([generation.text for generation in result.generations[0]], [echo(text)] * 3)
    equal((sent(text)["n"], sent(text)["temperature"]), (3, 1.0))


@case
def a_chat_prompt_template_runs_in_an_llm_chain():
    thing = prompt("rabbits")
    messages = ChatPromptTemplate.from_messages([("system", "Be brief."), ("human", "Tell me about {thing}")])

    equal(LLMChain(llm=chat(), prompt=messages).run(thing=thing), echo(f"Tell me about {thing}"))


@case
def a_chat_model_answers_asynchronously():
    texts = [prompt(str(number)) for number in range(5)]

    async def ask():
        return await asyncio.gather(*(chat().ainvoke(text) for text in texts))

    equal([answer.content for answer in asyncio.run(ask())], [echo(text) for text in texts])


@case
def the_same_chat_class_works_on_a_route_written_in_the_newer_form():
    text = prompt()

    equal(chat("chat")([HumanMessage(content=text)]).content, echo(text))


@case
def embeddings_come_in_chunks_of_twenty():
    texts = [prompt(str(number)) for number in range(23)]

    chunks = embeddings().embed_documents(texts)

    # This version nests one list for each chunk; the gateway's part is the vectors and the two requests.
    equal([len(chunk) for chunk in chunks], [20, 3])
    equal([found for chunk in chunks for found in chunk], [vector(text) for text in texts])
    equal(len(sent(texts[0])["input"]), 20)


@case
def one_query_is_embedded():
    text = prompt()

    equal(embeddings().embed_query(text), [vector(text)])


@case
def an_unknown_route_raises_404():
    failure = raised(HTTPError, lambda: chat("no-such-route")([HumanMessage(content="hello")]))

    equal(failure.response.status_code, 404)


@case
def a_refused_parameter_raises_422_before_the_provider_is_asked():
    text = prompt()

    failure = raised(HTTPError, lambda: chat(temperature=1.5)([HumanMessage(content=text)]))

    equal(failure.response.status_code, 422)
    equal(seen(text), [], "requests at the provider")


main()
