/** The program: {@code Main} reads flags, {@code Gateway} wires everything by hand, top to bottom. */
@NullMarked
package io.mlflowgateway.server;

import org.jspecify.annotations.NullMarked;
