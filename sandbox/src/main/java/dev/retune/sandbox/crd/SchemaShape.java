package dev.retune.sandbox.crd;

import dev.retune.sandbox.patch.Patches;
import dev.retune.sandbox.patch.Shape;
import org.jspecify.annotations.Nullable;

/**
 * How server-side apply merges what a schema describes.
 *
 * @param resource the place is a resource and has {@code metadata}
 * @param hasStatusSubresource {@code status} is written through its own subresource only
 */
record SchemaShape(Schema schema, boolean resource, boolean hasStatusSubresource) implements Shape {

  @Override
  public Kind kind() {
    return switch (schema.extensions().listType()) {
      case "set" -> new Kind.ScalarSet();
      case "map" -> new Kind.KeyedList(schema.extensions().mapKeys());
      case "atomic" -> new Kind.Atomic();
      default -> schema.isAtomicMap() ? new Kind.Atomic() : new Kind.Plain();
    };
  }

  @Override
  public Shape field(String name) {
    return resource && name.equals("metadata")
        ? Patches.metadataShape()
        : below(schema.property(name));
  }

  @Override
  public boolean names(String field) {
    return schema.properties().containsKey(field)
        || (resource && Pruning.META_FIELDS.contains(field));
  }

  @Override
  public Shape items() {
    return below(schema.items());
  }

  @Override
  public String keyDefault(String key) {
    Schema items = schema.items();
    Schema property = items == null ? null : items.properties().get(key);
    return property == null || property.defaultValue() == null
        ? ""
        : property.defaultValue().toString();
  }

  private static Shape below(@Nullable Schema schema) {
    return schema == null
        ? Shape.plain()
        : new SchemaShape(schema, schema.extensions().embedded(), false);
  }
}
