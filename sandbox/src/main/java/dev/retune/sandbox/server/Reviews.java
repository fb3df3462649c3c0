package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.ResourceType;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/**
 * Questions about the caller: who it is, and what it may do. Who is a fact; what it may do is
 * everything, because this control plane stores RBAC objects and does not enforce them, and the
 * answers say so.
 */
final class Reviews {
  private static final String REASON =
      "the sandbox knows who asks but does not enforce RBAC: everybody may do everything";

  private final Clock clock;

  Reviews(Clock clock) {
    this.clock = clock;
  }

  void answer(Request request, ResourceType type) throws IOException {
    ObjectNode review = Bodies.object(request);
    review.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode status = review.putObject("status");
    switch (type.kind()) {
      case "SelfSubjectReview" -> {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        review.putObject("metadata").put("creationTimestamp", now);
        ObjectNode user = status.putObject("userInfo");
        user.put("username", request.user().name());
        ArrayNode groups = user.putArray("groups");
        request.user().groups().forEach(groups::add);
      }
      case "SelfSubjectAccessReview", "SubjectAccessReview" ->
          status.put("allowed", true).put("reason", REASON);
      case "SelfSubjectRulesReview" -> {
        ObjectNode resources = status.putArray("resourceRules").addObject();
        resources.putArray("verbs").add("*");
        resources.putArray("apiGroups").add("*");
        resources.putArray("resources").add("*");
        ObjectNode others = status.putArray("nonResourceRules").addObject();
        others.putArray("verbs").add("*");
        others.putArray("nonResourceURLs").add("*");
        status.put("incomplete", false);
      }
      default -> throw ApiFailure.internal("no answer for " + type.kind());
    }
    Replies.json(request.answer(), 201, review);
  }
}
