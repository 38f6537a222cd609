package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether commands of the documentation exist as they are written, without doing all they do. */
final class Commands {
    /** As it is built, and where the service has it. */
    private static final Set<String> JARS =
            Set.of("gateway-server/target/gateway-server.jar", "/opt/mlflow-gateway/gateway-server.jar");

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
            "-Dregenerate=true",
            "-Pnightly");

    private static final Set<String> SYSTEMCTL =
            Set.of("daemon-reload", "enable", "start", "stop", "restart", "status", "reload");
    private static final Pattern UNIT = Pattern.compile("([a-z-]+)(@\\d+)?");
    private static final Set<String> CURL =
            Set.of("-sf", "--retry", "--retry-delay", "--retry-connrefused", "-o", "/dev/null");
    private static final Pattern LOCAL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+(/\\S*)");

    private final GatewayJar jar;
    private final Predicate<String> answered;

    /** @param answered whether a gateway answers a GET of this path */
    Commands(GatewayJar jar, Predicate<String> answered) {
        this.jar = jar;
        this.answered = answered;
    }

    /** What is wrong with the lines of a block. */
    List<String> problems(String block) throws IOException, InterruptedException {
        List<String> problems = new ArrayList<>();
        for (String line : block.replace("\\\n", " ").lines().toList()) {
            List<String> words = Curl.words(line.replaceFirst("\\s#\\s.*", ""));
            if (!words.isEmpty()) {
                check(words.get(0).equals("sudo") ? words.subList(1, words.size()) : words, problems);
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
            tool(words.get(0), rest, problems);
        }
    }

    private void tool(String name, List<String> words, List<String> problems) {
        switch (name) {
            case "install" -> install(words, problems);
            case "systemctl" -> systemctl(words, problems);
            case "curl" -> curl(words, problems);
            case "nginx" -> {
                if (!words.equals(List.of("-t"))) {
                    problems.add("nginx: " + words);
                }
            }
            default -> problems.add("nobody checks " + name);
        }
    }

    /** What is installed is a file of the project; one without a folder is the reader's own. */
    private static void install(List<String> words, List<String> problems) {
        String from = words.size() < 2 ? "" : words.get(words.size() - 2);
        if (from.isEmpty() || from.contains("/") && !Files.exists(MarkdownFile.ROOT.resolve(from))) {
            problems.add("install: no such file '" + from + "'");
        }
    }

    private static void systemctl(List<String> words, List<String> problems) {
        if (words.isEmpty() || !SYSTEMCTL.contains(words.get(0))) {
            problems.add("systemctl: " + words);
            return;
        }
        Path units = MarkdownFile.ROOT.resolve("deploy").resolve("systemd");
        words.stream()
                .skip(1)
                .filter(word -> !word.startsWith("-") && !word.equals("nginx"))
                .filter(unit -> !Files.exists(units.resolve(UNIT.matcher(unit).replaceFirst("$1") + ".service")))
                .forEach(unit -> problems.add("systemctl: no unit " + unit));
    }

    private void curl(List<String> words, List<String> problems) {
        for (String word : words) {
            Matcher local = LOCAL.matcher(word);
            if (local.matches() ? !answered.test(local.group(1)) : !CURL.contains(word) && !word.matches("\\d+")) {
                problems.add("curl: " + word);
            }
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
            } else if (words.get(i).startsWith("-Dtest=")) {
                for (String name : words.get(i)
                        .substring("-Dtest=".length())
                        .replace("'", "")
                        .split(",")) {
                    test(name, problems);
                }
            } else if (!MAVEN.contains(words.get(i))) {
                problems.add("mvn: " + words.get(i));
            }
        }
    }

    private static void test(String name, List<String> problems) {
        try (Stream<Path> files = Files.walk(MarkdownFile.ROOT.resolve("gateway-server/src/test/java"))) {
            if (files.noneMatch(file -> file.endsWith(name + ".java"))) {
                problems.add("mvn: no test " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        if (at < 0 || words.size() < at + 3 || !JARS.contains(words.get(at + 1))) {
            problems.add("not the gateway's jar: " + words);
            return;
        }
        GatewayJar.Ended help = jar.run(words.get(at + 2), "--help");
        if (help.code() != 0) {
            problems.add("no such command: " + words.get(at + 2));
        }
        words.subList(at + 3, words.size()).stream()
                .filter(word -> word.startsWith("--"))
                .filter(flag -> !help.output().matches("(?s).*\\s" + flag + "(=|\\[=|\\s).*"))
                .forEach(flag -> problems.add(words.get(at + 2) + " has no " + flag));
    }
}
