package io.mlflowgateway.langchain4j.internal;

import java.nio.ByteBuffer;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * The head of an answer, and its body on the way.
 *
 * @param head status and headers
 * @param body the bytes as they come; fails if the connection breaks; subscribed to exactly once
 */
record TransportResponse(ResponseHead head, Flux<List<ByteBuffer>> body) {}
