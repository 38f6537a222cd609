package io.mlflowgateway.server.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A YAML document as plain values with line numbers: aliases followed, merge keys merged. Parts that were reached
 * through an alias are shared, and keep the line they are written on. It never holds a cycle.
 */
sealed interface Tree {
    /** Counted from 1. */
    int line();

    /** How many nodes there are below and here, shared ones counted each time they are reached. */
    long size();

    /** What stands here, in words fit for a message; never the value. */
    String found();

    /**
     * A scalar. Does not print: it may be a secret.
     *
     * @param type what plain YAML 1.1 takes it for
     */
    record Text(String text, Type type, int line) implements Tree {
        /** What a scalar is. */
        enum Type {
            STRING,
            NOTHING,
            OTHER
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public String found() {
            return switch (type) {
                case STRING -> "a text";
                case NOTHING -> "nothing";
                case OTHER -> "a number, a date or a yes/no value";
            };
        }

        @Override
        public String toString() {
            return "Text[line " + line + "]";
        }
    }

    /** A sequence. */
    record Items(List<Tree> items, int line, long size) implements Tree {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String found() {
            return "a list";
        }
    }

    /** A mapping, in the order it is written; merged keys come last. */
    record Fields(Map<String, Field> byName, int line, long size) implements Tree {
        public Fields {
            byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        }

        Optional<Field> field(String name) {
            return Optional.ofNullable(byName.get(name));
        }

        @Override
        public String found() {
            return "a mapping";
        }
    }

    /**
     * One key and its value.
     *
     * @param line of the key
     */
    record Field(int line, Tree value) {}
}
