package io.mlflowgateway.samples.localmodel;

import java.io.IOException;
import java.nio.file.Path;

/** Fetches a package by name and version from wherever this machine's package client is set up to fetch from. */
interface PackageClient {

    /**
     * Leaves the package's one file in the folder, and partial files while it works.
     *
     * @throws IOException when the package cannot be had; the message says why
     */
    void download(String requirement, Path folder) throws IOException;
}
