package dev.retune.sandbox.registry;

import dev.retune.sandbox.registry.ResourceType.Conversion;
import dev.retune.sandbox.registry.ResourceType.Names;
import dev.retune.sandbox.registry.ResourceType.Trait;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of Kubernetes that this control plane knows without a CRD. */
public final class BuiltIns {
  private static final Trait[] PLAIN = {Trait.UNCONDITIONAL_UPDATE};

  private static final Map<String, String> EVENT_FIELDS =
      Map.ofEntries(
          same("involvedObject.kind"),
          same("involvedObject.namespace"),
          same("involvedObject.name"),
          same("involvedObject.uid"),
          same("involvedObject.apiVersion"),
          same("involvedObject.resourceVersion"),
          same("involvedObject.fieldPath"),
          same("reason"),
          same("reportingComponent"),
          Map.entry("source", "source.component"),
          same("type"));

  static final ResourceType NAMESPACES =
      cluster("", "v1", names("namespaces", "namespace", "Namespace", "ns"))
          .subresources("status", "finalize")
          .fields(Map.ofEntries(same("status.phase")))
          .rules(new NamespaceRules())
          .build(Trait.UNCONDITIONAL_UPDATE, Trait.STATUS_METADATA);

  public static final ResourceType NODES =
      cluster("", "v1", names("nodes", "node", "Node", "no"))
          .subresources("status", "proxy")
          .fields(Map.ofEntries(same("spec.unschedulable")))
          .rules(new NodeRules())
          .build(Trait.UNCONDITIONAL_UPDATE, Trait.STATUS_METADATA, Trait.STATUS_ON_CREATE);

  public static final ResourceType CRDS =
      cluster(
              "apiextensions.k8s.io",
              "v1",
              new Names(
                  "customresourcedefinitions",
                  "customresourcedefinition",
                  "CustomResourceDefinition",
                  "CustomResourceDefinitionList",
                  List.of("crd", "crds"),
                  List.of("api-extensions")))
          .subresources("status")
          .rules(new CrdRules())
          .build(Trait.GENERATION, Trait.UNCONDITIONAL_UPDATE);

  public static final ResourceType CLUSTER_ROLES =
      cluster(
              "rbac.authorization.k8s.io",
              "v1",
              names("clusterroles", "clusterrole", "ClusterRole"))
          .rules(new RbacRules())
          .build(PLAIN);

  private static final ResourceType EVENTS =
      namespaced("", "v1", names("events", "event", "Event", "ev"))
          .fields(EVENT_FIELDS)
          .rules(new EventRules())
          .build(Trait.UNCONDITIONAL_UPDATE, Trait.CREATE_ON_UPDATE);

  /** All of them, in the order of discovery. */
  public static final List<ResourceType> ALL =
      List.of(
          namespaced("", "v1", names("configmaps", "configmap", "ConfigMap", "cm"))
              .rules(new ConfigMapRules())
              .build(PLAIN),
          EVENTS,
          NAMESPACES,
          NODES,
          namespaced("", "v1", names("pods", "pod", "Pod", "po"))
              .categories("all")
              .subresources("status")
              .fields(
                  Map.ofEntries(
                      same("spec.nodeName"),
                      same("spec.restartPolicy"),
                      same("spec.schedulerName"),
                      same("spec.serviceAccountName"),
                      same("status.phase"),
                      same("status.podIP"),
                      same("status.nominatedNodeName")))
              .rules(new PodRules())
              .build(Trait.UNCONDITIONAL_UPDATE, Trait.STATUS_METADATA, Trait.GENERATION),
          namespaced("", "v1", names("secrets", "secret", "Secret"))
              .fields(Map.ofEntries(same("type")))
              .rules(new SecretRules())
              .build(PLAIN),
          namespaced("", "v1", names("serviceaccounts", "serviceaccount", "ServiceAccount", "sa"))
              .build(PLAIN),
          cluster(
                  "admissionregistration.k8s.io",
                  "v1",
                  names(
                      "validatingadmissionpolicies",
                      "validatingadmissionpolicy",
                      "ValidatingAdmissionPolicy"))
              .categories("api-extensions")
              .subresources("status")
              .build(Trait.GENERATION, Trait.UNCONDITIONAL_UPDATE),
          cluster(
                  "admissionregistration.k8s.io",
                  "v1",
                  names(
                      "validatingadmissionpolicybindings",
                      "validatingadmissionpolicybinding",
                      "ValidatingAdmissionPolicyBinding"))
              .categories("api-extensions")
              .build(Trait.GENERATION, Trait.UNCONDITIONAL_UPDATE),
          CRDS,
          // Here nobody makes pods of it; it is there so that all of deploy/ can be applied.
          namespaced("apps", "v1", names("daemonsets", "daemonset", "DaemonSet", "ds"))
              .categories("all")
              .subresources("status")
              .build(Trait.UNCONDITIONAL_UPDATE, Trait.STATUS_METADATA, Trait.GENERATION),
          question("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
          namespaced(
                  "authorization.k8s.io",
                  "v1",
                  names(
                      "localsubjectaccessreviews",
                      "localsubjectaccessreview",
                      "LocalSubjectAccessReview"))
              .build(Trait.QUESTION),
          question("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
          question("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
          question("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
          namespaced("coordination.k8s.io", "v1", names("leases", "lease", "Lease"))
              .build(Trait.CREATE_ON_UPDATE),
          EventsV1.TYPE,
          cluster(
                  "rbac.authorization.k8s.io",
                  "v1",
                  names("clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding"))
              .rules(new RbacRules())
              .build(PLAIN),
          CLUSTER_ROLES,
          namespaced(
                  "rbac.authorization.k8s.io",
                  "v1",
                  names("rolebindings", "rolebinding", "RoleBinding"))
              .rules(new RbacRules())
              .build(PLAIN),
          namespaced("rbac.authorization.k8s.io", "v1", names("roles", "role", "Role"))
              .rules(new RbacRules())
              .build(PLAIN));

  private BuiltIns() {}

  private static ResourceType question(String group, String plural, String kind) {
    return cluster(group, "v1", names(plural, plural.substring(0, plural.length() - 1), kind))
        .build(Trait.QUESTION);
  }

  private static Map.Entry<String, String> same(String path) {
    return Map.entry(path, path);
  }

  private static Names names(String plural, String singular, String kind, String... shortNames) {
    return new Names(plural, singular, kind, kind + "List", List.of(shortNames), List.of());
  }

  private static Draft cluster(String group, String version, Names names) {
    return new Draft(group, version, names, false);
  }

  private static Draft namespaced(String group, String version, Names names) {
    return new Draft(group, version, names, true);
  }

  private static final class Draft {
    private final String group;
    private final String version;
    private final boolean namespaced;
    private Names names;
    private Set<String> subresources = Set.of();
    private Map<String, String> fields = Map.of();
    private Rules rules = Rules.NONE;

    Draft(String group, String version, Names names, boolean namespaced) {
      this.group = group;
      this.version = version;
      this.names = names;
      this.namespaced = namespaced;
    }

    Draft categories(String... categories) {
      names =
          new Names(
              names.plural(),
              names.singular(),
              names.kind(),
              names.listKind(),
              names.shortNames(),
              List.of(categories));
      return this;
    }

    Draft subresources(String... subresources) {
      this.subresources = Set.of(subresources);
      return this;
    }

    Draft fields(Map<String, String> fields) {
      this.fields = fields;
      return this;
    }

    Draft rules(Rules rules) {
      this.rules = rules;
      return this;
    }

    ResourceType build(Trait... traits) {
      Set<Trait> set = EnumSet.noneOf(Trait.class);
      set.addAll(List.of(traits));
      return new ResourceType(
          group,
          version,
          names,
          namespaced,
          subresources,
          set,
          fields,
          rules,
          Conversion.NONE,
          Optional.empty());
    }
  }
}
