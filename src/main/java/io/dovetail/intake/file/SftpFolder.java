package io.dovetail.intake.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.ChannelSftp.LsEntrySelector;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.dovetail.call.Secrets;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder on an SFTP server. Nothing of a file is kept here: it is read where it lies, as often as it has to be, and
 * moved there. That a link is not followed is up to the server between the look at a file and its opening.
 */
final class SftpFolder implements Folder {

    /** A hundred thousand of them must fit into memory. */
    private static final int LONGEST_NAME = 1024;

    private final Session session;
    private final ChannelSftp sftp;

    private SftpFolder(Session session, ChannelSftp sftp) {
        this.session = session;
        this.sftp = sftp;
    }

    /**
     * @param place the secret that holds its address
     * @throws IOException where it is not, is another server, does not let the hub in, or cannot be read and written
     */
    static SftpFolder open(String place, Login login, Secrets secrets) throws IOException {
        var server = SftpServer.of(place, secrets.value(place));
        Session session = null;
        try {
            session = server.connect(login, secrets);
            var sftp = (ChannelSftp) session.openChannel("sftp");
            sftp.connect(SftpServer.PATIENCE_MILLIS);
            var folder = new SftpFolder(session, sftp);
            try {
                sftp.cd(quoted(server.path()));
            } catch (SftpException e) {
                throw new IOException(
                        e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE
                                ? server + " has no folder " + server.path() + "; make it, or mend the secret " + place
                                : "the folder " + server.path() + " of " + server + " cannot be used: " + said(e));
            }
            folder.make(DONE);
            folder.make(REFUSED);
            return folder;
        } catch (JSchException e) {
            throw lost(session, server.reason(e, login));
        } catch (IOException e) {
            throw lost(session, e);
        }
    }

    private static IOException lost(@Nullable Session session, IOException e) {
        if (session != null) {
            session.disconnect();
        }
        return e;
    }

    private void make(String name) throws IOException {
        var there = attributes(name);
        if (there == null) {
            ask("the folder " + name + " cannot be made", () -> sftp.mkdir(name));
        } else if (!there.isDir()) {
            throw new IOException("what is named " + name + " in it is no folder");
        }
    }

    /** Something that the server is asked to do. */
    private interface Asked {
        void run() throws SftpException;
    }

    private static void ask(String what, Asked asked) throws IOException {
        try {
            asked.run();
        } catch (SftpException e) {
            throw failed(what, e);
        }
    }

    private static IOException failed(String what, SftpException e) {
        if (e.getCause() instanceof InterruptedException || e.getCause() instanceof java.io.InterruptedIOException) {
            Thread.currentThread().interrupt();
        }
        return new IOException(what + ": " + said(e));
    }

    /** What a server says is told to people, on one line. */
    private static String said(SftpException e) {
        var cause = e.getCause() == null
                ? String.valueOf(e.getMessage())
                : e.getCause().toString();
        var line = cause.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }

    /** Of a link itself; null: there is nothing of that name. */
    private @Nullable SftpATTRS attributes(String name) throws IOException {
        try {
            return sftp.lstat(quoted(name));
        } catch (SftpException e) {
            if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                return null;
            }
            throw failed("it cannot be looked at", e);
        }
    }

    @Override
    public List<Found> list() throws IOException {
        var all = new ArrayList<Found>();
        var strange = new ArrayList<String>();
        ask(
                "it cannot be listed",
                () -> sftp.ls(".", entry -> {
                    var name = entry.getFilename();
                    if (name.length() > LONGEST_NAME) {
                        strange.add(name);
                        return LsEntrySelector.BREAK;
                    }
                    // a name is what the server says; one with a way in it would lead out of the folder
                    if (!entry.getAttrs().isDir() && !name.contains("/") && !name.equals(".") && !name.equals("..")) {
                        all.add(found(name, entry.getAttrs()));
                    }
                    return all.size() == MOST ? LsEntrySelector.BREAK : LsEntrySelector.CONTINUE;
                }));
        if (!strange.isEmpty()) {
            throw new IOException("it cannot be listed: it has names of more than " + LONGEST_NAME
                    + " characters, which no file has");
        }
        return all;
    }

    private static Found found(String name, SftpATTRS attributes) {
        var changed = Instant.ofEpochSecond(Integer.toUnsignedLong(attributes.getMTime()));
        return new Found(name, null, attributes.isReg(), attributes.getSize(), changed, null);
    }

    @Override
    public boolean isUnchanged(Found found) throws IOException {
        return isStill(found, found.name());
    }

    private boolean isStill(Found found, String name) throws IOException {
        var now = attributes(name);
        return now != null && found(found.name(), now).equals(found);
    }

    @Override
    public InputStream read(Found found) throws IOException {
        // a server may have listed what is behind a link in its place
        if (!isUnchanged(found)) {
            throw new IOException("it has changed meanwhile, or is a link, which is never followed");
        }
        try {
            return new Whole(sftp.get(quoted(found.name())), found.size());
        } catch (SftpException e) {
            throw failed("it cannot be opened", e);
        }
    }

    /** Ends where the file ended when it was found, or not at all: a connection that is cut is no end of a file. */
    private static final class Whole extends FilterInputStream {

        private long left;

        Whole(InputStream in, long size) {
            super(in);
            left = size;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            var count = super.read(into, from, length);
            left -= Math.max(count, 0);
            if (left < 0 || count < 0 && left > 0) {
                throw new IOException("it has changed meanwhile, or its connection was cut");
            }
            return count;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    @Override
    public void unmark(Found found, String marker) throws IOException {
        var name = found.name() + marker;
        if (attributes(name) != null) {
            ask("its marker cannot be removed", () -> sftp.rm(quoted(name)));
        }
    }

    @Override
    public void moveToDone(Found found, Instant now) throws IOException {
        move(found, DONE + "/" + free(DONE, found, now, ""));
    }

    @Override
    public void moveToRefused(Found found, String text, Instant now) throws IOException {
        var target = REFUSED + "/" + free(REFUSED, found, now, ".txt");
        var note = target + ".txt";
        try {
            ask(
                    "no text can be put into " + REFUSED,
                    () -> sftp.put(new ByteArrayInputStream(text.getBytes(UTF_8)), note));
            move(found, target);
        } catch (IOException e) {
            try {
                sftp.rm(note);
            } catch (SftpException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private String free(String folder, Found found, Instant now, String ending) throws IOException {
        return Folder.free(found, now, ending, name -> attributes(folder + "/" + name) != null);
    }

    /** Its writer may put another in its place at any moment: that one goes back, for nobody has read it. */
    private void move(Found found, String target) throws IOException {
        ask("it cannot be moved to " + target, () -> sftp.rename(quoted(found.name()), target));
        if (!isStill(found, target)) {
            var back = attributes(found.name()) == null
                    ? found.name()
                    : Path.of(target).getFileName().toString();
            ask("another file has come in its place, and lies in " + target, () -> sftp.rename(target, quoted(back)));
            throw new IOException("another file has come in its place, and is read when it is quiet");
        }
    }

    /** A name stands for itself alone, and for no pattern. */
    private static String quoted(String name) {
        return name.replaceAll("[\\\\?*]", "\\\\$0");
    }

    @Override
    public void close() {
        sftp.disconnect();
        session.disconnect();
    }
}
