package dev.retune.kubelet;

/**
 * A field of a document that has no effect because a drop-in or a flag of the kubelet sets it too.
 *
 * @param field path of the field; for a feature gate with its name, {@code featureGates[NodeSwap]}
 * @param by what sets it, with where it was written: a {@link Source.File} or a {@link Source.Flag}
 * @param differs whether its value is another one than the document's
 */
public record Shadowed(String field, Source by, boolean differs) {}
