"""Logs three small models, one for each task, to the folder given: what `mlflow models serve` serves in these cases.

Each answers by rule, so that a case knows the answer value for value.
"""

import sys
from pathlib import Path

import mlflow
import pandas

from answers import echo, vector


class Echo(mlflow.pyfunc.PythonModel):
    """Text in, text out; `params` it is given are said after it."""

    def predict(self, context, model_input, params=None):
        said = "".join(f" {name}={value}" for name, value in sorted((params or {}).items()) if value not in (None, -1))
        return [echo(text) + said for text in texts(model_input)]


class Vectors(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [vector(text) for text in texts(model_input)]


def texts(model_input):
    """`inputs` arrive as a frame of one column, an array or a list."""
    if isinstance(model_input, pandas.DataFrame):
        return [str(text) for text in model_input.iloc[:, 0]]
    return [str(text) for text in model_input]


def main(folder):
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

    limits = ParamSchema([ParamSpec("max_tokens", "long", -1), ParamSpec("temperature", "double", -1.0)])
    text = Schema([ColSpec("string")])
    for name, model in (("chat", Echo()), ("completions", Echo()), ("embeddings", Vectors())):
        signature = ModelSignature(inputs=text, params=limits)
        code = [str(Path(__file__).resolve().parent / file) for file in ("answers.py",)]
        mlflow.pyfunc.save_model(
            Path(folder) / name, python_model=model, signature=signature, code_paths=code, pip_requirements=["mlflow"]
        )


if __name__ == "__main__":
    main(sys.argv[1])
