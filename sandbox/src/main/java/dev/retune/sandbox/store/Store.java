package dev.retune.sandbox.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Everything the control plane remembers: one shelf per resource and one counter for all of them,
 * as etcd's revision is.
 *
 * <p>Writers hold one lock while they take the next revision, put the object on its shelf, remember
 * the change and hand it to the watchers. So every watcher sees the changes of a resource in the
 * order of their revisions and without a gap, and a snapshot belongs to exactly one revision.
 * Readers of a single object take no lock.
 */
public final class Store {
  final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
  private final int remembered;
  private volatile long revision = 1;

  /**
   * An empty store.
   *
   * @param remembered how many past changes of each resource a watch can resume from
   */
  public Store(int remembered) {
    if (remembered < 1) {
      throw new IllegalArgumentException("remembered changes: " + remembered + " is less than 1");
    }
    this.remembered = remembered;
  }

  /**
   * The shelf of a resource; made when it is first asked for.
   *
   * @param resource plural and group, such as {@code nodes} or {@code nodekubelets.retune.dev}
   */
  public Shelf shelf(String resource) {
    return shelves.computeIfAbsent(resource, name -> new Shelf(this, name, remembered));
  }

  /** The revision of the newest change. */
  public long revision() {
    return revision;
  }

  /** Forgets every past change, as etcd's compaction does: older revisions are expired after it. */
  public void compact() {
    shelves.values().forEach(Shelf::compact);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
  long nextRevision() {
    return ++revision;
  }
}
