package dev.retune.sandbox.store;

import java.util.List;

/**
 * The objects of one resource as they were at one revision, ordered by namespace and name.
 *
 * @param revision the store's counter at that moment
 */
public record Snapshot(long revision, List<Stored> objects) {}
