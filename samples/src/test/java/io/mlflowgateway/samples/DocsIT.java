package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mlflowgateway.samples.docs.DocsRun;
import io.mlflowgateway.samples.docs.MarkdownFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows is done: configurations are read, calls made, commands looked up, all by the built jar. */
class DocsIT {
    @TempDir
    static Path folder;

    private static DocsRun docs;

    @BeforeAll
    static void start() throws IOException {
        docs = new DocsRun(folder);
    }

    @AfterAll
    static void stop() {
        if (docs != null) {
            docs.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> every_configuration_is_read_without_problem_or_warning() {
        return blocks().filter(block -> block.marker().equals("config"))
                .map(block -> dynamicTest(block.place(), () -> docs.assertValid(block.text())));
    }

    @TestFactory
    Stream<DynamicTest> every_call_is_answered_as_shown() {
        return MarkdownFile.all().stream()
                .flatMap(page -> pairs(page, "run", "answer")
                        .map(pair ->
                                dynamicTest(pair.get(0).place(), () -> docs.assertAnswered(pair.get(0), pair.get(1)))));
    }

    @TestFactory
    Stream<DynamicTest> every_wrong_configuration_is_refused_as_shown() {
        return MarkdownFile.all().stream()
                .flatMap(page -> pairs(page, "config: broken", "problems")
                        .map(pair -> dynamicTest(
                                pair.get(0).place(),
                                () -> docs.assertRefused(
                                        pair.get(0).text(), pair.get(1).text()))));
    }

    @TestFactory
    Stream<DynamicTest> every_command_exists_with_its_flags() {
        return blocks().filter(block -> block.kind().equals("shell"))
                .map(block -> dynamicTest(block.place(), () -> docs.assertCommandsExist(block.text())));
    }

    @Test
    void the_first_chat_is_answered() {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        assertThat(FirstChat.run(docs.gateway(), out)).isEqualTo("echo: Who wrote Faust?");
    }

    @Test
    void one_client_says_what_is_there_and_serves_a_model() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        List<String> routes = WhatIsThere.run(docs.gateway(), new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(routes).containsExactlyInAnyOrder("chat", "completions", "embeddings");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("healthy: true", "chat llm/v1/chat", "vectors of 64 numbers", "Once upon");
    }

    private static Stream<MarkdownFile.Block> blocks() {
        return MarkdownFile.all().stream().flatMap(page -> page.blocks().stream());
    }

    /** Each block with this marker and the one after it, which must be of the other kind. */
    private static Stream<List<MarkdownFile.Block>> pairs(MarkdownFile page, String marker, String kindAfter) {
        List<MarkdownFile.Block> blocks = page.blocks();
        return Stream.iterate(0, i -> i < blocks.size(), i -> i + 1)
                .filter(i -> blocks.get(i).marker().equals(marker))
                .map(i -> {
                    assertThat(i + 1)
                            .as("nothing follows " + blocks.get(i).place())
                            .isLessThan(blocks.size());
                    assertThat(blocks.get(i + 1).kind())
                            .as(blocks.get(i).place())
                            .isEqualTo(kindAfter);
                    return blocks.subList(i, i + 2);
                });
    }
}
