/** What models cost where the configuration does not say so: the table that comes with the gateway. */
@NullMarked
package io.mlflowgateway.server.price;

import org.jspecify.annotations.NullMarked;
