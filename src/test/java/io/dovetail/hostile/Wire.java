package io.dovetail.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Bytes to a port, and all that comes back until the connection is closed. */
record Wire(int port) {

    // above what a trickle is given by the hub
    private static final int PATIENCE_MILLIS = 20_000;

    /** @param complete whether the other side closed the connection, and not our patience */
    record Heard(String text, boolean complete) {}

    /** @param half closes our direction behind the last byte, so that nobody waits for more */
    Heard exchange(byte[] bytes, boolean half) {
        var heard = new ByteArrayOutputStream();
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(bytes);
                if (half) {
                    socket.shutdownOutput();
                }
            } catch (IOException e) {
                // it has heard enough; what it said about that is still to be read
            }
            var in = socket.getInputStream();
            var buffer = new byte[8192];
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                heard.write(buffer, 0, read);
            }
            return new Heard(heard.toString(StandardCharsets.ISO_8859_1), true);
        } catch (SocketTimeoutException e) {
            return new Heard(heard.toString(StandardCharsets.ISO_8859_1), false);
        } catch (IOException e) { // reset, as of somebody who goes on sending what was refused
            return new Heard(heard.toString(StandardCharsets.ISO_8859_1), true);
        }
    }
}
