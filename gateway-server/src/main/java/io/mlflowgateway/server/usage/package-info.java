/** What calls use, and what is shown of it: a stage that counts, metrics, the access log. */
@NullMarked
package io.mlflowgateway.server.usage;

import org.jspecify.annotations.NullMarked;
