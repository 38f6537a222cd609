package io.mlflowgateway.server;

import java.util.List;

/** The tests that make up the matrix of surfaces and policies. */
public final class SurfaceMatrix {
    public static final List<Class<?>> TESTS =
            List.of(SurfaceMatrixIT.class, RoutingMatrixIT.class, HedgingIT.class, UnsupportedParametersIT.class);

    private SurfaceMatrix() {}
}
