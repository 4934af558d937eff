package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks at AMQP's values (AMQP 1.0, 1.2 and 1.6) while their bytes come by, in pieces of any size, and keeps nothing of
 * them. Proton makes room for as many values as a list says that it has, again in each list of lists, and believes its
 * count and not its size; so what goes on to it says the truth, and is neither too much nor too deep.
 */
final class AmqpValues {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NAME_BYTES = 255;
    /** Descriptors below it are the specification's own. */
    private static final int FIRST_FOREIGN = 0x80;

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
        /** Of all items of an array. */
        private int itemCode = NONE;

        private Holder(long left, long end, boolean isDescribed) {
            this.left = left;
            this.end = end;
            this.isDescribed = isDescribed;
        }
    }

    private final AmqpNames names;
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

    /**
     * @param names that are taken
     * @param room for so many values, with those that they hold
     * @param end so many bytes may they have; {@link Long#MAX_VALUE}: any number
     */
    AmqpValues(AmqpNames names, long room, long end) {
        this.names = names;
        this.room = room;
        this.end = end;
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
        if (--room < 0) {
            throw new Fault("There are too many values.");
        }
        if (isDescriptor() && !isOneOf(code, 0x44, 0x53, 0x80, 0xa3, 0xb3)) {
            throw new Fault("A descriptor is a symbol or a number (1.2).");
        }
        switch (code >> 4) {
            case 0 -> describe();
            case 4 -> fixed(0, isOneOf(code, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45));
            case 5 -> fixed(1, code <= 0x56);
            case 6 -> fixed(2, code <= 0x61);
            case 7 -> fixed(4, code <= 0x74);
            case 8 -> fixed(8, code <= 0x84);
            case 9 -> fixed(16, isOneOf(code, 0x94, 0x98));
            case 0xa -> expect(Part.SIZE, 1, isOneOf(code, 0xa0, 0xa1, 0xa3));
            case 0xb -> expect(Part.SIZE, 4, isOneOf(code, 0xb0, 0xb1, 0xb3));
            case 0xc -> expect(Part.SIZE, 1, code <= 0xc1);
            case 0xd -> expect(Part.SIZE, 4, code <= 0xd1);
            case 0xe -> expect(Part.SIZE, 1, code == 0xe0);
            case 0xf -> expect(Part.SIZE, 4, code == 0xf0);
            default -> expect(Part.CODE, 0, false);
        }
    }

    private static boolean isOneOf(int code, int... codes) {
        for (var one : codes) {
            if (one == code) {
                return true;
            }
        }
        return false;
    }

    /** A descriptor, and the value that it describes. */
    private void describe() throws Fault {
        expect(Part.CODE, 0, code == 0);
        hold(new Holder(2, limit(), true));
    }

    private boolean isDescriptor() {
        var holder = holders.peek();
        return holder != null && holder.isDescribed && holder.left == 2;
    }

    private void fixed(int size, boolean isKnown) throws Fault {
        if (isDescriptor()) {
            collect(size);
        } else {
            expect(Part.BYTES, size, isKnown);
        }
        if (size == 0) {
            finish();
        }
    }

    private void collect(int size) throws Fault {
        if (size > MAX_NAME_BYTES) {
            throw new Fault("A symbol has at most " + MAX_NAME_BYTES + " bytes.");
        }
        name = new byte[size];
        expect(Part.NAME, size, true);
    }

    private void expect(Part next, int bytes, boolean isKnown) throws Fault {
        if (!isKnown) {
            throw new Fault("There is no type 0x%02x.".formatted(code));
        }
        part = next;
        missing = bytes;
        number = 0;
        if (next == Part.BYTES || next == Part.NAME) {
            requireRoom(bytes);
        }
    }

    private void requireRoom(int bytes) throws Fault {
        if (at + bytes > limit()) {
            throw new Fault("A value is larger than what holds it.");
        }
    }

    private long limit() {
        var holder = holders.peek();
        return holder == null ? end : holder.end;
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
        switch (code >> 4) {
            case 0xa, 0xb -> {
                if (isSymbol(code)) {
                    collect(size);
                } else {
                    expect(Part.BYTES, size, true);
                }
                if (size == 0) {
                    finish();
                }
            }
            default -> {
                requireRoom(size);
                hold(new Holder(0, at + size, false));
                expect(Part.COUNT, code >> 4 == 0xc || code >> 4 == 0xe ? 1 : 4, true);
            }
        }
    }

    private static boolean isSymbol(int code) {
        return code == 0xa3 || code == 0xb3;
    }

    private void hold(Holder holder) throws Fault {
        if (holders.size() == MAX_DEPTH) {
            throw new Fault("Values are at most " + MAX_DEPTH + " deep.");
        }
        holders.push(holder);
    }

    private void count(ByteBuf bytes) throws Fault {
        if (!isRead(bytes)) {
            return;
        }
        var isMap = code == 0xc1 || code == 0xd1;
        if (number > room) {
            throw new Fault("There are too many values.");
        } else if (isMap && number % 2 != 0) {
            throw new Fault("A map has a value for each key (1.6.23).");
        }
        var holder = holders.element();
        holder.left = number;
        if (code == 0xe0 || code == 0xf0) {
            part = Part.ITEM_CODE;
        } else if (number == 0) {
            leave();
        } else {
            part = Part.CODE;
        }
    }

    private void items(int itemCode) throws Fault {
        // the bus and its senders have none, and Proton goes its own way with each of them
        if (itemCode == 0 || itemCode >= 0xc0) {
            throw new Fault("An array has simple values.");
        }
        var holder = holders.element();
        holder.itemCode = itemCode;
        if (itemCode >> 4 == 4) {
            room -= holder.left; // there are no bytes of them
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
            throw new Fault("A user has at most %d different symbols and descriptors until the hub is started again."
                    .formatted(AmqpNames.MAX));
        }
        passed();
    }

    private boolean isTaken() {
        var read = nameRead();
        return read instanceof Long number && number >= 0 && number < FIRST_FOREIGN || names.admit(read);
    }

    /** A symbol's text, or a descriptor's number. */
    private Object nameRead() {
        if (isSymbol(code)) {
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
        var holder = holders.peek();
        if (holder == null) {
            part = Part.CODE;
            isWhole = true;
        } else if (--holder.left == 0) {
            leave();
        } else if (holder.itemCode != Holder.NONE) {
            begin(holder.itemCode);
        } else {
            part = Part.CODE;
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
