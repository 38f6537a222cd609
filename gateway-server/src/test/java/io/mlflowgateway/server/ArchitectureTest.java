package io.mlflowgateway.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.mlflowgateway.server.secret.Secret;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.mlflowgateway.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.mlflowgateway.server";

    @ArchTest
    static final ArchRule the_middle_knows_no_other_package = classes()
            .that()
            .resideInAPackage(ROOT + ".query..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + ".query..", "java..", "reactor.core..", "org.reactivestreams..", "org.jspecify..");

    @ArchTest
    static final ArchRule no_cycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule netty_stays_at_the_edges = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".http..", ROOT + ".upstream..")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".Gateway")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "reactor.netty..");

    @ArchTest
    static final ArchRule json_stays_out_of_edge_middle_and_routing = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".http..", ROOT + ".query..", ROOT + ".routing..", ROOT + ".limit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson..", ROOT + ".json..");

    @ArchTest
    static final ArchRule dialects_and_providers_never_meet = noClasses()
            .that()
            .resideInAPackage(ROOT + ".api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".provider..");

    @ArchTest
    static final ArchRule providers_never_meet_dialects_or_connections = noClasses()
            .that()
            .resideInAPackage(ROOT + ".provider..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".api..", ROOT + ".http..", ROOT + ".upstream..", "java.net.http..");

    @ArchTest
    static final ArchRule providers_read_no_clock = noClasses()
            .that()
            .resideInAPackage(ROOT + ".provider..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule nothing_waits_for_a_publisher = nothingBlocks();

    @ArchTest
    static final ArchRule no_process_is_started = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Process.class);

    @ArchTest
    static final ArchRule json_carries_no_type_names = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.fasterxml.jackson.annotation.JsonTypeInfo")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson.databind.jsontype..");

    /** Where a credential may be uncovered: to be put on a wire, to be looked for in texts, to be compared. */
    @ArchTest
    static final ArchRule secrets_are_revealed_in_these_places_only = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".provider.OpenAiProvider")
            .and()
            .resideOutsideOfPackage(ROOT + ".secret")
            .should()
            .accessTargetWhere(accessTo(Secret.class, "reveal"));

    @Test
    void the_rule_against_waiting_catches_a_planted_wait() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);

        EvaluationResult result = nothingBlocks().evaluate(planted);

        assertThat(result.hasViolation()).isTrue();
    }

    private static ArchRule nothingBlocks() {
        return noClasses().should().accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("blocks on a publisher") {
            @Override
            public boolean test(JavaAccess<?> access) {
                JavaClass owner = access.getTargetOwner();
                String name = access.getTarget().getName();
                return owner.getPackageName().startsWith("reactor.core.publisher")
                        && (name.startsWith("block") || name.equals("toIterable") || name.equals("toStream"));
            }
        });
    }

    private static DescribedPredicate<JavaAccess<?>> accessTo(Class<?> owner, String name) {
        return new DescribedPredicate<>("is " + owner.getSimpleName() + "." + name) {
            @Override
            public boolean test(JavaAccess<?> access) {
                return access.getTargetOwner().isEquivalentTo(owner)
                        && access.getTarget().getName().equals(name);
            }
        };
    }

    static final class Planted {
        boolean waits() {
            return Mono.just("x").blockOptional().isPresent();
        }
    }
}
