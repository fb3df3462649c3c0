package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of paths in a document, written as {@code FieldsV1}: path elements are {@code f:name},
 * {@code k:{"key":"value"}} and {@code v:"value"}. A node is in the set itself, or some of those
 * below it are, or both. Immutable.
 */
record FieldSet(boolean member, Map<String, FieldSet> below) {
  private static final String SELF = ".";
  static final FieldSet NONE = new FieldSet(false, Map.of());
  static final FieldSet LEAF = new FieldSet(true, Map.of());

  /** Builds a set. */
  static final class Builder {
    private boolean member;
    private final Map<String, Builder> below = new TreeMap<>();

    Builder at(String element) {
      return below.computeIfAbsent(element, _ -> new Builder());
    }

    Builder insert() {
      member = true;
      return this;
    }

    void insertAll(FieldSet set) {
      member |= set.member;
      set.below.forEach((element, child) -> at(element).insertAll(child));
    }

    FieldSet build() {
      Map<String, FieldSet> children = new TreeMap<>();
      below.forEach((element, builder) -> {
        FieldSet child = builder.build();
        if (!child.isEmpty()) {
          children.put(element, child);
        }
      });
      return new FieldSet(member, children);
    }
  }

  boolean isEmpty() {
    return !member && below.isEmpty();
  }

  /** What is below a path element; empty when nothing is. */
  FieldSet at(String element) {
    return below.getOrDefault(element, NONE);
  }

  FieldSet union(FieldSet other) {
    Map<String, FieldSet> children = new TreeMap<>(below);
    other.below.forEach((element, child) -> children.merge(element, child, FieldSet::union));
    return new FieldSet(member || other.member, children);
  }

  FieldSet minus(FieldSet other) {
    Map<String, FieldSet> children = new TreeMap<>();
    below.forEach((element, child) -> {
      FieldSet rest = child.minus(other.at(element));
      if (!rest.isEmpty()) {
        children.put(element, rest);
      }
    });
    return new FieldSet(member && !other.member, children);
  }

  FieldSet intersect(FieldSet other) {
    Map<String, FieldSet> children = new TreeMap<>();
    below.forEach((element, child) -> {
      FieldSet both = child.intersect(other.at(element));
      if (!both.isEmpty()) {
        children.put(element, both);
      }
    });
    return new FieldSet(member && other.member, children);
  }

  /** The set without a path element and all below it. */
  FieldSet without(String element) {
    Map<String, FieldSet> children = new TreeMap<>(below);
    children.remove(element);
    return new FieldSet(member, children);
  }

  /** The set with what is below one path element replaced. */
  FieldSet with(String element, FieldSet child) {
    Map<String, FieldSet> children = new TreeMap<>(below);
    if (child.isEmpty()) {
      children.remove(element);
    } else {
      children.put(element, child);
    }
    return new FieldSet(member, children);
  }

  /** The set with every field that has something below it in the set too. */
  FieldSet withNamedFields() {
    Map<String, FieldSet> children = new TreeMap<>();
    below.forEach((element, child) -> {
      FieldSet named = child.withNamedFields();
      children.put(element, element.startsWith("f:") ? named.union(LEAF) : named);
    });
    return new FieldSet(member, children);
  }

  /** All paths in the set as people read them: {@code .spec.containers[name="a"].image}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> paths) {
    if (member) {
      paths.add(path);
    }
    below.forEach((element, child) -> child.collect(path + Elements.show(element), paths));
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (member && !below.isEmpty()) {
      json.putObject(SELF);
    }
    below.forEach((element, child) -> json.set(element, child.toJson()));
    return json;
  }

  /** Reads what {@link #toJson} writes; the root itself is never in the set. */
  static FieldSet root(JsonNode json) {
    FieldSet set = fromJson(json);
    return set.below.isEmpty() ? NONE : set;
  }

  private static FieldSet fromJson(JsonNode json) {
    if (json.isEmpty()) {
      return LEAF;
    }
    Map<String, FieldSet> children = new TreeMap<>();
    for (var field : json.properties()) {
      if (!field.getKey().equals(SELF)) {
        children.put(Elements.normalize(field.getKey()), fromJson(field.getValue()));
      }
    }
    return new FieldSet(json.has(SELF), children);
  }
}
