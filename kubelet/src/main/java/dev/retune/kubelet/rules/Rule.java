package dev.retune.kubelet.rules;

import dev.retune.kubelet.value.Problems;

/**
 * Something the kubelet's validation refuses.
 *
 * @param field the field that is refused; a check of several fields is named after the first one
 *     the kubelet names
 */
record Rule(String field, Versions versions, Check check) {

  /** Adds what is wrong with the field, if anything. */
  @FunctionalInterface
  interface Check {
    void check(Candidate candidate, String field, Problems out);
  }

  static Rule rule(String field, Versions versions, Check check) {
    return new Rule(field, versions, check);
  }
}
