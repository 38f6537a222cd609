package io.mlflowgateway.server.planted.util;

record NamedForNothing() {}
