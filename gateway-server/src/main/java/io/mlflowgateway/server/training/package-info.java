/** The calls that a gateway is asked while the Java machine notes which classes a start needs. Nothing of it runs otherwise. */
@NullMarked
package io.mlflowgateway.server.training;

import org.jspecify.annotations.NullMarked;
