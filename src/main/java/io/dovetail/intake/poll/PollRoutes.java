package io.dovetail.intake.poll;

import io.dovetail.intake.file.FileRoute;
import java.util.Collection;

/** All routes of a version that fetch news, ready to be used. */
public interface PollRoutes extends AutoCloseable {

    /** Those that ask systems. */
    Collection<PollRoute> routes();

    /** Those that look into folders. */
    Collection<FileRoute> files();

    @Override
    void close();
}
