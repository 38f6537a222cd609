package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import java.util.Map;
import java.util.Set;

/**
 * Where Google's models are asked, and what is shown there: the Gemini API with a key, or Vertex AI with a bearer token.
 * Hosts of locations: Google Cloud, "Vertex AI API access methods".
 */
final class GeminiAddress {
    static final String VERTEX = "vertex";

    /** Locations of several regions have hosts of their own. */
    private static final Set<String> OF_SEVERAL_REGIONS = Set.of("eu", "us");

    private GeminiAddress() {}

    static boolean isVertex(Settings settings) {
        return settings.text(GeminiProvider.TYPE).orElse("").equals(VERTEX);
    }

    /** @param method behind the model, with its colon */
    static String of(Settings settings, String model, String method) {
        String models = isVertex(settings)
                ? vertex(settings)
                : settings.text(GeminiProvider.BASE).orElseThrow();
        return models + "/models/" + OpenAiWire.encoded(model) + method;
    }

    private static String vertex(Settings settings) {
        String location = settings.text(GeminiProvider.LOCATION).orElse("global");
        return settings.text(GeminiProvider.VERTEX_BASE).orElseGet(() -> "https://" + host(location) + "/v1")
                + "/projects/"
                + OpenAiWire.encoded(settings.text(GeminiProvider.PROJECT).orElseThrow())
                + "/locations/"
                + OpenAiWire.encoded(location)
                + "/publishers/google";
    }

    private static String host(String location) {
        if (location.equals("global")) {
            return "aiplatform.googleapis.com";
        }
        return OF_SEVERAL_REGIONS.contains(location)
                ? "aiplatform." + location + ".rep.googleapis.com"
                : OpenAiWire.encoded(location) + "-aiplatform.googleapis.com";
    }

    /** A token goes as a bearer token to either; so does whatever stands in the configuration for Vertex AI. */
    static Map<String, String> headers(Attempt attempt) {
        boolean isToken = attempt.credential().isToken() || isVertex(attempt.settings());
        return isToken
                ? CredentialHeader.bearer(attempt.credential().secret())
                : CredentialHeader.of("x-goog-api-key", "", attempt.credential().secret());
    }
}
