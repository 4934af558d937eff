package io.dovetail.harness;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Keeps what one class logs from INFO on. Tests run side by side, so that each says which lines are its own. */
public final class Logbook implements AutoCloseable {

    private final Logger logger;
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            if (mine.test(line)) {
                lines.add(line);
            }
        }
    };
    private final Predicate<ILoggingEvent> mine;

    /**
     * @param type the whole name of the class
     * @param mine which lines to keep
     */
    public Logbook(String type, Predicate<ILoggingEvent> mine) {
        this.mine = mine;
        // another test may just be about to set logging up
        await().until(() -> LoggerFactory.getILoggerFactory() instanceof LoggerContext);
        logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(type);
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
    }

    public List<String> said() {
        return lines.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** As far as somebody must look at it. */
    public List<String> errors() {
        return lines.stream()
                .filter(line -> line.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
