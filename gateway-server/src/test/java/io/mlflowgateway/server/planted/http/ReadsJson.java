package io.mlflowgateway.server.planted.http;

import com.fasterxml.jackson.databind.JsonNode;

public record ReadsJson(JsonNode body) {}
