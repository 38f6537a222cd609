package io.mlflowgateway.samples.localmodel;

import io.mlflowgateway.samples.localmodel.WeightsPins.Wheel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packages in a folder of this machine; remembers what was asked for. */
final class FakePackages implements PackageClient {
    final List<String> asked = new ArrayList<>();

    private final Path shelf;
    private final Map<String, Path> wheels = new LinkedHashMap<>();

    FakePackages(Path shelf) {
        this.shelf = shelf;
    }

    /** Makes a wheel with one file in it, and the pin it has. */
    Wheel put(String distribution, String entry, String content) throws IOException {
        Path wheel = shelf.resolve(distribution.replace('-', '_') + "-1.0.0-py3-none-any.whl");
        try (OutputStream file = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        wheels.put(distribution + "==1.0.0", wheel);
        return new Wheel(distribution, "1.0.0", Sha256.of(wheel));
    }

    @Override
    public void download(String requirement, Path folder) throws IOException {
        asked.add(requirement);
        Path wheel = wheels.get(requirement);
        if (wheel == null) {
            throw new IOException("there is no " + requirement);
        }
        Files.copy(wheel, folder.resolve(wheel.getFileName()));
    }
}
