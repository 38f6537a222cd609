package io.mlflowgateway.samples.docs;

import io.mlflowgateway.samples.process.Children;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway's jar, used the way the documentation says. */
final class GatewayJar {
    /** Variables that the documentation's configurations name. */
    private static final List<String> KEYS = List.of(
            "OPENAI_API_KEY",
            "ANTHROPIC_API_KEY",
            "GEMINI_API_KEY",
            "COHERE_API_KEY",
            "ENTRA_CLIENT_SECRET",
            "DATABRICKS_CLIENT_SECRET",
            "AZURE_OPENAI_API_KEY",
            "MISTRAL_API_KEY",
            "IN_HOUSE_KEY",
            "DATABRICKS_TOKEN",
            "PALM_API_KEY",
            "MOSAICML_API_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY");

    private static final Path JAR = MarkdownFile.ROOT.resolve("gateway-server/target/gateway-server.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Pattern LISTENING = Pattern.compile("Listening on (http://\\S+?:\\d+).*");

    private final Children children;
    private final Path folder;
    private final Path serviceAccount;

    /** @param folder where commands run */
    GatewayJar(Children children, Path folder) throws IOException {
        this.children = children;
        this.folder = folder;
        this.serviceAccount = Files.writeString(folder.resolve("service-account.json"), serviceAccount());
    }

    /** The key file of an account that does not exist. */
    private static String serviceAccount() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            String key = Base64.getEncoder()
                    .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
            return "{\"type\":\"service_account\",\"client_email\":\"gateway@example.com\",\"private_key\":"
                    + "\"-----BEGIN PRIVATE KEY-----\\n" + key + "\\n-----END PRIVATE KEY-----\\n\"}";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** How a command ended. */
    record Ended(int code, String output) {}

    /** Runs a command to its end. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** Starts a gateway without a configuration. Its process ends with the children. */
    String serve() throws IOException {
        Process process = start("start", "--port", "0", "--workers", "2");
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.matches()) {
                return listening.group(1);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the gateway did not start:\n" + said);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        KEYS.forEach(name -> environment.put(name, "sk-not-a-real-key"));
        environment.put("GOOGLE_APPLICATION_CREDENTIALS", serviceAccount.toString());
        return children.start(builder);
    }
}
