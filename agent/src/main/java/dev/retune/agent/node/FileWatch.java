package dev.retune.agent.node;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Hears of changes of files (inotify, through the JDK). A file is watched through its directory, so
 * that one that is replaced, removed or yet to come is heard of too; of a directory's other files
 * nothing is heard.
 */
public final class FileWatch implements Closeable {
  private static final Logger LOG = System.getLogger(FileWatch.class.getName());

  private final WatchService service;
  private final Runnable heard;
  private final Thread thread;
  private final Map<Path, WatchKey> directories = new HashMap<>();
  private Set<Path> watched = Set.of();

  /**
   * Starts to listen.
   *
   * @param heard told of a change, from a thread of its own; several changes at once are one
   * @throws IOException when the system has no more inotify instances ({@code
   *     fs.inotify.max_user_instances})
   */
  public FileWatch(Runnable heard) throws IOException {
    this.service = FileSystems.getDefault().newWatchService();
    this.heard = heard;
    this.thread = Thread.ofPlatform().name("file-watch").daemon().start(this::run);
  }

  /** Hears of changes of just these files and directories from now on. */
  public synchronized void watch(Collection<Path> paths) {
    watched = Set.copyOf(paths);
    var wanted = new HashSet<Path>();
    for (Path path : watched) {
      if (Files.isDirectory(path)) {
        wanted.add(path);
      }
      nearest(path).ifPresent(wanted::add);
    }
    directories
        .entrySet()
        .removeIf(known -> {
          boolean gone = !wanted.contains(known.getKey()) || !known.getValue().isValid();
          if (gone) {
            known.getValue().cancel();
          }
          return gone;
        });
    wanted.forEach(this::register);
  }

  /** The directory through which a path is heard of: of those above it that exist the nearest. */
  private static Optional<Path> nearest(Path path) {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (Files.isDirectory(above)) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  private void register(Path directory) {
    if (directories.containsKey(directory)) {
      return;
    }
    try {
      directories.put(
          directory,
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY));
    } catch (IOException unwatchable) {
      LOG.log(
          Level.WARNING,
          "changes in " + directory + " will not be heard of: " + unwatchable.getMessage());
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        boolean matters = matters((Path) key.watchable(), key);
        if (!key.reset()) {
          forget((Path) key.watchable());
          matters = true;
        }
        if (matters) {
          heard.run();
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean matters(Path directory, WatchKey key) {
    boolean matters = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path name) {
        Path changed = directory.resolve(name);
        matters |=
            watched.contains(directory)
                || watched.stream().anyMatch(path -> path.startsWith(changed));
      } else {
        matters = true; // too many at once: some were lost
      }
    }
    return matters;
  }

  private synchronized void forget(Path directory) {
    Objects.requireNonNull(directory);
    directories.remove(directory);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      service.close();
    } catch (IOException alreadyGone) {
      LOG.log(Level.DEBUG, "inotify: " + alreadyGone.getMessage());
    }
  }
}
