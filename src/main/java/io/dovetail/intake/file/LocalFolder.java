package io.dovetail.intake.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A folder into which others write, opened once: whatever they put in its place, or a link in the place of a file or of
 * {@code done} and {@code refused} in it, nothing outside of it is read or written.
 */
final class LocalFolder implements Folder {

    private final SecureDirectoryStream<Path> folder;
    private final SecureDirectoryStream<Path> done;
    private final SecureDirectoryStream<Path> refused;

    private LocalFolder(
            SecureDirectoryStream<Path> folder, SecureDirectoryStream<Path> done, SecureDirectoryStream<Path> refused) {
        this.folder = folder;
        this.done = done;
        this.refused = refused;
    }

    /** @throws IOException where it is not, or cannot be read and written */
    static LocalFolder open(Path place) throws IOException {
        for (var name : List.of(DONE, REFUSED)) {
            try {
                Files.createDirectory(place.resolve(name));
            } catch (FileAlreadyExistsException e) {
                // or something else of that name, which is not opened below
            }
        }
        var folder = Files.newDirectoryStream(place);
        if (!(folder instanceof SecureDirectoryStream<Path> secure)) {
            folder.close();
            throw new IOException("this system cannot read a folder without following links in it");
        }
        try {
            var done = secure.newDirectoryStream(place.getFileSystem().getPath(DONE), NOFOLLOW_LINKS);
            try {
                return new LocalFolder(
                        secure,
                        done,
                        secure.newDirectoryStream(place.getFileSystem().getPath(REFUSED), NOFOLLOW_LINKS));
            } catch (IOException e) {
                done.close();
                throw e;
            }
        } catch (IOException e) {
            secure.close();
            throw e;
        }
    }

    @Override
    public List<Found> list() throws IOException {
        var all = new ArrayList<Found>();
        try {
            for (var path : folder) {
                if (all.size() == MOST) {
                    break;
                }
                var name = path.getFileName();
                if (name != null) {
                    try {
                        var attributes = view(folder, name).readAttributes();
                        if (!attributes.isDirectory()) {
                            all.add(Found.of(name, attributes));
                        }
                    } catch (NoSuchFileException e) {
                        // it went while we were looking
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return all;
    }

    private static BasicFileAttributeView view(SecureDirectoryStream<Path> in, Path name) {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW_LINKS);
    }

    @Override
    public boolean isUnchanged(Found found) throws IOException {
        try {
            return Found.of(file(found), view(folder, file(found)).readAttributes())
                    .equals(found);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public InputStream read(Found found) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS);
        return Channels.newInputStream(folder.newByteChannel(file(found), options));
    }

    @Override
    public void unmark(Found found, String marker) throws IOException {
        try {
            folder.deleteFile(file(found).resolveSibling(file(found) + marker));
        } catch (NoSuchFileException e) {
            // as wanted
        }
    }

    @Override
    public void moveToDone(Found found, Instant now) throws IOException {
        move(found, done, free(done, found, now, ""));
    }

    @Override
    public void moveToRefused(Found found, String text, Instant now) throws IOException {
        var target = free(refused, found, now, ".txt");
        var note = target.getFileSystem().getPath(target + ".txt");
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, NOFOLLOW_LINKS);
        try {
            try (var out = refused.newByteChannel(note, options)) {
                var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            move(found, refused, target);
        } catch (IOException e) {
            try {
                refused.deleteFile(note);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** Its writer may put another in its place at any moment: that one goes back, for nobody has read it. */
    private void move(Found found, SecureDirectoryStream<Path> into, Path target) throws IOException {
        var file = file(found);
        folder.move(file, into, target);
        if (!Found.of(file, view(into, target).readAttributes()).equals(found)) {
            into.move(target, folder, exists(folder, file) ? target : file);
            throw new IOException("another file has come in its place, and is read when it is quiet");
        }
    }

    private static Path free(SecureDirectoryStream<Path> in, Found found, Instant now, String ending)
            throws IOException {
        var system = file(found).getFileSystem();
        return system.getPath(Folder.free(found, now, ending, name -> exists(in, system.getPath(name))));
    }

    /** In whatever bytes its name is written. */
    private static Path file(Found found) {
        return Objects.requireNonNull(found.file(), "found elsewhere");
    }

    private static boolean exists(SecureDirectoryStream<Path> in, Path name) throws IOException {
        try {
            view(in, name).readAttributes();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try (folder;
                done;
                refused) {
            // each of them, whatever becomes of the others
        }
    }
}
