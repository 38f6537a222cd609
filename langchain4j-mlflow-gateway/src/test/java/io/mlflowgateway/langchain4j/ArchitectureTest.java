package io.mlflowgateway.langchain4j;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import org.jspecify.annotations.NullMarked;
import org.reactivestreams.Publisher;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.mlflowgateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule no_class_is_both_a_whole_and_a_streaming_model = noClasses()
            .should()
            .beAssignableTo(assignableTo(ChatModel.class).and(assignableTo(StreamingChatModel.class)))
            .orShould()
            .beAssignableTo(assignableTo(LanguageModel.class).and(assignableTo(StreamingLanguageModel.class)))
            .because("the two stop compiling together on LangChain4j 1.20");

    @ArchTest
    static final ArchRule internal_knows_nothing_of_the_models = noClasses()
            .that()
            .resideInAPackage("..internal..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.mlflowgateway.langchain4j").or(resideInAPackage("..langchain4j.spi..")));

    @ArchTest
    static final ArchRule internal_is_known_only_to_the_models = classes()
            .that()
            .resideInAPackage("..internal..")
            .should()
            .onlyBeAccessed()
            .byAnyPackage("io.mlflowgateway.langchain4j", "io.mlflowgateway.langchain4j.internal");

    @ArchTest
    static final ArchRule failures_know_only_langchain4j = classes()
            .that()
            .resideInAPackage("..failure..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "dev.langchain4j.exception..",
                    "org.jspecify..",
                    "io.mlflowgateway.langchain4j.failure..");

    @ArchTest
    static final ArchRule the_client_knows_nothing_of_the_server_and_of_more_libraries_than_it_says = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.mlflowgateway.langchain4j..",
                    "dev.langchain4j..",
                    "com.fasterxml.jackson..",
                    "reactor..",
                    "org.reactivestreams..",
                    "org.slf4j..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule langchain4js_own_internals_are_left_alone =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.langchain4j.internal..");

    @ArchTest
    static final ArchRule the_optional_http_client_is_known_in_few_places = noClasses()
            .that(not(simpleName("LangChainTransport")
                    .or(simpleName("EventBridge"))
                    .or(simpleName("MlflowGatewayBuilder"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.langchain4j.http..");

    @ArchTest
    static final ArchRule nobody_waits_for_a_publisher_by_reactors_own_means = noClasses()
            .should()
            .accessTargetWhere(describe(
                    "waits for a publisher",
                    (JavaAccess<?> access) -> access.getTargetOwner().isAssignableTo(Publisher.class)
                            && access.getName().matches("block.*|toIterable|toStream")));

    @ArchTest
    static final ArchRule there_is_no_static_state =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule no_cycles =
            slices().matching("io.mlflowgateway.langchain4j.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule null_stays_out = classes()
            .should(new ArchCondition<>("reside in a package marked @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
                }
            });
}
