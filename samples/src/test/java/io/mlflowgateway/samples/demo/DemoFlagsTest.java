package io.mlflowgateway.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoFlagsTest {
    @Test
    void flags_may_come_in_any_order() {
        assertThat(DemoFlags.of(List.of("--local-model", "--once"))).isEqualTo(new DemoFlags(true, true, true));
        assertThat(DemoFlags.of(List.of("--no-python"))).isEqualTo(new DemoFlags(false, false, false));
    }

    @Test
    void an_unknown_flag_is_named() {
        assertThatThrownBy(() -> DemoFlags.of(List.of("--onec"))).hasMessageContaining("--onec");
    }
}
