/** What Amazon's services want of every caller: signed requests, and credentials from where they may come from. Pure functions. */
@NullMarked
package io.mlflowgateway.server.provider.aws;

import org.jspecify.annotations.NullMarked;
