package io.mlflowgateway.samples;

import dev.langchain4j.model.input.PromptTemplate;
import dev.langchain4j.model.language.LanguageModel;
import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel;
import java.io.PrintStream;
import java.util.Map;

/** A prompt template and a completions route make a chain: fill in, ask, read the answer. */
public final class PromptTemplateChain {
    private PromptTemplateChain() {}

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what the route answered */
    public static String run(String gateway, PrintStream out) {
        // tag::prompt-template[]
        LanguageModel model = MlflowGatewayLanguageModel.builder()
                .baseUrl(gateway)
                .route("completions")
                .build();
        PromptTemplate template =
                PromptTemplate.from("The colours of things, one a line.\nlemon: yellow\nblood: red\n{{thing}}:");

        String prompt = template.apply(Map.of("thing", "grass")).text();
        String answer = model.generate(prompt).content();
        // end::prompt-template[]
        out.println("asked:    " + prompt.replace("\n", " / "));
        out.println("answered: " + answer.strip().lines().findFirst().orElse(""));
        return answer;
    }
}
