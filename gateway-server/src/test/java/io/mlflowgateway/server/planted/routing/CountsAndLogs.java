package io.mlflowgateway.server.planted.routing;

import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.Counter;

record CountsAndLogs(Counter counter, Logger logger) {}
