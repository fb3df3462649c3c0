package dev.retune.agent.core;

import java.util.Optional;

/** What is known of the assigned ConfigMap. */
public sealed interface Payload {

  /** Nothing yet: the API server has not answered. */
  record Pending() implements Payload {}

  /**
   * It cannot be had.
   *
   * @param why for people, for example {@code configmaps "a" not found}
   * @param answered whether the API server said so: there is none, or it may not be read; else it
   *     did not answer, and what is on the node holds
   */
  record Unavailable(String why, boolean answered) implements Payload {}

  /**
   * It is there.
   *
   * @param uid uid of the ConfigMap
   * @param resourceVersion version of the ConfigMap
   * @param document what stands under the assigned key; empty when the ConfigMap has no such key
   */
  record Found(String uid, String resourceVersion, Optional<Document> document)
      implements Payload {}

  /**
   * It is there, and cannot be merged with the node's own files (AGENT-9).
   *
   * @param document as the ConfigMap has it
   */
  record NotMerged(String uid, String resourceVersion, Document document, Ruling.Refused ruling)
      implements Payload {}
}
