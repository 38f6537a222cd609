package io.mlflowgateway.langchain4j.kit.model;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers in words. */
final class Talk {

    private Talk() {}

    /** In the order in which they are asked. */
    static List<Rule> rules() {
        return List.of(
                new TellResults(),
                new DescribeImages(),
                new AnswerFromInformation(),
                new Translate(),
                new Remember(),
                new Repeat(),
                new TellStory(),
                new KnowCapitals(),
                new Greet());
    }

    /** What the tools gave back. */
    record TellResults() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return prompt.results().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Answer.says("The tools said: " + String.join(", ", prompt.results())));
        }
    }

    /** Images by their address, or by the digest of their bytes. */
    record DescribeImages() implements Rule {
        private static final Map<String, String> SEEN = Map.of("cat.jpg", "a cat", "dice.jpg", "four dice");

        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return prompt.images().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Answer.says(prompt.images().stream()
                            .map(DescribeImages::seen)
                            .collect(Collectors.joining(" and ", "I see ", "."))));
        }

        private static String seen(String url) {
            String name = url.startsWith("data:")
                    ? KnownImages.name(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)))
                    : url.substring(url.lastIndexOf('/') + 1);
            return SEEN.getOrDefault(name, "something");
        }
    }

    /** What a retriever put beside the question. */
    record AnswerFromInformation() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return new Passage(prompt.question())
                    .find("(?s)following information:\\s*(.*)")
                    .map(Answer::says);
        }
    }

    /** The one sentence it can say in German. */
    record Translate() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return prompt.instruction().contains("into German")
                            && prompt.question().contains("I love you")
                    ? Optional.of(Answer.says("Ich liebe dich"))
                    : Optional.empty();
        }
    }

    /** What the user told earlier. */
    record Remember() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            Passage earlier = new Passage(String.join("\n", prompt.earlier()));
            return new Passage(prompt.question())
                    .find("What is my ([\\w ]+)\\?")
                    .flatMap(thing -> earlier.find("my " + thing + " is (\\w+)"))
                    .map(value -> Answer.says("You said it is " + value));
        }
    }

    /** What is in quotes. */
    record Repeat() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return new Passage(prompt.question()).find("^Say '(.*)'").map(Answer::says);
        }
    }

    /** A story as long as nobody listens to the end of. */
    record TellStory() implements Rule {
        private static final int SENTENCES = 1_000;

        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return prompt.question().contains("story")
                    ? Optional.of(Answer.says(IntStream.rangeClosed(1, SENTENCES)
                            .mapToObj(day -> "On day " + day + " the fox met another animal.")
                            .collect(Collectors.joining(" "))))
                    : Optional.empty();
        }
    }

    /** Capitals, and what two and two is. */
    record KnowCapitals() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            String sum = prompt.question().contains("2 + 2") ? " And 2 + 2 is 4." : "";
            return Knowledge.capitalAskedFor(new Passage(prompt.question()))
                    .map(capital -> Answer.says("The capital is " + capital + "." + sum));
        }
    }

    /** Where nothing else is to be said. */
    record Greet() implements Rule {
        @Override
        public Optional<Answer> answer(Prompt prompt) {
            return Optional.of(Answer.says("Hello! I am a small model and know little."));
        }
    }
}
