package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Shape.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lists and maps of built-in kinds that are merged otherwise than others, from the {@code
 * listType}, {@code mapType}, {@code patchStrategy} and {@code patchMergeKey} marks of k8s.io/api
 * 1.36.
 *
 * @param type the name of the place's type in the table; empty when there is nothing to say of it
 * @param patchKey the field by which strategic merge patch tells items apart; {@code *} for scalars
 *     that are merged, empty for a list that is replaced
 */
record BuiltInShape(Kind kind, String type, String patchKey, Map<String, String> keyDefaults)
    implements Shape {
  /**
   * One type a line: its name, then its fields. {@code [a,b=X]} is a list with keys, b being X when
   * it is not given; what follows a slash is the key for strategic merge patch ({@code -} for none)
   * where it is not the first one; what follows a colon is the type of the value or the items.
   */
  private static final String TABLE =
      """
      Any metadata=plain:ObjectMeta
      ObjectMeta finalizers=set ownerReferences=[uid]:Atomic
      Atomic .=atomic

      Pod spec=plain:PodSpec status=plain:PodStatus
      PodTemplate template=plain:PodTemplateSpec
      Deployment spec=plain:Workload status=plain:Conditions
      ReplicaSet spec=plain:Workload status=plain:Conditions
      ReplicationController spec=plain:Workload status=plain:Conditions
      StatefulSet spec=plain:Workload status=plain:Conditions
      DaemonSet spec=plain:Workload status=plain:Conditions
      Job spec=plain:Workload status=plain:JobStatus
      CronJob spec=plain:CronJobSpec
      CronJobSpec jobTemplate=plain:JobTemplate
      JobTemplate metadata=plain:ObjectMeta spec=plain:Workload
      Workload selector=atomic template=plain:PodTemplateSpec
      PodTemplateSpec metadata=plain:ObjectMeta spec=plain:PodSpec
      Conditions conditions=[type]
      JobStatus conditions=atomic/type

      PodSpec containers=[name]:Container initContainers=[name]:Container ephemeralContainers=[name]:Container
      PodSpec volumes=[name]:Volume imagePullSecrets=[name] hostAliases=[ip] schedulingGates=[name]
      PodSpec topologySpreadConstraints=[topologyKey,whenUnsatisfiable] resourceClaims=[name]
      PodSpec nodeSelector=atomic affinity=plain:Affinity
      Affinity nodeAffinity=plain:NodeAffinity
      NodeAffinity requiredDuringSchedulingIgnoredDuringExecution=atomic
      Container ports=[containerPort,protocol=TCP] env=[name]:EnvVar volumeMounts=[mountPath]
      Container volumeDevices=[devicePath] resources=plain:Resources
      Resources claims=[name]
      EnvVar valueFrom=plain:EnvVarSource
      EnvVarSource fieldRef=atomic resourceFieldRef=atomic configMapKeyRef=atomic secretKeyRef=atomic
      Volume
      PodStatus conditions=[type] podIPs=[ip] hostIPs=atomic/ip resourceClaimStatuses=[name]

      Node spec=plain:NodeSpec status=plain:NodeStatus
      NodeSpec podCIDRs=set
      NodeStatus conditions=[type] addresses=[type]
      Namespace status=plain:Conditions
      Service spec=plain:ServiceSpec status=plain:Conditions
      ServiceSpec ports=[port,protocol=TCP] selector=atomic
      ServiceAccount secrets=[name]:Atomic
      PersistentVolumeClaim spec=plain:PersistentVolumeClaimSpec status=plain:Conditions
      PersistentVolumeClaimSpec selector=atomic dataSource=atomic
      PersistentVolume spec=plain:PersistentVolumeSpec
      PersistentVolumeSpec nodeAffinity=plain:VolumeNodeAffinity
      VolumeNodeAffinity required=atomic
      PodDisruptionBudget spec=plain:PodDisruptionBudgetSpec status=plain:Conditions
      PodDisruptionBudgetSpec selector=atomic/-
      NetworkPolicy spec=plain:NetworkPolicySpec
      NetworkPolicySpec podSelector=atomic
      RoleBinding roleRef=atomic
      ClusterRoleBinding roleRef=atomic
      CertificateSigningRequest status=plain:Conditions
      APIService status=plain:Conditions
      CustomResourceDefinition status=plain:Conditions
      MutatingWebhookConfiguration webhooks=[name]:Webhook
      ValidatingWebhookConfiguration webhooks=[name]:Webhook
      Webhook matchConditions=[name] namespaceSelector=atomic objectSelector=atomic
      ValidatingAdmissionPolicy spec=plain:AdmissionPolicySpec status=plain:Conditions
      MutatingAdmissionPolicy spec=plain:AdmissionPolicySpec
      AdmissionPolicySpec matchConditions=[name] variables=[name] paramKind=atomic matchConstraints=atomic
      ValidatingAdmissionPolicyBinding spec=plain:AdmissionPolicyBindingSpec
      AdmissionPolicyBindingSpec validationActions=set paramRef=atomic matchResources=atomic
      EndpointSlice endpoints=atomic ports=atomic
      """;

  private static final Map<String, Map<String, BuiltInShape>> TYPES = read();
  private static final BuiltInShape NOTHING = new BuiltInShape(new Kind.Plain(), "", "", Map.of());

  /** The shape of an object of this kind. */
  static BuiltInShape of(ObjectNode object) {
    return ofType(object.path("kind").asText());
  }

  static BuiltInShape ofType(String type) {
    return new BuiltInShape(new Kind.Plain(), type, "", Map.of());
  }

  @Override
  public BuiltInShape field(String name) {
    BuiltInShape own = TYPES.getOrDefault(type, Map.of()).get(name);
    if (own != null) {
      return own;
    }
    boolean metadata = name.equals("metadata") && !type.isEmpty();
    return metadata ? ofType("ObjectMeta") : NOTHING;
  }

  @Override
  public BuiltInShape items() {
    return type.equals("Atomic")
        ? new BuiltInShape(new Kind.Atomic(), "", "", Map.of())
        : ofType(type);
  }

  @Override
  public String keyDefault(String key) {
    return Optional.ofNullable(keyDefaults.get(key)).map(text -> "\"" + text + "\"").orElse("");
  }

  private static Map<String, Map<String, BuiltInShape>> read() {
    Map<String, Map<String, BuiltInShape>> types = new HashMap<>();
    for (String line : TABLE.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        types
            .computeIfAbsent(words[0], _ -> new HashMap<>())
            .put(words[i].substring(0, equals), entry(words[i].substring(equals + 1)));
      }
    }
    return types;
  }

  private static BuiltInShape entry(String text) {
    int colon = text.indexOf(':');
    String type = colon < 0 ? "" : text.substring(colon + 1);
    String[] merging = (colon < 0 ? text : text.substring(0, colon)).split("/", -1);
    Map<String, String> defaults = new HashMap<>();
    Kind kind =
        switch (merging[0]) {
          case "plain" -> new Kind.Plain();
          case "atomic" -> new Kind.Atomic();
          case "set" -> new Kind.ScalarSet();
          default -> new Kind.KeyedList(keys(merging[0], defaults));
        };
    String patchKey =
        switch (kind) {
          case Kind.KeyedList(List<String> keys) -> keys.getFirst();
          case Kind.ScalarSet _ -> "*";
          default -> "";
        };
    if (merging.length > 1) {
      patchKey = merging[1].equals("-") ? "" : merging[1];
    }
    return new BuiltInShape(kind, type, patchKey, Map.copyOf(defaults));
  }

  private static List<String> keys(String list, Map<String, String> defaults) {
    return List.of(list.substring(1, list.length() - 1).split(",", -1)).stream()
        .map(key -> {
          int equals = key.indexOf('=');
          if (equals < 0) {
            return key;
          }
          defaults.put(key.substring(0, equals), key.substring(equals + 1));
          return key.substring(0, equals);
        })
        .toList();
  }
}
