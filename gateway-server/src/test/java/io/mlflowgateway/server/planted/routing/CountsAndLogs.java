package io.mlflowgateway.server.planted.routing;

import ch.qos.logback.classic.Logger;

record CountsAndLogs(Logger logger) {}
