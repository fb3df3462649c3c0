package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.Column;
import dev.retune.sandbox.registry.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;

/** What {@code kubectl get} shows of the built-in kinds. */
final class BuiltInColumns {
  private static final String ROLE_LABEL = "node-role.kubernetes.io/";
  private static final String NONE = "<none>";

  private static final One AGE = date("Age", o -> text(o, "metadata", "creationTimestamp"));
  private static final BuiltInColumns PLAIN = new BuiltInColumns(AGE);
  private static final BuiltInColumns BINDING =
      new BuiltInColumns(
          column("Role", o -> text(o, "roleRef", "kind") + "/" + text(o, "roleRef", "name")),
          AGE,
          wide("Users", o -> subjects(o, "User")),
          wide("Groups", o -> subjects(o, "Group")),
          wide("ServiceAccounts", o -> subjects(o, "ServiceAccount")));
  private static final One CREATED =
      column("Created At", o -> text(o, "metadata", "creationTimestamp"));
  private static final BuiltInColumns CREATED_AT = new BuiltInColumns(CREATED);

  private static final Map<String, BuiltInColumns> BY_RESOURCE =
      Map.ofEntries(
          Map.entry(
              "configmaps",
              new BuiltInColumns(
                  number("Data", o -> (long) o.path("data").size() + o.path("binaryData").size()),
                  AGE)),
          Map.entry(
              "secrets",
              new BuiltInColumns(
                  column("Type", o -> text(o, "type")),
                  number("Data", o -> (long) o.path("data").size()),
                  AGE)),
          Map.entry(
              "namespaces",
              new BuiltInColumns(column("Status", o -> text(o, "status", "phase")), AGE)),
          Map.entry("nodes", nodes()),
          Map.entry("events", events()),
          Map.entry("pods", pods()),
          Map.entry(
              "serviceaccounts",
              new BuiltInColumns(number("Secrets", o -> (long) o.path("secrets").size()), AGE)),
          Map.entry(
              "leases.coordination.k8s.io",
              new BuiltInColumns(column("Holder", o -> text(o, "spec", "holderIdentity")), AGE)),
          Map.entry("customresourcedefinitions.apiextensions.k8s.io", CREATED_AT),
          Map.entry("roles.rbac.authorization.k8s.io", CREATED_AT),
          Map.entry("clusterroles.rbac.authorization.k8s.io", CREATED_AT),
          Map.entry("rolebindings.rbac.authorization.k8s.io", BINDING),
          Map.entry("clusterrolebindings.rbac.authorization.k8s.io", BINDING),
          Map.entry(
              "validatingadmissionpolicies.admissionregistration.k8s.io",
              new BuiltInColumns(
                  number("Validations", o -> (long) o.path("spec").path("validations").size()),
                  column("ParamKind", o -> or(text(o, "spec", "paramKind", "kind"), "<unset>")),
                  AGE)),
          Map.entry(
              "validatingadmissionpolicybindings.admissionregistration.k8s.io",
              new BuiltInColumns(
                  column("PolicyName", o -> text(o, "spec", "policyName")),
                  column("ParamRef", o -> or(text(o, "spec", "paramRef", "name"), "<unset>")),
                  AGE)));

  private final List<One> all;

  private record One(Column column, BiFunction<JsonNode, Instant, Object> value) {}

  private interface Text {
    String of(JsonNode object);
  }

  private interface Count {
    long of(JsonNode object);
  }

  private BuiltInColumns(One... columns) {
    List<One> list = new ArrayList<>(List.of(columns));
    boolean named = !list.isEmpty() && list.getFirst().column().name().equals("Last Seen");
    if (!named) {
      One name =
          new One(
              new Column("Name", "string", "name", "Name of the object", 0),
              (o, now) -> text(o, "metadata", "name"));
      list.addFirst(name);
    }
    this.all = List.copyOf(list);
  }

  static BuiltInColumns of(ResourceType type) {
    return BY_RESOURCE.getOrDefault(type.shelf(), PLAIN);
  }

  List<Column> columns() {
    return all.stream().map(One::column).toList();
  }

  List<Optional<Object>> cells(ObjectNode object, Instant now) {
    return all.stream().map(one -> Optional.of(one.value().apply(object, now))).toList();
  }

  private static BuiltInColumns nodes() {
    return new BuiltInColumns(
        column("Status", BuiltInColumns::nodeStatus),
        column("Roles", BuiltInColumns::roles),
        AGE,
        column("Version", o -> nodeInfo(o, "kubeletVersion")),
        wide("Internal-IP", o -> or(address(o, "InternalIP"), NONE)),
        wide("External-IP", o -> or(address(o, "ExternalIP"), NONE)),
        wide("OS-Image", o -> or(nodeInfo(o, "osImage"), "<unknown>")),
        wide("Kernel-Version", o -> or(nodeInfo(o, "kernelVersion"), "<unknown>")),
        wide("Container-Runtime", o -> or(nodeInfo(o, "containerRuntimeVersion"), "<unknown>")));
  }

  private static BuiltInColumns events() {
    return new BuiltInColumns(
        date("Last Seen", o -> EventTimes.last(o)),
        column("Type", o -> text(o, "type")),
        column("Reason", o -> text(o, "reason")),
        column("Object", EventTimes::involved),
        wide("Subobject", o -> text(EventTimes.about(o), "fieldPath")),
        wide("Source", EventTimes::source),
        column("Message", EventTimes::message),
        new One(
            new Column("First Seen", "string", "", "", 1),
            (o, now) -> Ages.since(EventTimes.first(o), now)),
        wide("Count", o -> EventTimes.count(o)),
        wideName());
  }

  private static BuiltInColumns pods() {
    return new BuiltInColumns(
        column("Ready", o -> "0/" + o.path("spec").path("containers").size()),
        column("Status", o -> text(o, "status", "phase")),
        number("Restarts", o -> 0L),
        AGE,
        wide("IP", o -> or(text(o, "status", "podIP"), NONE)),
        wide("Node", o -> or(text(o, "spec", "nodeName"), NONE)));
  }

  private static One wideName() {
    return new One(
        new Column("Name", "string", "name", "Name of the object", 1),
        (o, now) -> text(o, "metadata", "name"));
  }

  private static One column(String name, Text text) {
    return new One(new Column(name, "string", "", "", 0), (o, now) -> text.of(o));
  }

  private static One wide(String name, Text text) {
    return new One(new Column(name, "string", "", "", 1), (o, now) -> text.of(o));
  }

  private static One number(String name, Count count) {
    return new One(new Column(name, "integer", "", "", 0), (o, now) -> count.of(o));
  }

  private static One date(String name, Text timestamp) {
    return new One(
        new Column(name, "string", "", "", 0), (o, now) -> Ages.since(timestamp.of(o), now));
  }

  private static String nodeStatus(JsonNode node) {
    String ready = "Unknown";
    for (JsonNode condition : node.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        ready = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return node.path("spec").path("unschedulable").asBoolean()
        ? ready + ",SchedulingDisabled"
        : ready;
  }

  private static String roles(JsonNode node) {
    List<String> roles = new ArrayList<>();
    for (var label : node.path("metadata").path("labels").properties()) {
      if (label.getKey().startsWith(ROLE_LABEL)) {
        roles.add(label.getKey().substring(ROLE_LABEL.length()));
      }
    }
    roles.sort(Comparator.naturalOrder());
    return roles.isEmpty() ? NONE : String.join(",", roles);
  }

  private static String address(JsonNode node, String type) {
    return StreamSupport.stream(node.path("status").path("addresses").spliterator(), false)
        .filter(address -> address.path("type").asText().equals(type))
        .map(address -> address.path("address").asText())
        .findFirst()
        .orElse("");
  }

  private static String nodeInfo(JsonNode node, String field) {
    return text(node, "status", "nodeInfo", field);
  }

  private static String subjects(JsonNode binding, String kind) {
    List<String> names = new ArrayList<>();
    for (JsonNode subject : binding.path("subjects")) {
      if (subject.path("kind").asText().equals(kind)) {
        String namespace = subject.path("namespace").asText("");
        String name = subject.path("name").asText();
        names.add(namespace.isEmpty() ? name : namespace + "/" + name);
      }
    }
    return String.join(", ", names);
  }

  static String text(JsonNode object, String... path) {
    JsonNode at = object;
    for (String step : path) {
      at = at.path(step);
    }
    return at.asText("");
  }

  static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
