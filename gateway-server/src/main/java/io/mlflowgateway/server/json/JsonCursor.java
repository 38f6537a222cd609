package io.mlflowgateway.server.json;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.BodyScanner.Malformed.Reason;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Steps over a JSON document where it stands, and looks at each byte once: whether it is UTF-8, follows JSON's grammar, and
 * keeps to the bounds of {@link Json}. Makes no tree, and no strings but those that are asked for. It stands before a value
 * or, inside an object or a list, after one; whoever uses it says what comes next by what it calls.
 *
 * <p>For one thread. After a failure it is not to be used any more.
 */
public final class JsonCursor {
    /** Objects in which no name may stand twice: all, the outermost one, or none. */
    enum Unique {
        EVERYWHERE,
        OUTERMOST,
        NOWHERE
    }

    private static final int MAX_NAME_LENGTH = 50_000;
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final byte[] json;
    private final Unique unique;
    private final OpenNames names;
    private final StringSteps strings;
    private int at;
    private int depth;
    // Whether the object or list just entered has had nothing yet.
    private boolean fresh;
    private boolean lineFeeds;
    private int nameStart;
    private int nameEnd;
    private long nameKey;
    private boolean nameEscaped;

    /** Stands before the document's one value. Names may stand twice. */
    public JsonCursor(byte[] json) {
        this(json, Unique.NOWHERE);
    }

    /** Stands before a member's value. What comes after that is not its business. */
    public JsonCursor(Body body, Member member) {
        this(body.bytes(), Unique.NOWHERE);
        at = member.start();
    }

    JsonCursor(byte[] json, Unique unique) {
        this.json = json;
        this.unique = unique;
        this.names = new OpenNames(json);
        this.strings = new StringSteps(json);
        skipSpace();
    }

    /** Offset of the next byte that counts: of the next value's first, or after the last one's last. */
    public int offset() {
        return at;
    }

    /** Whether there is nothing but white space left. */
    boolean isAtEnd() {
        return at == json.length;
    }

    /** What the next value is, by its first byte. */
    public Kind kind() throws Malformed {
        return switch (next()) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't', 'f' -> Kind.BOOLEAN;
            case 'n' -> Kind.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
            default -> throw Malformed.syntax(at);
        };
    }

    /** Enters the object that is the next value; {@link #nextMember} then leads through it. */
    public void enterObject() throws Malformed {
        enter('{');
        if (isWatched()) {
            names.begin();
        }
    }

    /** Goes to the value of the next member. False when there is none: the object is left then. */
    public boolean nextMember() throws Malformed {
        skipSpace();
        if (next() == '}') {
            at++;
            if (isWatched()) {
                names.end();
            }
            leave();
            return false;
        }
        separate();
        readName();
        skipSpace();
        require(':');
        skipSpace();
        return true;
    }

    /** The name of the member gone to last. */
    public String name() {
        return nameEscaped ? Json.text(json, nameStart, nameEnd) : KnownNames.text(json, nameStart, nameEnd, nameKey);
    }

    /** Offset of the opening quote of that name. */
    int nameOffset() {
        return nameStart - 1;
    }

    /** Enters the list that is the next value; {@link #nextElement} then leads through it. */
    public void enterArray() throws Malformed {
        enter('[');
    }

    /** Goes to the next value of a list. False when there is none: the list is left then. */
    public boolean nextElement() throws Malformed {
        skipSpace();
        if (next() == ']') {
            at++;
            leave();
            return false;
        }
        separate();
        return true;
    }

    /** Steps over the next value, whatever it is. */
    public void skip() throws Malformed {
        switch (next()) {
            case '{' -> skipObject();
            case '[' -> skipArray();
            case '"' -> skipString();
            case 't' -> skipWord(TRUE);
            case 'f' -> skipWord(FALSE);
            case 'n' -> skipWord(NULL);
            default -> at = NumberSteps.after(json, at);
        }
    }

    /** Steps over the next value, and tells whether it is a string with this text. */
    public boolean skipIfText(String text) throws Malformed {
        int start = at;
        boolean string = next() == '"';
        skip();
        return string
                && (strings.escaped() || at - start - 2 == text.length())
                && text.equals(Json.text(json, start + 1, at - 1));
    }

    /** Steps over the next value, and gives its text; empty for what is no string. */
    public String skipText() throws Malformed {
        int start = at;
        boolean string = next() == '"';
        skip();
        return string ? Json.text(json, start + 1, at - 1) : "";
    }

    /**
     * Steps over the next value.
     *
     * @return it, where it is a number without fraction and exponent, else {@code otherwise}
     * @throws Malformed also for such a number that no {@code long} holds
     */
    public long skipWholeNumber(long otherwise) throws Malformed {
        int start = at;
        boolean number = kind() == Kind.NUMBER;
        skip();
        return number && NumberSteps.isWhole(json, start, at) ? NumberSteps.whole(json, start, at) : otherwise;
    }

    /**
     * Steps over the next value.
     *
     * @return it, where it is a number without fraction and exponent, else {@code otherwise}
     * @throws Malformed also for such a number that is less than 0, or not less than {@code bound}
     */
    public int skipIndex(int otherwise, int bound) throws Malformed {
        int start = at;
        long index = skipWholeNumber(otherwise);
        if (index < 0 || index >= bound) {
            throw Malformed.bound(start, "an index is out of bounds");
        }
        return (int) index;
    }

    /** Whether a line feed stood between two values so far; in a string there is none. */
    public boolean sawLineFeed() {
        return lineFeeds;
    }

    /** Makes sure that nothing comes after the document's value. */
    public void end() throws Malformed {
        skipSpace();
        if (at < json.length) {
            throw new Malformed(Reason.SYNTAX, at, "more after the end of the JSON document at byte " + at);
        }
    }

    private void skipObject() throws Malformed {
        enterObject();
        while (nextMember()) {
            skip();
        }
    }

    private void skipArray() throws Malformed {
        enterArray();
        while (nextElement()) {
            skip();
        }
    }

    private void enter(char opening) throws Malformed {
        require(opening);
        if (++depth > Json.MAX_DEPTH) {
            throw Malformed.bound(at - 1, "nested more than " + Json.MAX_DEPTH + " deep");
        }
        fresh = true;
    }

    private void leave() {
        depth--;
        fresh = false;
    }

    private void separate() throws Malformed {
        if (!fresh) {
            require(',');
            skipSpace();
        }
        fresh = false;
    }

    private boolean isWatched() {
        return unique == Unique.EVERYWHERE || (unique == Unique.OUTERMOST && depth == 1);
    }

    private void readName() throws Malformed {
        if (next() != '"') {
            throw Malformed.syntax(at);
        }
        int start = at + 1;
        skipString();
        nameStart = start;
        nameEnd = at - 1;
        nameEscaped = strings.escaped();
        if (nameEnd - start > MAX_NAME_LENGTH) {
            throw Malformed.bound(start - 1, "a member name of more than " + MAX_NAME_LENGTH + " bytes");
        }
        // Half a character is let pass in values, as escaped as it came; a name is compared, and half a one is none.
        if (nameEscaped && !StandardCharsets.UTF_8.newEncoder().canEncode(name())) {
            throw Malformed.syntax(start - 1);
        }
        nameKey = Words.first(json, start, nameEnd);
        if (isWatched()) {
            checkName();
        }
    }

    private void checkName() throws Malformed {
        if (!names.isNew(nameStart, nameEnd, nameEscaped, nameKey)) {
            throw new Malformed(Reason.DUPLICATE, nameStart - 1, "a member name stands twice");
        }
        if (names.heldByFirst() > BodyScanner.MAX_MEMBERS || names.heldByOthers() > BodyScanner.MAX_MEMBERS) {
            throw Malformed.bound(nameStart - 1, "more than " + BodyScanner.MAX_MEMBERS + " members");
        }
    }

    private void skipString() throws Malformed {
        at = strings.after(at + 1);
    }

    private void skipWord(byte[] word) throws Malformed {
        int to = at + word.length;
        if (to > json.length || !Arrays.equals(json, at, to, word, 0, word.length)) {
            throw Malformed.syntax(at);
        }
        at = to;
    }

    private void skipSpace() {
        int i = at;
        while (i < json.length && json[i] <= ' ' && isSpace(json[i])) {
            i++;
        }
        at = i;
    }

    private boolean isSpace(byte b) {
        lineFeeds |= b == '\n';
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private byte next() throws Malformed {
        if (at == json.length) {
            throw Malformed.syntax(at);
        }
        return json[at];
    }

    private void require(char wanted) throws Malformed {
        if (next() != wanted) {
            throw Malformed.syntax(at);
        }
        at++;
    }
}
