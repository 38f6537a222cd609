package io.mlflowgateway.server.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads one YAML document into a {@link Tree}. It is built from the parser's events: no object is ever constructed
 * from a tag, an anchor that is still open cannot be reached (so there are no cycles), and every bound is met with the
 * line it was broken on. One instance reads one document.
 */
final class YamlTree {
    static final int MAX_DEPTH = 50;
    static final int MAX_COLLECTION_ALIASES = 50;

    /**
     * Nodes of the document with every alias written out. A file of 10,000 routes with settings of their own has about
     * 400,000.
     */
    static final long MAX_EXPANDED = 500_000;

    /** Characters of one text. Past that the parser would copy what it has seen of it again and again. */
    static final int MAX_TEXT = 64 * 1024;

    private static final String TOO_LONG = "a text of more than " + MAX_TEXT + " characters";

    private static final Resolver RESOLVER = new Resolver();
    private static final Set<String> PLAIN_TAGS = Stream.of(
                    Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE, Tag.SEQ, Tag.MAP)
            .map(Tag::getValue)
            .collect(Collectors.toUnmodifiableSet());

    /** Ends the reading: what comes after cannot be understood. */
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        Broken(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }
    }

    /** Ends the reading at a text without end, before the parser has it all in its window. */
    private static final class Input extends StreamReader {
        Input(String text) {
            super(new StringReader(text));
        }

        @Override
        public int peek(int index) {
            if (index > MAX_TEXT) {
                throw new TooLong(getLine() + 1);
            }
            return super.peek(index);
        }
    }

    private static final class TooLong extends YAMLException {
        private static final long serialVersionUID = 1L;
        private final int line;

        TooLong(int line) {
            super("too long");
            this.line = line;
        }
    }

    private final Report report;
    private final Parser events;
    private final Map<String, Optional<Tree>> anchors = new HashMap<>();
    private int collectionAliases;
    private long expanded;

    private YamlTree(String text, Report report) {
        this.report = report;
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        this.events = new ParserImpl(new Input(text), options);
    }

    /** The document; empty when there is none, with the reason in the report. */
    static Optional<Tree> read(String text, Report report) {
        try {
            return Optional.of(new YamlTree(text, report).document());
        } catch (Broken e) {
            report.problem(e.line, Cursor.DOCUMENT, String.valueOf(e.getMessage()));
        } catch (TooLong e) {
            report.problem(e.line, Cursor.DOCUMENT, TOO_LONG);
        } catch (MarkedYAMLException e) {
            report.problem(YamlMistake.line(e), Cursor.DOCUMENT, YamlMistake.words(e));
        } catch (YAMLException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // The scanner lets the last two escape on malformed character escapes.
            report.problem(1, Cursor.DOCUMENT, "is not YAML");
        }
        return Optional.empty();
    }

    private Tree document() throws Broken {
        Event event = events.getEvent();
        while (event.is(Event.ID.StreamStart) || event.is(Event.ID.DocumentStart)) {
            event = events.getEvent();
        }
        if (event.is(Event.ID.StreamEnd)) {
            throw new Broken(1, "the file holds no document: nothing is written in it");
        }
        Tree root = node(event, 1);
        for (Event after = events.getEvent(); !after.is(Event.ID.StreamEnd); after = events.getEvent()) {
            if (after.is(Event.ID.DocumentStart)) {
                throw new Broken(line(after), "a second document begins here; a configuration is one document");
            }
        }
        return root;
    }

    private Tree node(Event event, int depth) throws Broken {
        if (event instanceof AliasEvent alias) {
            return followed(alias);
        }
        if (depth > MAX_DEPTH) {
            throw new Broken(line(event), "nested more than " + MAX_DEPTH + " levels deep");
        }
        count(1, event);
        if (event instanceof ScalarEvent scalar) {
            return anchored(scalar, scalar(scalar));
        }
        CollectionStartEvent start = (CollectionStartEvent) event;
        Optional.ofNullable(start.getAnchor()).ifPresent(anchor -> anchors.put(anchor, Optional.empty()));
        checkTag(Optional.ofNullable(start.getTag()).filter(tag -> !tag.equals("!")), start);
        return anchored(start, start.is(Event.ID.SequenceStart) ? items(start, depth) : fields(start, depth));
    }

    private Tree followed(AliasEvent alias) throws Broken {
        if (!anchors.containsKey(alias.getAnchor())) {
            throw new Broken(line(alias), "an alias ('*') for which no anchor ('&') stands above");
        }
        Tree tree = anchors.getOrDefault(alias.getAnchor(), Optional.empty())
                .orElseThrow(() -> new Broken(line(alias), "an alias ('*') to something it is itself part of"));
        if (!(tree instanceof Tree.Text) && ++collectionAliases > MAX_COLLECTION_ALIASES) {
            throw new Broken(line(alias), "more than " + MAX_COLLECTION_ALIASES + " aliases of lists or mappings");
        }
        count(tree.size(), alias);
        return tree;
    }

    private Tree scalar(ScalarEvent event) throws Broken {
        if (event.getValue().length() > MAX_TEXT) {
            throw new Broken(line(event), TOO_LONG);
        }
        boolean plain = event.getImplicit().canOmitTagInPlainScalar();
        String tag = Optional.ofNullable(event.getTag())
                .filter(written -> !written.equals("!"))
                .orElseGet(() ->
                        RESOLVER.resolve(NodeId.scalar, event.getValue(), plain).getValue());
        checkTag(Optional.of(tag), event);
        return new Tree.Text(event.getValue(), type(tag), line(event));
    }

    private static Tree.Text.Type type(String tag) {
        if (tag.equals(Tag.STR.getValue()) || tag.equals(Tag.MERGE.getValue())) {
            return Tree.Text.Type.STRING;
        }
        return tag.equals(Tag.NULL.getValue()) ? Tree.Text.Type.NOTHING : Tree.Text.Type.OTHER;
    }

    private void checkTag(Optional<String> tag, Event event) {
        if (tag.isPresent() && !PLAIN_TAGS.contains(tag.get())) {
            report.problem(line(event), Cursor.DOCUMENT, "a tag ('!') that means nothing here; leave it out");
        }
    }

    private Tree anchored(NodeEvent event, Tree tree) {
        Optional.ofNullable(event.getAnchor()).ifPresent(anchor -> anchors.put(anchor, Optional.of(tree)));
        return tree;
    }

    private Tree items(CollectionStartEvent start, int depth) throws Broken {
        List<Tree> items = new ArrayList<>();
        long size = 1;
        for (Event event = events.getEvent(); !event.is(Event.ID.SequenceEnd); event = events.getEvent()) {
            Tree item = node(event, depth + 1);
            items.add(item);
            size += item.size();
        }
        return new Tree.Items(items, line(start), size);
    }

    private Tree fields(CollectionStartEvent start, int depth) throws Broken {
        MappingBuilder mapping = new MappingBuilder(report);
        for (Event event = events.getEvent(); !event.is(Event.ID.MappingEnd); event = events.getEvent()) {
            int keyLine = line(event);
            boolean merges = event instanceof ScalarEvent key
                    && key.getValue().equals("<<")
                    && key.getImplicit().canOmitTagInPlainScalar();
            Tree key = node(event, depth + 1);
            Tree value = node(events.getEvent(), depth + 1);
            if (merges) {
                mapping.merge(value, keyLine);
            } else {
                mapping.put(key, keyLine, value);
            }
        }
        Tree.Fields fields = mapping.build(line(start));
        count(mapping.mergedSize(), start);
        return fields;
    }

    private void count(long nodes, Event event) throws Broken {
        expanded += nodes;
        if (expanded > MAX_EXPANDED) {
            throw new Broken(line(event), "more than " + MAX_EXPANDED + " values, aliases written out");
        }
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }
}
