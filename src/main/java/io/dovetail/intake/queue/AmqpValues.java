package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * Looks at AMQP's values (AMQP 1.0, 1.2 and 1.6) while their bytes come by, in pieces of any size, and keeps nothing of
 * them. Proton makes room for as many values as a list says that it has, again in each list of lists, and believes its
 * count and not its size; so what is decoded says the truth, and is neither too much nor too deep.
 */
final class AmqpValues {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NAME_BYTES = 255;
    /** Descriptors below it are the specification's own. */
    private static final int FIRST_FOREIGN = 0x80;

    private static final int DESCRIBED = 0;
    private static final int SYMBOL = 0xa3;
    private static final int LONG_SYMBOL = 0xb3;
    private static final BitSet DESCRIPTORS = codes(0x44, 0x53, 0x80, SYMBOL, LONG_SYMBOL);
    private static final BitSet MAPS = codes(0xc1, 0xd1);
    private static final BitSet KEYS = codes(0xa1, 0xb1, SYMBOL, LONG_SYMBOL);
    private static final BitSet ARRAYS = codes(0xe0, 0xf0);
    private static final BitSet SIMPLE = codes(
            0x40,
            0x41,
            0x42,
            0x43,
            0x44,
            0x45,
            0x50,
            0x51,
            0x52,
            0x53,
            0x54,
            0x55,
            0x56,
            0x60,
            0x61,
            0x70,
            0x71,
            0x72,
            0x73,
            0x74,
            0x80,
            0x81,
            0x82,
            0x83,
            0x84,
            0x94,
            0x98,
            0xa0,
            0xa1,
            SYMBOL,
            0xb0,
            0xb1,
            LONG_SYMBOL);
    private static final BitSet KNOWN = codes(DESCRIBED, 0xc0, 0xc1, 0xd0, 0xd1, 0xe0, 0xf0);

    static {
        KNOWN.or(SIMPLE);
    }

    private static BitSet codes(int... codes) {
        var set = new BitSet();
        for (var code : codes) {
            set.set(code);
        }
        return set;
    }

    /** What is no value, or none that is taken. */
    static final class Fault extends Exception {

        @Serial
        private static final long serialVersionUID = 1;

        private final String why;

        Fault(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /** What the next byte is of. */
    private enum Part {
        CODE,
        SIZE,
        COUNT,
        ITEM_CODE,
        BYTES,
        NAME
    }

    /** A value that holds others. */
    private static final class Holder {

        private static final int NONE = -1;

        /** Where it ends; of a described value, which does not say it: where it has to end. */
        private final long end;

        private final boolean isDescribed;
        private long left;
        private boolean isMap;
        /** Of all items of an array. */
        private int itemCode = NONE;

        private Holder(long left, long end, boolean isDescribed) {
            this.left = left;
            this.end = end;
            this.isDescribed = isDescribed;
        }
    }

    private final Predicate<Object> names;
    private final int maxValues;
    private final long end;
    private final Deque<Holder> holders = new ArrayDeque<>();
    private long room;

    private Part part = Part.CODE;
    private int code;
    private long at;
    // of the part that is being read
    private int missing;
    private long number;
    private byte[] name = new byte[0];
    private boolean isWhole;
    private Object descriptor = "";

    /**
     * @param names whether a symbol or a descriptor is taken
     * @param maxValues with those that they hold
     * @param end so many bytes may they have; {@link Long#MAX_VALUE}: any number
     */
    AmqpValues(Predicate<Object> names, int maxValues, long end) {
        this.names = names;
        this.maxValues = maxValues;
        this.room = maxValues;
        this.end = end;
    }

    /** Whether all that has been read are whole values. */
    boolean isBetween() {
        return part == Part.CODE && holders.isEmpty();
    }

    /** How many values it has read, with the one that it is reading. */
    int count() {
        return (int) (maxValues - room);
    }

    /** Of the last value that none holds: a {@link Long} or a {@link String}. */
    Object descriptor() {
        return descriptor;
    }

    /** Reads on to the end of the value, and no further; false where it goes on behind these bytes. */
    boolean read(ByteBuf bytes) throws Fault {
        isWhole = false;
        while (!isWhole && bytes.isReadable()) {
            switch (part) {
                case CODE -> begin(next(bytes));
                case SIZE -> size(bytes);
                case COUNT -> count(bytes);
                case ITEM_CODE -> items(next(bytes));
                case BYTES -> skip(bytes);
                case NAME -> name(bytes);
            }
        }
        return isWhole;
    }

    private int next(ByteBuf bytes) throws Fault {
        requireRoom(1);
        at++;
        return bytes.readUnsignedByte();
    }

    private void begin(int begun) throws Fault {
        code = begun;
        take(1);
        if (!KNOWN.get(code)) {
            throw new Fault("There is no type 0x%02x (1.6).".formatted(code));
        } else if (isDescriptor() && !DESCRIPTORS.get(code)) {
            throw new Fault("A descriptor is a symbol or a number (1.2).");
        } else if (isKey() && !KEYS.get(code)) {
            throw new Fault("The keys of a map are symbols or strings.");
        }
        switch (code >> 4) {
            case DESCRIBED -> hold(new Holder(2, limit(), true));
            case 4 -> bytes(0);
            case 5 -> bytes(1);
            case 6 -> bytes(2);
            case 7 -> bytes(4);
            case 8 -> bytes(8);
            case 9 -> bytes(16);
            case 0xa, 0xc, 0xe -> number(Part.SIZE, Byte.BYTES);
            default -> number(Part.SIZE, Integer.BYTES);
        }
    }

    private void take(long values) throws Fault {
        room -= values;
        if (room < 0) {
            throw tooMany();
        }
    }

    private Fault tooMany() {
        return new Fault("There are more than %,d values.".formatted(maxValues));
    }

    private void hold(Holder holder) throws Fault {
        if (holders.size() == MAX_DEPTH) {
            throw new Fault("Values are at most " + MAX_DEPTH + " deep.");
        }
        holders.push(holder);
        part = Part.CODE;
    }

    private boolean isDescriptor() {
        var holder = holders.peek();
        return holder != null && holder.isDescribed && holder.left == 2;
    }

    /** Of other keys a peer could make many with one hash, among which Java would look one by one. */
    private boolean isKey() {
        var holder = holders.peek();
        return holder != null && holder.isMap && holder.left % 2 == 0;
    }

    private boolean isSymbol() {
        return code == SYMBOL || code == LONG_SYMBOL;
    }

    /** Expects those of a simple value. */
    private void bytes(int size) throws Fault {
        requireRoom(size);
        missing = size;
        if (isDescriptor() || isSymbol()) {
            if (size > MAX_NAME_BYTES) {
                throw new Fault("A symbol has at most " + MAX_NAME_BYTES + " bytes.");
            }
            name = new byte[size];
            part = Part.NAME;
        } else {
            part = Part.BYTES;
        }
        if (size == 0) {
            finish();
        }
    }

    private void requireRoom(int bytes) throws Fault {
        var limit = limit();
        if (at + bytes > limit) {
            throw new Fault(
                    limit == end
                            ? "There are more than %,d bytes of values.".formatted(end)
                            : "A value is larger than what holds it.");
        }
    }

    private long limit() {
        var holder = holders.peek();
        return holder == null ? end : holder.end;
    }

    private void number(Part what, int bytes) {
        part = what;
        missing = bytes;
        number = 0;
    }

    /** Whether the number is read. */
    private boolean isRead(ByteBuf bytes) throws Fault {
        number = number << 8 | next(bytes);
        return --missing == 0;
    }

    private void size(ByteBuf bytes) throws Fault {
        if (!isRead(bytes)) {
            return;
        }
        if (number > Integer.MAX_VALUE) {
            throw new Fault("A value has at most 2 GiB.");
        }
        var size = (int) number;
        if (SIMPLE.get(code)) {
            bytes(size);
        } else {
            requireRoom(size);
            hold(new Holder(0, at + size, false));
            number(Part.COUNT, (code >> 4) % 2 == 0 ? Byte.BYTES : Integer.BYTES);
        }
    }

    private void count(ByteBuf bytes) throws Fault {
        if (!isRead(bytes)) {
            return;
        }
        if (number > room) {
            throw tooMany();
        } else if (MAPS.get(code) && number % 2 != 0) {
            throw new Fault("A map has a value for each key (1.6.23).");
        }
        holders.element().left = number;
        holders.element().isMap = MAPS.get(code);
        if (ARRAYS.get(code)) {
            part = Part.ITEM_CODE;
        } else if (number == 0) {
            leave();
        } else {
            part = Part.CODE;
        }
    }

    private void items(int itemCode) throws Fault {
        // Proton goes ways of its own with others, and nobody sends them
        if (!SIMPLE.get(itemCode)) {
            throw new Fault("An array has simple values.");
        }
        var holder = holders.element();
        holder.itemCode = itemCode;
        if (itemCode >> 4 == 4) {
            take(holder.left); // there are no bytes of them
            holder.left = 0;
        }
        if (holder.left == 0) {
            leave();
        } else {
            begin(itemCode);
        }
    }

    private void skip(ByteBuf bytes) throws Fault {
        var some = Math.min(missing, bytes.readableBytes());
        bytes.skipBytes(some);
        taken(some);
    }

    private void name(ByteBuf bytes) throws Fault {
        var some = Math.min(missing, bytes.readableBytes());
        bytes.readBytes(name, name.length - missing, some);
        taken(some);
    }

    private void taken(int bytes) throws Fault {
        at += bytes;
        missing -= bytes;
        if (missing == 0) {
            finish();
        }
    }

    /** A value is read that holds no others. */
    private void finish() throws Fault {
        if (part == Part.NAME && !isTaken()) {
            throw new Fault("There are at most %,d different symbols and descriptors until the hub is started again."
                    .formatted(AmqpNames.MAX));
        }
        passed();
    }

    private boolean isTaken() {
        var read = nameRead();
        if (isDescriptor() && holders.size() == 1) {
            descriptor = read;
        }
        return read instanceof Long number && number >= 0 && number < FIRST_FOREIGN || names.test(read);
    }

    /** A symbol's text, or a descriptor's number. */
    private Object nameRead() {
        if (isSymbol()) {
            return new String(name, StandardCharsets.ISO_8859_1);
        }
        var number = 0L;
        for (var one : name) {
            number = number << 8 | one & 0xff;
        }
        return number;
    }

    /** A value is read, and perhaps with it those that hold it. */
    private void passed() throws Fault {
        part = Part.CODE;
        var holder = holders.peek();
        if (holder == null) {
            isWhole = true;
        } else if (--holder.left == 0) {
            leave();
        } else if (holder.itemCode != Holder.NONE) {
            begin(holder.itemCode);
        }
    }

    private void leave() throws Fault {
        var holder = holders.pop();
        if (!holder.isDescribed && holder.end != at) {
            throw new Fault("A value is as large as it says.");
        }
        passed();
    }
}
