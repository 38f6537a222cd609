package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the server to its rules, and the rules to their word: below {@code planted} each of them is broken once. */
class ArchitectureTest {
    private static final String ROOT = "io.mlflowgateway.server";
    private static final String PLANTED = ROOT + ".planted";

    private static final Map<String, ArchRule> RULES = new ArchitectureRules(ROOT).all();
    private static final Map<String, ArchRule> RULES_FOR_PLANTED = new ArchitectureRules(PLANTED).all();

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses BREACHES = new ClassFileImporter().importPackages(PLANTED);

    static Set<String> rules() {
        return RULES.keySet();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void the_server_keeps_the_rule(String rule) {
        Objects.requireNonNull(RULES.get(rule)).check(SERVER);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_breach_of_the_rule_is_found(String rule) {
        assertThat(Objects.requireNonNull(RULES_FOR_PLANTED.get(rule))
                        .evaluate(BREACHES)
                        .hasViolation())
                .isTrue();
    }
}
