package io.mlflowgateway.server.planted.routing;

import io.mlflowgateway.server.planted.store.Kept;
import io.netty.buffer.ByteBuf;

record AsksTheStore(Kept store, ByteBuf knowsNetty) {}
