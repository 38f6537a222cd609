package io.mlflowgateway.server.planted.store;

public record Kept(String value) {}
