package dev.retune.sandbox.authorization;

import java.util.Map;

/** What somebody wants to do. */
public sealed interface Action {
  String verb();

  /** What Kubernetes says when the user may not. */
  String refusal(User user);

  /**
   * Something with objects.
   *
   * @param group empty for the core group
   * @param subresource empty for the object itself
   * @param namespace empty for cluster-scoped kinds and for all namespaces; of a Namespace its own
   *     name
   * @param name empty for a collection; a list or watch of {@code metadata.name=x} has the name x
   * @param fields what the field selector wants to be equal
   */
  record OnResource(
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name,
      Map<String, String> fields)
      implements Action {

    /** {@code pods} or {@code pods/log}. */
    public String combined() {
      return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    /** The same with another verb. */
    public OnResource as(String other) {
      return new OnResource(other, group, resource, subresource, namespace, name, fields);
    }

    @Override
    public String refusal(User user) {
      return "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
          .formatted(
              user.name(),
              verb,
              combined(),
              group,
              namespace.isEmpty()
                  ? "at the cluster scope"
                  : "in the namespace \"" + namespace + "\"");
    }
  }

  /** Something with a path that is no resource, such as {@code /version}. */
  record OnPath(String verb, String path) implements Action {
    @Override
    public String refusal(User user) {
      return "User \"%s\" cannot %s path \"%s\"".formatted(user.name(), verb, path);
    }
  }
}
