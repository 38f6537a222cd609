package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.config.Timeouts;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Observer;

/** What all connections of a server share. Safe from any thread. */
record Edge(
        Site site,
        Wire wire,
        HeadReader heads,
        Timeouts timeouts,
        Limits limits,
        MemoryCap memory,
        Observer observer,
        Stopping stopping) {}
