package io.mlflowgateway.langchain4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import org.jspecify.annotations.NullMarked;

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
    static final ArchRule nobody_blocks_but_the_one_place_that_may =
            noClasses().should().callMethod(reactor.core.publisher.Mono.class, "block");

    @ArchTest
    static final ArchRule null_stays_out =
            classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class);
}
