package dev.tdb.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Whole folders at once. */
final class FileTrees {
    private FileTrees() {}

    static void delete(Path tree) {
        if (Files.notExists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        visit(tree, "delete", Files::delete);
    }

    /** Gives {@code tree} and all in it to the user with this number; only root may. */
    static void chown(Path tree, int uid) {
        visit(tree, "chown", path -> {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
        });
    }

    @FunctionalInterface
    private interface PathAction {
        void on(Path path) throws IOException;
    }

    /** Files first, then the folder that they are in. */
    private static void visit(Path tree, String verb, PathAction action) {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    action.on(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    action.on(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new LocalServerException("cannot " + verb + " " + tree, e);
        }
    }
}
