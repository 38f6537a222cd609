/**
 * OpenAI's chat body as records, and OpenAI's answer from them: the middle form for providers whose wire is another.
 * Pure; knows JSON and {@code query}, no provider and no transport.
 */
@NullMarked
package io.mlflowgateway.server.provider.chat;

import org.jspecify.annotations.NullMarked;
