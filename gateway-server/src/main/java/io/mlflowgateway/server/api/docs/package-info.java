/** The OpenAPI document of the routes configured now, and the page that shows it. */
@NullMarked
package io.mlflowgateway.server.api.docs;

import org.jspecify.annotations.NullMarked;
