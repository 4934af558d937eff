package io.dovetail.scaffold;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The files of a connector that is not there yet: all of them are written, or none. */
public final class NewFiles {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST = 40;

    private final Path root;
    private final String name;

    private NewFiles(Path root, String name) {
        this.root = root;
        this.name = name;
    }

    /** @throws CannotScaffoldException when the name is no name or taken */
    public static NewFiles of(Path root, String name) {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST || name.equals("hub")) {
            throw new CannotScaffoldException(
                    "\"" + Names.shown(name) + "\" is no name for a connector: small letters, digits and single"
                            + " hyphens, beginning with a letter, at most " + LONGEST + ", and not \"hub\"");
        }
        for (var taken : List.of("connectors/" + name, "schemas/" + name)) {
            if (Files.exists(root.resolve(taken))) {
                throw new CannotScaffoldException(taken + " is there already; choose another name");
            }
        }
        return new NewFiles(root, name);
    }

    /**
     * Writes the files beside their places and then moves them there, the connector's folder last: only with it is
     * anything of them in use.
     *
     * @param files by their paths below the root: in the connector's two folders, and beside others in schemas/events/
     */
    public void write(Map<String, byte[]> files) {
        var moved = new ArrayList<Path>();
        try {
            var stage = Files.createTempDirectory(root, ".new-");
            try {
                for (var file : files.entrySet()) {
                    var path = stage.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.write(path, file.getValue());
                }
                for (var path : files.keySet()) {
                    if (path.startsWith("schemas/events/")) {
                        move(stage, path, moved);
                    }
                }
                move(stage, "schemas/" + name, moved);
                move(stage, "connectors/" + name, moved);
                moved.clear();
            } finally {
                for (var path : moved) {
                    delete(path);
                }
                delete(stage);
            }
        } catch (IOException e) {
            throw new CannotScaffoldException("the files cannot be written below " + root + ": " + e);
        }
    }

    /** Fails where something of that name has come up in the meantime. */
    private void move(Path stage, String path, List<Path> moved) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.move(stage.resolve(path), root.resolve(path));
        moved.add(root.resolve(path));
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
