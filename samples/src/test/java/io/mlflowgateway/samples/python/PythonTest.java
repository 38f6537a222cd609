package io.mlflowgateway.samples.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PythonTest {
    @Test
    void three_nine_and_newer_is_new_enough() {
        assertThat(Python.isNewEnough("3.9")).isTrue();
        assertThat(Python.isNewEnough("3.14")).isTrue();
        assertThat(Python.isNewEnough("3.8")).isFalse();
        assertThat(Python.isNewEnough("2.7")).isFalse();
        assertThat(Python.isNewEnough("")).isFalse();
    }

    @Test
    void a_machine_without_python_has_none() {
        assertThat(Python.find(List.of("no-such-python-anywhere"))).isEmpty();
    }

    @Test
    void a_program_that_is_no_python_is_passed_over() {
        assertThat(Python.find(List.of("false", "echo"))).isEmpty();
    }
}
