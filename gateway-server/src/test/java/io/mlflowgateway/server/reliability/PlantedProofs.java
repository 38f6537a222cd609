package io.mlflowgateway.server.reliability;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Marked methods of every kind, to be found; its name keeps it from being run. */
class PlantedProofs {
    @Test
    @Proves(Row.BIND)
    void bind_is_a_test() {}

    @ParameterizedTest
    @ValueSource(ints = 1)
    @Tag("nightly")
    @Proves(Row.BIND)
    void bind_is_a_nightly_parameterized_test(int number) {}

    @Proves(Row.BIND)
    void bind_is_no_test() {}

    @Test
    @Disabled("planted")
    @Proves(Row.BIND)
    void bind_is_disabled() {}

    @Test
    void bind_is_not_marked() {}
}
