package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether commands of the documentation exist as they are written, without doing all they do. */
final class Commands {
    private static final Set<String> MAVEN = Set.of(
            "verify",
            "test",
            "package",
            "install",
            "spotless:apply",
            "-q",
            "-am",
            "-DskipTests",
            "-Dfast",
            "-Pnightly");

    private final GatewayJar jar;

    Commands(GatewayJar jar) {
        this.jar = jar;
    }

    /** What is wrong with the lines of a block. */
    List<String> problems(String block) throws IOException, InterruptedException {
        List<String> problems = new ArrayList<>();
        for (String line : block.replace("\\\n", " ").lines().toList()) {
            List<String> words = Curl.words(line.replaceFirst("\\s#\\s.*", ""));
            if (!words.isEmpty()) {
                check(words, problems);
            }
        }
        return problems;
    }

    private void check(List<String> words, List<String> problems) throws IOException, InterruptedException {
        List<String> rest = words.subList(1, words.size());
        if (words.get(0).equals("mvn")) {
            maven(rest, problems);
        } else if (words.get(0).startsWith("./")) {
            script(words.get(0), rest, problems);
        } else if (words.get(0).equals("java")) {
            java(rest, problems);
        } else {
            problems.add("nobody checks " + words.get(0));
        }
    }

    private static void maven(List<String> words, List<String> problems) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("-pl")) {
                String module = i + 1 < words.size() ? words.get(++i) : "";
                if (module.isEmpty()
                        || !Files.exists(MarkdownFile.ROOT.resolve(module).resolve("pom.xml"))) {
                    problems.add("mvn: no module '" + module + "'");
                }
            } else if (!MAVEN.contains(words.get(i))) {
                problems.add("mvn: " + words.get(i));
            }
        }
    }

    private static void script(String name, List<String> flags, List<String> problems) throws IOException {
        Path script = MarkdownFile.ROOT.resolve(name);
        if (!Files.isExecutable(script)) {
            problems.add("no such script: " + name);
            return;
        }
        String text = Files.readString(script);
        flags.stream().filter(flag -> !text.contains(flag)).forEach(flag -> problems.add(name + " has no " + flag));
    }

    private void java(List<String> words, List<String> problems) throws IOException, InterruptedException {
        int at = words.indexOf("-jar");
        if (at < 0 || words.size() < at + 3 || !words.get(at + 1).equals("gateway-server/target/gateway-server.jar")) {
            problems.add("not the gateway's jar: " + words);
            return;
        }
        GatewayJar.Ended help = jar.run(words.get(at + 2), "--help");
        if (help.code() != 0) {
            problems.add("no such command: " + words.get(at + 2));
        }
        words.subList(at + 3, words.size()).stream()
                .filter(word -> word.startsWith("--"))
                .filter(flag -> !help.output().contains(flag + "="))
                .forEach(flag -> problems.add(words.get(at + 2) + " has no " + flag));
    }
}
