package dev.retune.kubelet;

import dev.retune.kubelet.flags.GivenFlag;

/**
 * A field of a document that has no effect because a flag of the kubelet sets it too.
 *
 * @param field path of the field; for a feature gate with its name, {@code featureGates[NodeSwap]}
 * @param by the flag, with where it was written
 * @param differs whether the flag's value is another one than the document's
 */
public record Shadowed(String field, GivenFlag by, boolean differs) {}
