package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.authorization.Action;
import dev.retune.sandbox.authorization.Authorizer;
import dev.retune.sandbox.authorization.Decision;
import dev.retune.sandbox.authorization.PolicyRule;
import dev.retune.sandbox.authorization.Rbac;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.FieldSelector;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Questions about who somebody is and what they may do. */
final class Reviews {
  private final Clock clock;
  private final Authorizer authorizer;

  Reviews(Clock clock, Authorizer authorizer) {
    this.clock = clock;
    this.authorizer = authorizer;
  }

  /**
   * @param namespace from the URL; empty for reviews that are not of a namespace
   */
  void answer(Request request, ResourceType type, String namespace) throws IOException {
    ObjectNode review = Bodies.object(request);
    review.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    JsonNode spec = review.path("spec");
    ObjectNode status = review.putObject("status");
    switch (type.kind()) {
      case "SelfSubjectReview" -> {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        review.putObject("metadata").put("creationTimestamp", now);
        ObjectNode user = status.putObject("userInfo");
        user.put("username", request.user().name());
        texts(user, "groups", request.user().groups());
      }
      case "SelfSubjectAccessReview" -> access(status, request.user(), action(type, spec));
      case "SubjectAccessReview" -> access(status, subject(type, spec), action(type, spec));
      case "LocalSubjectAccessReview" -> {
        String asked = spec.path("resourceAttributes").path("namespace").asText("");
        if (!asked.equals(namespace)) {
          throw invalid(
              type,
              "spec.resourceAttributes.namespace: Invalid value: \"%s\": must match metadata.namespace"
                  .formatted(asked));
        }
        access(status, subject(type, spec), action(type, spec));
      }
      case "SelfSubjectRulesReview" -> rules(status, request.user(), spec);
      default -> throw ApiFailure.internal("no answer for " + type.kind());
    }
    Replies.json(request.answer(), 201, review);
  }

  private void access(ObjectNode status, User user, Action action) {
    Decision decision = authorizer.decide(user, action);
    status.put("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
  }

  private static User subject(ResourceType type, JsonNode spec) {
    List<String> groups = new ArrayList<>();
    spec.path("groups").forEach(group -> groups.add(group.asText()));
    String name = spec.path("user").asText("");
    if (name.isEmpty() && groups.isEmpty()) {
      throw invalid(
          type, "spec.user: Invalid value: \"\": at least one of user or group must be specified");
    }
    return new User(name, List.copyOf(groups));
  }

  private static Action action(ResourceType type, JsonNode spec) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw invalid(
          type,
          resource.isObject()
              ? "spec.nonResourceAttributes: Invalid value: \"\": cannot be specified in combination"
                  + " with resourceAttributes"
              : "spec.resourceAttributes: Invalid value: \"\": exactly one of nonResourceAttributes"
                  + " or resourceAttributes must be specified");
    }
    if (path.isObject()) {
      return new Action.OnPath(path.path("verb").asText(""), path.path("path").asText(""));
    }
    return new Action.OnResource(
        resource.path("verb").asText(""),
        resource.path("group").asText(""),
        resource.path("resource").asText(""),
        resource.path("subresource").asText(""),
        resource.path("namespace").asText(""),
        resource.path("name").asText(""),
        fields(resource.path("fieldSelector")));
  }

  private static Map<String, String> fields(JsonNode selector) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      fields.putAll(FieldSelector.equalities(selector.path("rawSelector").asText("")));
    } catch (IllegalArgumentException unreadable) {
      // Kubernetes ignores it too: without it the answer is stricter.
    }
    for (JsonNode requirement : selector.path("requirements")) {
      JsonNode values = requirement.path("values");
      if (requirement.path("operator").asText().equals("In") && values.size() == 1) {
        fields.put(requirement.path("key").asText(), values.get(0).asText());
      }
    }
    return fields;
  }

  private void rules(ObjectNode status, User user, JsonNode spec) {
    String namespace = spec.path("namespace").asText("");
    if (namespace.isEmpty()) {
      throw ApiFailure.badRequest("no namespace on request");
    }
    Rbac.Held held = authorizer.rbac().held(user, namespace);
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    for (PolicyRule rule : held.rules()) {
      if (!rule.resources().isEmpty()) {
        ObjectNode one = resources.addObject();
        texts(one, "verbs", rule.verbs());
        texts(one, "apiGroups", rule.apiGroups());
        texts(one, "resources", rule.resources());
        if (!rule.resourceNames().isEmpty()) {
          texts(one, "resourceNames", rule.resourceNames());
        }
      }
      if (!rule.nonResourceUrls().isEmpty()) {
        ObjectNode one = paths.addObject();
        texts(one, "verbs", rule.verbs());
        texts(one, "nonResourceURLs", rule.nonResourceUrls());
      }
    }
    List<String> errors = new ArrayList<>(held.errors());
    if (user.node().isPresent()) {
      errors.add("node authorizer does not support user rule resolution");
    }
    status.put("incomplete", !errors.isEmpty());
    if (!errors.isEmpty()) {
      status.put("evaluationError", String.join(", ", errors));
    }
  }

  private static ApiFailure invalid(ResourceType type, String why) {
    return ApiFailure.unprocessable(
        "%s.%s \"\" is invalid: %s".formatted(type.kind(), type.group(), why));
  }

  private static void texts(ObjectNode parent, String field, List<String> values) {
    ArrayNode array = parent.putArray(field);
    values.forEach(array::add);
  }
}
