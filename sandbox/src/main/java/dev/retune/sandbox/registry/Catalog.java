package dev.retune.sandbox.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The kinds that are served right now: the built-in ones and those of installed CRDs. */
public final class Catalog {
  private final Map<String, List<ResourceType>> custom = new ConcurrentHashMap<>();

  /** Every kind in every served version, the built-in ones first. */
  public List<ResourceType> types() {
    List<ResourceType> types = new ArrayList<>(BuiltIns.ALL);
    custom.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(ResourceType::group).thenComparing(ResourceType::plural))
        .forEach(types::add);
    return types;
  }

  /** The kind behind a URL. */
  public Optional<ResourceType> find(String group, String version, String plural) {
    return types().stream()
        .filter(type ->
            type.group().equals(group)
                && type.version().equals(version)
                && type.plural().equals(plural))
        .findFirst();
  }

  /** The kind an object or an owner reference names. */
  public Optional<ResourceType> findKind(String apiVersion, String kind) {
    return types().stream()
        .filter(type -> type.kind().equals(kind) && type.apiVersion().equals(apiVersion))
        .findFirst();
  }

  /** A type for each resource, whatever its versions. */
  List<ResourceType> resources() {
    Map<String, ResourceType> byShelf = new LinkedHashMap<>();
    for (ResourceType type : types()) {
      if (!type.has(ResourceType.Trait.QUESTION)) {
        byShelf.putIfAbsent(type.shelf(), type);
      }
    }
    return List.copyOf(byShelf.values());
  }

  void serve(String crd, List<ResourceType> types) {
    custom.put(crd, List.copyOf(types));
  }

  void withdraw(String crd) {
    custom.remove(crd);
  }
}
