/** Which target answers a route: the table of routes in force and the choice among a route's targets. */
@NullMarked
package io.mlflowgateway.server.routing;

import org.jspecify.annotations.NullMarked;
