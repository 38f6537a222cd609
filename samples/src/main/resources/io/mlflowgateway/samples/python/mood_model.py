"""A model of our own: says whether a text sounds cheerful or gloomy."""

import mlflow


class Mood(mlflow.pyfunc.PythonModel):
    CHEERFUL = {"sun", "sunny", "love", "great", "happy"}

    def predict(self, context, model_input, params=None):
        return ["cheerful" if self.CHEERFUL & set(str(text).lower().split()) else "gloomy" for text in model_input]


mlflow.models.set_model(Mood())
