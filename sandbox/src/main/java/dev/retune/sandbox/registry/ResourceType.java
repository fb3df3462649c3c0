package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.CustomResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One kind in one version, as discovery shows it, and how its objects behave.
 *
 * @param group empty for the core group
 * @param subresources besides the objects themselves: {@code status}, {@code proxy}, …
 * @param fields the {@code fieldSelector} paths besides name and namespace, each with the path
 *     inside the stored object
 * @param definition the compiled CRD of a custom kind, empty for a built-in one
 */
public record ResourceType(
    String group,
    String version,
    Names names,
    boolean namespaced,
    Set<String> subresources,
    Set<Trait> traits,
    Map<String, String> fields,
    Rules rules,
    Conversion conversion,
    Optional<CustomResource> definition) {

  /** What the kind is called. Short names and categories are for kubectl. */
  public record Names(
      String plural,
      String singular,
      String kind,
      String listKind,
      List<String> shortNames,
      List<String> categories) {}

  /** Where kinds differ in how the API server treats their objects. */
  public enum Trait {
    /** {@code metadata.generation} is kept, and counts changes outside metadata and status. */
    GENERATION,
    /** A PUT without resourceVersion is accepted. */
    UNCONDITIONAL_UPDATE,
    /** A PUT of an object that does not exist creates it. */
    CREATE_ON_UPDATE,
    /** Labels and annotations may be changed through the status subresource. */
    STATUS_METADATA,
    /** Status may be given on creation although there is a status subresource. */
    STATUS_ON_CREATE,
    /** The kind answers POST and nothing else. */
    QUESTION
  }

  /**
   * How an object of this version is stored.
   *
   * @param identity whether stored objects are those of this version already
   */
  public record Conversion(
      boolean identity, UnaryOperator<ObjectNode> toStored, UnaryOperator<ObjectNode> fromStored) {
    static final Conversion NONE =
        new Conversion(true, UnaryOperator.identity(), UnaryOperator.identity());
  }

  public String plural() {
    return names.plural();
  }

  public String kind() {
    return names.kind();
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  public boolean hasStatus() {
    return subresources.contains("status");
  }

  /** {@code v1} or {@code retune.dev/v1alpha1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code nodes} or {@code nodekubelets.retune.dev}; also the name of the shelf. */
  public String groupResource() {
    return group.isEmpty() ? plural() : plural() + "." + group;
  }

  /** Whether the kind's objects are stored under this very name and version. */
  public String shelf() {
    return group.equals("events.k8s.io") ? "events" : groupResource();
  }
}
