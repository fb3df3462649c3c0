package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The objects of one resource, its latest changes and those who watch it. */
public final class Shelf {
  private final Store store;
  private final String resource;
  private final int remembered;
  private final NavigableMap<Key, Stored> objects = new ConcurrentSkipListMap<>();
  private final Deque<Change> changes = new ArrayDeque<>();
  private final Map<String, List<ChangeStream>> watchersOfName = new ConcurrentHashMap<>();
  private final List<ChangeStream> watchersOfAll = new CopyOnWriteArrayList<>();

  /** Changes up to this revision are forgotten. */
  private long forgotten;

  Shelf(Store store, String resource, int remembered) {
    this.store = store;
    this.resource = resource;
    this.remembered = remembered;
  }

  /** Plural and group, such as {@code nodekubelets.retune.dev}. */
  public String resource() {
    return resource;
  }

  public Optional<Stored> get(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  public int size() {
    return objects.size();
  }

  /**
   * Writes an object if it still is at the revision the caller has seen.
   *
   * @param seen the revision the new content was made from; 0 when there was no object
   * @param tree the new content; its {@code metadata.resourceVersion} is set here
   * @return the stored object, or empty when somebody else was faster
   */
  public Optional<Stored> put(Key key, long seen, ObjectNode tree) {
    store.lock.lock();
    try {
      Stored previous = objects.get(key);
      if (revisionOf(previous) != seen) {
        return Optional.empty();
      }
      Stored stored = next(key, tree);
      objects.put(key, stored);
      Change.Type type = previous == null ? Change.Type.ADDED : Change.Type.MODIFIED;
      publish(new Change(type, stored, Optional.ofNullable(previous)));
      return Optional.of(stored);
    } finally {
      store.lock.unlock();
    }
  }

  /**
   * Removes an object if it still is at the revision the caller has seen.
   *
   * @param last the content watchers are told of; its {@code metadata.resourceVersion} is set here
   * @return the object as it was told, or empty when somebody else was faster
   */
  public Optional<Stored> remove(Key key, long seen, ObjectNode last) {
    store.lock.lock();
    try {
      Stored previous = objects.get(key);
      if (previous == null || previous.revision() != seen) {
        return Optional.empty();
      }
      Stored stored = next(key, last);
      objects.remove(key);
      publish(new Change(Change.Type.DELETED, stored, Optional.of(previous)));
      return Optional.of(stored);
    } finally {
      store.lock.unlock();
    }
  }

  /** The objects of a namespace, or of all of them when {@code namespace} is empty, as of now. */
  public Snapshot list(Optional<String> namespace) {
    store.lock.lock();
    try {
      return new Snapshot(store.revision(), within(objects, namespace));
    } finally {
      store.lock.unlock();
    }
  }

  /**
   * The objects as they were at an earlier revision, rebuilt by undoing the changes since.
   *
   * @throws RevisionExpired when those changes are forgotten or the revision is not reached yet
   */
  public Snapshot listAt(Optional<String> namespace, long revision) throws RevisionExpired {
    store.lock.lock();
    try {
      requireRemembered(revision);
      NavigableMap<Key, Stored> past = new TreeMap<>(objects);
      Iterator<Change> newestFirst = changes.descendingIterator();
      while (newestFirst.hasNext()) {
        Change change = newestFirst.next();
        if (change.revision() <= revision) {
          break;
        }
        change
            .previous()
            .ifPresentOrElse(
                before -> past.put(change.key(), before), () -> past.remove(change.key()));
      }
      return new Snapshot(revision, within(past, namespace));
    } finally {
      store.lock.unlock();
    }
  }

  /**
   * Starts to follow the changes. The stream must be closed by the caller.
   *
   * @param since changes after this revision are delivered; empty: the present objects come first,
   *     as {@link Change.Type#ADDED}
   * @param backlog how many undelivered changes a slow reader may have before it is cut off
   * @throws RevisionExpired when the changes since then are forgotten, or when the revision was
   *     never reached (a client of an earlier life of this store)
   */
  public ChangeStream watch(Selection selection, OptionalLong since, int backlog)
      throws RevisionExpired {
    store.lock.lock();
    try {
      List<Change> missed = new ArrayList<>();
      long start = store.revision();
      if (since.isEmpty()) {
        for (Stored stored : within(objects, selection.namespace())) {
          missed.add(new Change(Change.Type.ADDED, stored, Optional.empty()));
        }
      } else {
        start = since.getAsLong();
        requireRemembered(start);
        for (Change change : changes) {
          if (change.revision() > start) {
            missed.add(change);
          }
        }
      }
      ChangeStream stream = new ChangeStream(this, selection, missed, start, backlog);
      watchersFor(selection).add(stream);
      return stream;
    } finally {
      store.lock.unlock();
    }
  }

  /** How many watches are open on this resource. */
  public int watchers() {
    return watchersOfAll.size() + watchersOfName.values().stream().mapToInt(List::size).sum();
  }

  void compact() {
    store.lock.lock();
    try {
      changes.clear();
      forgotten = store.revision();
    } finally {
      store.lock.unlock();
    }
  }

  void unwatch(ChangeStream stream) {
    store.lock.lock();
    try {
      Optional<String> name = stream.selection().name();
      if (name.isEmpty()) {
        watchersOfAll.remove(stream);
        return;
      }
      List<ChangeStream> streams = watchersOfName.get(name.get());
      if (streams != null && streams.remove(stream) && streams.isEmpty()) {
        watchersOfName.remove(name.get());
      }
    } finally {
      store.lock.unlock();
    }
  }

  /**
   * The revision a reader may go on from, if it has taken every change up to now; empty otherwise.
   */
  OptionalLong quietRevision(ChangeStream stream) {
    store.lock.lock();
    try {
      return stream.isDrained() ? OptionalLong.of(store.revision()) : OptionalLong.empty();
    } finally {
      store.lock.unlock();
    }
  }

  private List<ChangeStream> watchersFor(Selection selection) {
    return selection
        .name()
        .map(name -> watchersOfName.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>()))
        .orElse(watchersOfAll);
  }

  private Stored next(Key key, ObjectNode tree) {
    long revision = store.nextRevision();
    tree.withObjectProperty("metadata").put("resourceVersion", Long.toString(revision));
    return new Stored(key, revision, Json.write(tree));
  }

  private void publish(Change change) {
    changes.addLast(change);
    if (changes.size() > remembered) {
      forgotten = changes.removeFirst().revision();
    }
    Parsed parsed = new Parsed(change);
    watchersOfName.getOrDefault(change.key().name(), List.of()).forEach(w -> w.offer(parsed));
    watchersOfAll.forEach(watcher -> watcher.offer(parsed));
  }

  private void requireRemembered(long revision) throws RevisionExpired {
    if (revision < forgotten || revision > store.revision()) {
      throw new RevisionExpired(revision, Math.max(forgotten, 1));
    }
  }

  private static List<Stored> within(
      NavigableMap<Key, Stored> objects, Optional<String> namespace) {
    return namespace
        .map(ns ->
            List.copyOf(
                objects.subMap(new Key(ns, ""), true, new Key(ns + '\0', ""), false).values()))
        .orElseGet(() -> List.copyOf(objects.values()));
  }

  private static long revisionOf(@Nullable Stored stored) {
    return stored == null ? 0 : stored.revision();
  }
}
