package io.mlflowgateway.server.planted.query;

import io.mlflowgateway.server.planted.http.ReadsJson;

record KnowsTheEdge(ReadsJson edge) {}
