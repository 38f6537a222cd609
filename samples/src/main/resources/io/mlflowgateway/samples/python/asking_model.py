"""A model that asks another one: every text it gets goes on to a route of the gateway."""

import os

import mlflow
from mlflow.deployments import get_deploy_client


class Asking(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        gateway = get_deploy_client(os.environ["GATEWAY_URL"])
        return ["the chat route says: " + self.ask(gateway, str(text)) for text in model_input]

    def ask(self, gateway, text):
        question = {"messages": [{"role": "user", "content": text}]}
        answer = gateway.predict(endpoint="chat", inputs=question)
        return answer["choices"][0]["message"]["content"]


mlflow.models.set_model(Asking())
