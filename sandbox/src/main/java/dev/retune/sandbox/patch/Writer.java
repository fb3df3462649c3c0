package dev.retune.sandbox.patch;

/**
 * Who writes, as {@code metadata.managedFields} names it.
 *
 * @param name the field manager, for example {@code kubectl-client-side-apply}
 * @param subresource {@code status} and the like; empty for the object itself
 */
public record Writer(String name, String subresource) {}
