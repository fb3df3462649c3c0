package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * An object as it may be stored.
 *
 * @param object pruned and defaulted; a new tree, not shared with the caller's
 * @param unknownFields paths of the fields that were pruned, for {@code Warning} headers ({@link
 *     UnknownFields#complaint})
 */
public record Admitted(ObjectNode object, List<String> unknownFields) {}
