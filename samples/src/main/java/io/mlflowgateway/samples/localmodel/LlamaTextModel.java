package io.mlflowgateway.samples.localmodel;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A GGUF file run inside this JVM by llama.cpp.
 *
 * <p>A crash in native code takes the JVM with it, and its native thread keeps a JVM from ending by itself. So it belongs
 * into a process of its own, and that process must end with {@link Runtime#halt}.
 */
final class LlamaTextModel implements TextModel {
    private static final int CONTEXT_TOKENS = 4096;

    private final String name;
    private final LlamaModel model;
    private final ReentrantLock turn = new ReentrantLock(true);

    /**
     * Loads the file; takes about half a second.
     *
     * @param libraryFolder where the native library is unpacked; its name there is fixed, so two JVMs may not share one
     */
    LlamaTextModel(String name, Path gguf, Path libraryFolder) {
        System.setProperty("de.kherud.llama.tmpdir", libraryFolder.toString());
        this.name = name;
        this.model = new LlamaModel(new ModelParameters()
                .setModel(gguf.toString())
                .setCtxSize(CONTEXT_TOKENS)
                .setThreads(Math.max(1, Runtime.getRuntime().availableProcessors()))
                .disableLog());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int contextTokens() {
        return CONTEXT_TOKENS;
    }

    @Override
    public int countTokens(String text) {
        return model.encode(text).length;
    }

    @Override
    public End generate(Continuation continuation, Predicate<String> pieces) {
        turn.lock();
        try {
            return read(model.generate(parameters(continuation)).iterator(), continuation.maxTokens(), pieces);
        } finally {
            turn.unlock();
        }
    }

    private static InferenceParameters parameters(Continuation continuation) {
        InferenceParameters parameters = new InferenceParameters(continuation.prompt())
                .setNPredict(continuation.maxTokens())
                .setTemperature((float) continuation.temperature())
                .setTopP((float) continuation.topP());
        if (!continuation.stops().isEmpty()) {
            parameters.setStopStrings(continuation.stops().toArray(String[]::new));
        }
        return parameters;
    }

    /** One output stands for one token, and the last one, which only says that it ended, for none. */
    private static End read(LlamaIterator outputs, int maxTokens, Predicate<String> pieces) {
        int tokens = 0;
        while (outputs.hasNext()) {
            String piece = outputs.next().text;
            tokens++;
            if (!piece.isEmpty() && !pieces.test(piece)) {
                outputs.cancel();
                return End.LEFT;
            }
        }
        return tokens > maxTokens ? End.LENGTH : End.STOP;
    }

    @Override
    public void close() {
        model.close();
    }
}
