package io.dovetail.intake.web;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's HTTP with an end for whoever comes to none, and with a word in each last answer. Tomcat's own time-outs are
 * for silence: a sender that lets a byte of a header or of a TLS handshake trickle every second, or of a body that nobody
 * reads any more, keeps its connection for hours. And behind some answers Tomcat closes without {@code Connection: close}
 * (RFC 9112, 9.6): a front would send the next request there. Made by Tomcat by its name; {@link Attendant} tells it of
 * the requests.
 */
public final class DeadlineProtocol extends Http11NioProtocol {

    private static final Logger log = LoggerFactory.getLogger(DeadlineProtocol.class);

    /** From a request's first byte; longer than a body may take, which is answered. */
    static final Duration DEADLINE = Duration.ofSeconds(15);

    /** In bytes, and in characters too; answers at the doors are a line or two, and longer ones go out in pieces. */
    private static final int ANSWER = 2 * 1024;

    // Tomcat keeps some of them for the next connection and forgets others without a word
    private final Set<Deadlined> processors =
            Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));
    private final Set<Request> inChunks = Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));
    // for the sweeper alone
    private final Map<SocketWrapperBase<NioChannel>, Long> handshakes = new WeakHashMap<>();
    private @Nullable Future<?> sweeping;

    @Override
    public int getDesiredBufferSize() {
        return ANSWER;
    }

    /** To be said of each request before it is served; its connection has the same object for the next one. */
    void comes(Request request, boolean isInChunks) {
        if (isInChunks) {
            inChunks.add(request);
        } else {
            inChunks.remove(request);
        }
    }

    /** Asked by Tomcat before it writes the head of an answer that has a body. */
    @Override
    public boolean useCompression(Request request, Response response) {
        // what is left may be more than Tomcat will swallow; of a body whose length is known it says so itself
        if (isEndless(request)) {
            sayTheEnd(response);
        }
        return super.useCompression(request, response);
    }

    /** Whether there may be more of a body that did not say how long it is, were it ever so little. */
    private boolean isEndless(Request request) {
        return inChunks.contains(request) && !request.isFinished();
    }

    static void sayTheEnd(Response response) {
        response.setHeader("Connection", "close");
    }

    @Override
    protected Processor createProcessor() {
        var processor = new Deadlined(this, getAdapter());
        processors.add(processor);
        return processor;
    }

    @Override
    public void start() throws Exception {
        super.start();
        sweeping = getUtilityExecutor().scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (sweeping != null) {
            sweeping.cancel(false);
        }
        super.stop();
    }

    private void sweep() {
        Deadlined[] all;
        synchronized (processors) {
            all = processors.toArray(Deadlined[]::new);
        }
        var then = System.nanoTime() - DEADLINE.toNanos();
        for (var processor : all) {
            try {
                processor.closeIfBegunBefore(then, this::isEndless);
            } catch (RuntimeException e) {
                // it has gone on to another request between two looks: the next sweep sees that
                log.debug("Not looked at a connection", e);
            }
        }
        // before TLS has come about there is no processor
        for (var connection : getEndpoint().getConnections()) {
            if (connection.getSocket().isHandshakeComplete()) {
                handshakes.remove(connection);
            } else if (handshakes.computeIfAbsent(connection, c -> System.nanoTime()) - then < 0) {
                connection.close();
            }
        }
    }

    private static final class Deadlined extends Http11Processor {

        private static final long IDLE = -1;

        Deadlined(Http11NioProtocol protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        /** Of an expectation or a version that it does not know, above all. */
        @Override
        protected void setErrorState(ErrorState state, @Nullable Throwable t) {
            super.setErrorState(state, t);
            // in the other states nothing is written, and the next one may have this response by now
            if (state.isIoAllowed() && !response.isCommitted()) {
                sayTheEnd(response);
            }
        }

        /**
         * Closes the connection while it takes in a head, what is left of a body after the answer, or a body in chunks:
         * what stands beside a chunk's size and behind the last one, no reader of ours gets to see.
         */
        void closeIfBegunBefore(long then, Predicate<Request> isEndless) {
            var stage = request.getRequestProcessor().getStage();
            var begun = request.getStartTimeNanos();
            var socket = socketWrapper;
            // with half a head it is ENDED between two bytes
            var isAnswering = stage == Constants.STAGE_PREPARE
                    || stage == Constants.STAGE_SERVICE
                    || stage == Constants.STAGE_ENDOUTPUT;
            if (begun != IDLE && begun - then < 0 && socket != null && (!isAnswering || isEndless.test(request))) {
                socket.close();
            }
        }
    }
}
