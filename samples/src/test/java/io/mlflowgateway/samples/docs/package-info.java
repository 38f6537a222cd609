/** Reads the documentation and holds it to its word. */
@NullMarked
package io.mlflowgateway.samples.docs;

import org.jspecify.annotations.NullMarked;
