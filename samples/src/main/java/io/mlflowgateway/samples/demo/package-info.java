/** What ./demo runs once everything is built: servers up, samples one after the other, a summary. */
@NullMarked
package io.mlflowgateway.samples.demo;

import org.jspecify.annotations.NullMarked;
