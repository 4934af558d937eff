package io.dovetail.counterpart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/** An SFTP server (Apache MINA) over a folder, which cuts and refuses when it is told to. */
public final class SftpDouble implements AutoCloseable {

    /** The user whom it lets in. */
    public static final String USER = "hub";

    public static final String PASSWORD = "Sesame-4711";

    private final SshServer server = SshServer.setUpDefaultServer();
    private final KeyPair own;
    private final KeyPair users;
    private volatile long cutReadsAt = Long.MAX_VALUE;
    private volatile boolean cutsMoves;
    private volatile boolean letsNobodyIn;
    private volatile @Nullable Lie lie;

    public SftpDouble(Path folder) throws IOException, GeneralSecurityException {
        own = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        users = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(own));
        server.setPublickeyAuthenticator((user, key, session) ->
                !letsNobodyIn && user.equals(USER) && KeyUtils.compareKeys(key, users.getPublic()));
        server.setPasswordAuthenticator(
                (user, password, session) -> !letsNobodyIn && user.equals(USER) && password.equals(PASSWORD));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder));
        var sftp = new SftpSubsystemFactory() {
            @Override
            public Command createSubsystem(ChannelSession channel) {
                var subsystem = new Lying(channel, this);
                getRegisteredListeners().forEach(subsystem::addSftpEventListener);
                return subsystem;
            }
        };
        sftp.addSftpEventListener(new SftpEventListener() {
            @Override
            public void reading(
                    ServerSession session,
                    String handle,
                    FileHandle file,
                    long offset,
                    byte[] data,
                    int at,
                    int length) {
                if (offset >= cutReadsAt) {
                    session.close(true);
                }
            }

            @Override
            public void moving(
                    ServerSession session, Path from, Path to, java.util.Collection<java.nio.file.CopyOption> options)
                    throws IOException {
                if (cutsMoves) {
                    session.close(true);
                    throw new IOException("the line was cut before it was done");
                }
            }
        });
        server.setSubsystemFactories(List.of(sftp));
        server.start();
    }

    /** The server as it is, but where it is told to lie. */
    private final class Lying extends SftpSubsystem {

        Lying(ChannelSession channel, SftpSubsystemConfigurator configurator) {
            super(channel, configurator);
        }

        @Override
        protected void doReadDir(Buffer request, int id) throws IOException {
            if (lie != Lie.LONG_NAMES) {
                super.doReadDir(request, id);
                return;
            }
            var name = reply(SftpConstants.SSH_FXP_NAME, id);
            name.putInt(1);
            name.putString("." + "x".repeat(2_000));
            name.putString("");
            name.putInt(0);
            send(name);
        }

        @Override
        protected void doLStat(Buffer request, int id) throws IOException {
            if (lie != Lie.MANY_ATTRIBUTES) {
                super.doLStat(request, id);
                return;
            }
            var attributes = reply(SftpConstants.SSH_FXP_ATTRS, id);
            attributes.putInt(SftpConstants.SSH_FILEXFER_ATTR_EXTENDED);
            attributes.putInt(0x1fff_ffff);
            send(attributes);
        }

        private static Buffer reply(int type, int id) {
            var reply = new ByteArrayBuffer();
            // its length, which is put in when it is sent
            reply.putInt(0);
            reply.putByte((byte) type);
            reply.putInt(id);
            return reply;
        }
    }

    /** As the secret of a folder has it. */
    public String address(String path) {
        return "sftp://" + USER + "@127.0.0.1:" + server.getPort() + path;
    }

    /** As {@code ssh-keyscan} prints it. */
    public String hostKey() {
        return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(own.getPublic());
    }

    /** As {@code ssh-keygen} writes it. */
    public String privateKey() throws IOException, GeneralSecurityException {
        var out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(users, "hub", null, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    /** Ends each connection that reads behind this. */
    public void cutReadsAt(long offset) {
        cutReadsAt = offset;
    }

    /** Ends each connection that wants to move a file. */
    public void cutMoves(boolean cuts) {
        cutsMoves = cuts;
    }

    public enum Lie {
        /** Of a file there are half a billion attributes to follow. */
        MANY_ATTRIBUTES,
        /** The folder has no end, and names that no file has. */
        LONG_NAMES
    }

    public void lie(Lie lie) {
        this.lie = lie;
    }

    public void letNobodyIn() {
        letsNobodyIn = true;
    }

    public int sessions() {
        return server.getActiveSessions().size();
    }

    @Override
    public void close() throws IOException {
        server.close(true);
    }
}
