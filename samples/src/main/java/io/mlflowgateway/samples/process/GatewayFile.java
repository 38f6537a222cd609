package io.mlflowgateway.samples.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The gateway's configuration, changed the way an editor saves: a reader sees the old file or the new, never half of one. */
public final class GatewayFile {
    private final Path path;

    public GatewayFile(Path path) {
        this.path = path;
    }

    public void append(String text) throws IOException {
        save(Files.readString(path) + text);
    }

    /** @throws IOException also when the text is not there: a change that changes nothing is a mistake */
    public void replace(String text, String by) throws IOException {
        String before = Files.readString(path);
        if (!before.contains(text)) {
            throw new IOException("there is no '" + text + "' in " + path);
        }
        save(before.replace(text, by));
    }

    private void save(String content) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        Files.writeString(next, content);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
