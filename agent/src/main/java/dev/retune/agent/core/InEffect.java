package dev.retune.agent.core;

import dev.retune.api.FieldsStatus;
import java.util.List;

/**
 * What a kubelet runs in the end: its config with drop-ins and flags on top.
 *
 * @param of content hash of the config it is about
 * @param hash SHA-256 in lower-case hex of all values, defaults included, as JSON
 * @param fields what is not simply as the config says (AGENT-17, AGENT-19)
 * @param problems what in the node's own files keeps the kubelet from its next start, for people
 * @param witness what the kubelet itself says to that, for people; empty when it was not heard
 */
public record InEffect(
    String of, String hash, FieldsStatus fields, List<String> problems, String witness) {
  public InEffect {
    problems = List.copyOf(problems);
  }

  /** The same with what the kubelet says to it. */
  public InEffect withWitness(String says) {
    return new InEffect(of, hash, fields, problems, says);
  }
}
