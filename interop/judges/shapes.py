"""Whether JSON is what a type of an SDK says: every member of the right type, and none that the SDK does not know."""

import inspect
import typing

from pydantic import BaseModel, ConfigDict, PydanticUserError, TypeAdapter
from pydantic._internal._generate_schema import GenerateSchema
from pydantic_core import core_schema
from typing_extensions import is_typeddict

ANYTHING = ConfigDict(arbitrary_types_allowed=True)


def _listed(self, kind):
    return core_schema.list_schema(self.generate_schema(self._get_first_arg_or_any(kind)))


# pydantic looks at the items of an `Iterable` only when they are asked for, and panics on some: as lists they are looked at.
GenerateSchema._iterable_schema = _listed


def must_be(kind, data, but=()):
    """The data as this type of the SDK. Fails with the first thing wrong; `but` are members it may have besides."""
    value = _adapter(kind).validate_python(data)
    strange = [place for place in unknown(value, data) if place.rsplit(".", 1)[-1] not in but]
    if strange:
        raise AssertionError(f"the SDK knows no {', '.join(strange)} of {kind}")
    return value


def _adapter(kind):
    try:
        return TypeAdapter(kind, config=ANYTHING)
    except PydanticUserError:  # a model brings its own configuration
        return TypeAdapter(kind)


def unknown(value, data, place=""):
    """Places in the data that the model made from it has no field for."""
    if isinstance(value, BaseModel) and isinstance(data, dict):
        fields = {}
        for name, field in type(value).model_fields.items():
            for alias in (name, field.alias, field.validation_alias, field.serialization_alias):
                if isinstance(alias, str):
                    fields[alias] = name
        for key, inner in data.items():
            if key not in fields:
                yield f"{place}.{key}"
            else:
                yield from unknown(getattr(value, fields[key]), inner, f"{place}.{key}")
    elif isinstance(value, (list, tuple)) and isinstance(data, list):
        for one, other in zip(value, data):
            yield from unknown(one, other, f"{place}[]")


def must_be_parameters(kind, data, but=()):
    """The data as a TypedDict of the SDK's parameters (or a union of them), closed to members it does not name."""
    data = {key: value for key, value in data.items() if key not in but}
    problems = []
    for one in typing.get_args(kind) or (kind,):
        try:
            closed(one)
            TypeAdapter(one).validate_python(data)
            return
        except ValueError as problem:
            problems.append(" ".join(str(problem).split())[:600])
    raise AssertionError(min(problems, key=len))


def closed(kind, seen=None):
    """Marks this TypedDict and all below it as closed to unknown members."""
    seen = seen if seen is not None else set()
    if id(kind) in seen:
        return
    seen.add(id(kind))
    if is_typeddict(kind):
        kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        for hint in typing.get_type_hints(kind).values():
            closed(hint, seen)
    for inner in typing.get_args(kind):
        closed(inner, seen)


def must_be_arguments(method, data, but=()):
    """The data as arguments of a method of the SDK."""
    hints = typing.get_type_hints(method, include_extras=True)
    for name, value in data.items():
        if name in but:
            continue
        if name not in inspect.signature(method).parameters:
            raise AssertionError(f"{method.__qualname__} takes no {name}")
        must_be(hints[name], value)
