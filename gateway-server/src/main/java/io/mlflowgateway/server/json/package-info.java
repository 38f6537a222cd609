/** Reads JSON no further than it must: where an object's members stand, and small values out of them. */
@NullMarked
package io.mlflowgateway.server.json;

import org.jspecify.annotations.NullMarked;
