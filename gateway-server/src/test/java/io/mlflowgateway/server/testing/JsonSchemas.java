package io.mlflowgateway.server.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import java.util.List;
import wiremock.com.networknt.schema.InputFormat;
import wiremock.com.networknt.schema.JsonSchemaFactory;
import wiremock.com.networknt.schema.SpecVersion;
import wiremock.com.networknt.schema.ValidationMessage;

/** Holds JSON against the schemas of an OpenAPI 3.1 document, by the validator that WireMock carries. */
public final class JsonSchemas {
    private JsonSchemas() {}

    /**
     * What is wrong with a value.
     *
     * @param document the OpenAPI document whose components the schema refers to
     */
    public static List<String> problems(JsonNode document, JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Json.text(whole))
                .validate(Json.text(value), InputFormat.JSON)
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }
}
