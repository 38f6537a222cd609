"""Saves a model, written as a Python file, in MLflow's format: save_model.py CODE FOLDER."""

import sys

import mlflow

code, folder = sys.argv[1:]
# No requirements of its own: it is served by the environment that saves it.
mlflow.pyfunc.save_model(folder, python_model=code, pip_requirements=[])
