package io.dovetail.intake.poll;

import java.util.Collection;

/** All routes of a version that ask for news, ready to be used. */
public interface PollRoutes extends AutoCloseable {

    Collection<PollRoute> routes();

    @Override
    void close();
}
