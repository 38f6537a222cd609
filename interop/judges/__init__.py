"""The providers' own SDKs as judges: what they make of our files, and whether they would have sent what we send.

A judge is a class with the name of a provider's folder in `providers`. `ask` puts the cell's call to the played provider by
the SDK itself; `whole`, `event` and `sent` hold JSON against the SDK's types.
"""

from dataclasses import dataclass, field


@dataclass
class Said:
    """What an SDK reads out of an answer; `finish` is None where it saw no end."""

    text: str = ""
    tools: list = field(default_factory=list)
    finish: str | None = None
    vectors: list = field(default_factory=list)


def judges():
    """By provider."""
    from judges import ai21labs, anthropic, bedrock, cohere, gemini, huggingface, mistral, openai, together

    found = {}
    for module in (ai21labs, anthropic, bedrock, cohere, gemini, huggingface, mistral, openai, together):
        for judge in module.JUDGES:
            found |= {provider: judge for provider in judge.providers}
    return found
