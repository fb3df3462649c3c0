package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks that a schema's defaults are themselves allowed by it. */
final class DefaultChecks {
  private final Complaints complaints;

  private DefaultChecks(Complaints complaints) {
    this.complaints = complaints;
  }

  static void check(Schema root, Optional<Rules> rules, Complaints complaints) {
    new DefaultChecks(complaints).checkNode(root, rules);
  }

  private void checkNode(@Nullable Schema schema, Optional<Rules> rules) {
    if (schema == null) {
      return;
    }
    if (schema.defaultValue() != null) {
      checkDefault(schema, rules, schema.defaultValue());
    }
    checkNode(schema.items(), rules.flatMap(Rules::ofItems));
    schema
        .properties()
        .forEach((name, below) -> checkNode(below, rules.flatMap(r -> r.ofProperty(name))));
  }

  private void checkDefault(Schema schema, Optional<Rules> rules, JsonNode value) {
    String path = Paths.child(schema.path(), "default");
    JsonNode pruned = value.deepCopy();
    if (!Pruning.prune(schema, pruned, false).isEmpty()) {
      complaints.invalid(path, value, "must not have unknown fields");
    }
    List<FieldError> wrong = SchemaValidation.validate(schema, value, null, path);
    complaints.addAll(wrong);
    if (wrong.isEmpty()) {
      rules.ifPresent(r -> complaints.addAll(r.evaluate(value, null, path)));
    }
  }
}
