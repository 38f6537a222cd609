"""What the mock provider answers: known here, so that a case can say what must arrive, value for value."""

import hashlib

CHAT_MODEL = "mock-chat"
TEXT_MODEL = "mock-text"
VECTOR_MODEL = "mock-embed"


def echo(text):
    """The answer to a prompt without tools, format or magic."""
    return f"echo: {text}"


def vector(text):
    """Eight numbers in [-8, 8), each exact in 32 bits, so that base64 and decimal forms compare equal."""
    return [(byte - 128) / 16 for byte in hashlib.sha256(text.encode()).digest()[:8]]


def words(text):
    """The mock's token count."""
    return len(text.split())
