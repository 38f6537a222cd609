"""langchain-community over mlflow 2.22.5: ChatMlflow, Mlflow and MlflowEmbeddings."""

import asyncio
import os
import warnings

from harness import CALLER_KEY, GATEWAY, case, equal, main, prompt, raised, sent

warnings.simplefilter("ignore")
os.environ["MLFLOW_TRACKING_TOKEN"] = CALLER_KEY

from answers import echo, vector, words
from langchain_community.chat_models import ChatMlflow
from langchain_community.embeddings import MlflowEmbeddings
from langchain_community.llms import Mlflow
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.tools import tool
from requests.exceptions import HTTPError


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"


def chat(endpoint="chat", **parameters):
    return ChatMlflow(target_uri=GATEWAY, endpoint=endpoint, **parameters)


def completions(endpoint="completions", **parameters):
    return Mlflow(target_uri=GATEWAY, endpoint=endpoint, **parameters)


def embeddings(endpoint="embeddings"):
    return MlflowEmbeddings(target_uri=GATEWAY, endpoint=endpoint)


@case
def a_chat_model_answers_messages():
    text = prompt("What is a rabbit?")

    answer = chat(temperature=0.1).invoke([SystemMessage("Be brief."), HumanMessage(text)])

    equal(answer.content, echo(text))
    equal([message["role"] for message in sent(text)["messages"]], ["system", "user"])
    equal((sent(text)["temperature"], sent(text)["n"]), (0.1, 1))


@case
def a_chat_model_reports_usage():
    text = prompt("What is a rabbit?")

    result = chat().generate([[HumanMessage(text)]])

    equal(result.generations[0][0].text, echo(text))
    equal(chat()._generate([HumanMessage(text)]).llm_output["completion_tokens"], words(echo(text)))


@case
def a_prompt_template_a_model_and_a_parser_make_a_chain():
    thing = prompt("rabbits")
    chain = ChatPromptTemplate.from_messages([("human", "Tell me about {thing}")]) | chat() | StrOutputParser()

    equal(chain.invoke({"thing": thing}), echo(f"Tell me about {thing}"))


@case
def a_chain_answers_a_batch_in_its_order():
    things = [prompt(str(number)) for number in range(8)]
    chain = PromptTemplate.from_template("Tell me about {thing}") | completions()

    answers = chain.batch([{"thing": thing} for thing in things])

    equal(answers, [echo(f"Tell me about {thing}") for thing in things])


@case
def a_chat_model_answers_asynchronously():
    texts = [prompt(str(number)) for number in range(8)]

    async def ask():
        return await asyncio.gather(*(chat().ainvoke(text) for text in texts))

    equal([answer.content for answer in asyncio.run(ask())], [echo(text) for text in texts])


@case
def bound_tools_are_called_and_their_results_understood():
    city = prompt("Osaka")
    model = chat().bind_tools([weather], tool_choice="auto")

    call = model.invoke(city)
    result = weather.invoke(call.tool_calls[0]["args"])
    answer = model.invoke([HumanMessage("the weather?"), call, ToolMessage(result, tool_call_id="call_interop")])

    equal([(c["name"], c["args"], c["id"]) for c in call.tool_calls], [("weather", {"city": city}, "call_interop")])
    equal(answer.content, echo(f"sunny in {city}"))


@case
def stop_words_and_further_parameters_reach_the_provider():
    text = prompt("a b END c")

    answer = chat(stop=["END"], max_tokens=20, extra_params={"top_p": 0.5}).invoke(text)

    body = sent(text)
    equal(answer.content, "echo: a b ")
    equal((body["stop"], body["max_tokens"], body["top_p"]), (["END"], 20, 0.5))


@case
def a_completions_model_answers():
    text = prompt("Once upon a time")

    equal(completions(temperature=1.25).invoke(text), echo(text))
    equal((sent(text)["prompt"], sent(text)["temperature"]), (text, 1.25))


@case
def embeddings_come_in_chunks_of_twenty_and_in_order():
    texts = [prompt(str(number)) for number in range(23)]

    equal(embeddings().embed_documents(texts), [vector(text) for text in texts])
    equal(len(sent(texts[0])["input"]), 20)
    equal(len(sent(texts[22])["input"]), 3)


@case
def one_query_is_embedded():
    text = prompt()

    equal(embeddings().embed_query(text), vector(text))


@case
def the_same_classes_work_on_routes_written_in_the_older_form():
    text = prompt()

    equal(chat("classic-chat").invoke(text).content, echo(text))
    equal(completions("classic-completions").invoke(text), echo(text))
    equal(embeddings("classic-embeddings").embed_query(text), vector(text))


@case
def failures_keep_their_status():
    for endpoint, text, status in (("no-such", "hello", 404), ("chat", "[[fail:400]]", 400), ("chat", "[[fail:429]]", 429)):
        failure = raised(HTTPError, lambda endpoint=endpoint, text=text: chat(endpoint).invoke(prompt(text)))

        equal(failure.response.status_code, status)


main()
