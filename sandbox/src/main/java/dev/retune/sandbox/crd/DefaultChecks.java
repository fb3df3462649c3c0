package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a schema's defaults are themselves allowed by it. */
final class DefaultChecks {
  private final Complaints complaints;

  private DefaultChecks(Complaints complaints) {
    this.complaints = complaints;
  }

  static void check(Schema root, Complaints complaints) {
    new DefaultChecks(complaints).checkNode(root);
  }

  private void checkNode(@Nullable Schema schema) {
    if (schema == null) {
      return;
    }
    if (schema.defaultValue() != null) {
      checkDefault(schema, schema.defaultValue());
    }
    checkNode(schema.items());
    schema.properties().values().forEach(this::checkNode);
  }

  private void checkDefault(Schema schema, JsonNode value) {
    String path = Paths.child(schema.path(), "default");
    JsonNode copy = value.deepCopy();
    if (!Pruning.prune(schema, copy, false).isEmpty()) {
      complaints.invalid(path, value, "must not have unknown fields");
    }
    Defaulting.apply(schema, copy);
    List<FieldError> wrong = SchemaValidation.validate(schema, value, null, path);
    complaints.addAll(wrong);
    if (wrong.isEmpty() && Rules.anyIn(schema)) {
      Complaints compiling = new Complaints();
      Rules.compile(schema, schema.extensions().embedded(), compiling)
          .filter(_ -> compiling.isEmpty())
          .ifPresent(rules -> complaints.addAll(rules.evaluate(copy, null, path)));
    }
  }
}
