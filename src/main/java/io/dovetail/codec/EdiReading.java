package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.EdiBytes.EndlessException;
import io.xlate.edi.stream.EDIInputFactory;
import io.xlate.edi.stream.EDIStreamConstants;
import io.xlate.edi.stream.EDIStreamException;
import io.xlate.edi.stream.EDIStreamReader;
import java.nio.BufferOverflowException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** One body on its way into a tree: StAEDI finds the delimiters and cuts, the envelopes are checked here. */
final class EdiReading {

    static final int MAX_SEGMENTS = 200_000;
    static final int MAX_VALUES = 500_000;

    private static final Pattern TAG = Pattern.compile("[A-Z][A-Z0-9]{1,2}");

    // configured once and never changed: every reader gets its own copy of the settings
    private static final EDIInputFactory FACTORY = factory();

    private final EdiText text;
    private final EdiEnvelopes envelopes;
    private final ObjectNode tree = JsonNodeFactory.instance.objectNode();
    private final Set<Character> delimiters = new HashSet<>();
    // a large interchange has few names, each many times
    private final Map<String, String> names = new HashMap<>();
    private char terminator;
    private int segments;
    private int values;

    EdiReading(EdiText text, EdiRules rules) {
        this.text = text;
        this.envelopes = new EdiEnvelopes(rules, tree);
    }

    private static EDIInputFactory factory() {
        var factory = EDIInputFactory.newFactory();
        // its own checks know sizes and codes of every element of an envelope, which many a partner breaks harmlessly
        factory.setProperty(EDIInputFactory.EDI_VALIDATE_CONTROL_STRUCTURE, false);
        // lines that were wrapped in the middle of an element
        factory.setProperty(EDIInputFactory.EDI_IGNORE_EXTRANEOUS_CHARACTERS, true);
        return factory;
    }

    JsonNode tree() throws MalformedException {
        var bytes = new EdiBytes(text.units().getBytes(StandardCharsets.UTF_8));
        var reader = FACTORY.createEDIStreamReader(bytes);
        try {
            read(reader, bytes);
        } catch (EDIStreamException e) {
            // the envelopes know better what is missing at the end
            var lacksItsEnd = bytes.available() == 0 && envelopes.finish();
            if (!lacksItsEnd || !bytes.isOver() || !endsWithASegment()) {
                throw broken(reader, e.getCause() == null ? e : e.getCause());
            }
        } catch (RuntimeException e) { // it meets some broken interchanges with an exception of its own
            throw broken(reader, e);
        }
        envelopes.finish();
        checkControls();
        return tree;
    }

    /** Its interchanges, the last of them with a fault where it cannot be read to its end. */
    List<EdiEnvelope> asFarAsItGoes() {
        try {
            tree();
        } catch (MalformedException e) {
            var last = envelopes.all().isEmpty() ? null : envelopes.all().getLast();
            if (last != null) {
                last.broken(new EdiFault(EdiFault.Kind.STRUCTURE, last.header(), 0, e.getMessage()));
            }
        }
        return envelopes.all();
    }

    private void read(EDIStreamReader reader, EdiBytes bytes) throws EDIStreamException, MalformedException {
        var segment = new EdiSegment("", 0, 1);
        var standard = EdiStandard.X12;
        while (reader.hasNext()) {
            var event = reader.next();
            bytes.progress();
            switch (event) {
                case START_INTERCHANGE -> {
                    standard = standard(reader.getStandard());
                    checkDelimiters(reader.getDelimiters());
                    delimiters.addAll(reader.getDelimiters().values());
                    terminator = reader.getDelimiters().getOrDefault(EDIStreamConstants.Delimiters.SEGMENT, terminator);
                }
                case START_SEGMENT -> segment = begin(reader);
                case ELEMENT_DATA -> {
                    if (++values > MAX_VALUES) {
                        throw segment.fault("there are more than " + MAX_VALUES + " elements");
                    }
                    var at = reader.getLocation();
                    segment.add(
                            names,
                            at.getElementPosition(),
                            at.getElementOccurrence(),
                            at.getComponentPosition(),
                            text.restored(reader.getText()));
                }
                case END_SEGMENT -> envelopes.take(segment, standard);
                default -> {
                    // composites begin and end: their components say so themselves
                }
            }
        }
    }

    /** Which characters divide is the sender's choice, but no text could be told from them. */
    private static void checkDelimiters(Map<String, Character> delimiters) throws MalformedException {
        for (var delimiter : delimiters.values()) {
            if (Character.isLetterOrDigit(delimiter)) {
                throw new MalformedException(
                        "The interchange divides by '" + delimiter + "': no letter and no digit can be a delimiter.");
            }
        }
    }

    private boolean endsWithASegment() {
        var units = text.units();
        return units.substring(units.lastIndexOf(terminator) + 1).isBlank();
    }

    private EdiSegment begin(EDIStreamReader reader) throws MalformedException {
        var tag = names.computeIfAbsent(reader.getText(), name -> name);
        var segment = new EdiSegment(
                TAG.matcher(tag).matches() ? tag : "?",
                ++segments,
                reader.getLocation().getLineNumber());
        if (segments > MAX_SEGMENTS) {
            throw segment.fault("there are more than " + MAX_SEGMENTS + " segments");
        }
        if (segment.tag().equals("?")) {
            throw segment.fault("a segment is named with two or three capital letters and digits");
        }
        return segment;
    }

    private static EdiStandard standard(String name) throws MalformedException {
        for (var standard : EdiStandard.values()) {
            if (standard.name().equals(name)) {
                return standard;
            }
        }
        throw new MalformedException("The body cannot be read: only interchanges of X12 and EDIFACT are.");
    }

    private MalformedException broken(EDIStreamReader reader, Throwable why) {
        var line = Math.max(1, reader.getLocation().getLineNumber());
        var what = switch (why) {
            case EndlessException e -> "no segment ends within " + EdiBytes.MOST + " bytes";
            case BufferOverflowException e -> "an element is longer than 4096 characters";
            default -> "no segment can be made out here, with the delimiters that it began with";
        };
        return new MalformedException("The body cannot be read at line " + line + ", "
                + (segments == 0 ? "at its beginning" : "behind segment " + segments) + ": " + what + ".");
    }

    /** The tokenizer drops them all; what is more than an end of line was meant to be something. */
    private void checkControls() throws MalformedException {
        var units = text.units();
        var line = 1;
        for (var i = 0; i < units.length(); i++) {
            var c = units.charAt(i);
            if (c == '\n') {
                line++;
            } else if ((c < ' ' || c == 0x7F) && c != '\r' && c != '\t' && !delimiters.contains(c)) {
                throw new MalformedException("The body cannot be read at line " + line
                        + ": a control character that is no delimiter of the interchange.");
            }
        }
    }
}
