package dev.retune.kubelet.rules;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.value.FieldType.EitherDuration;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.Struct;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.StructValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what a document leaves open. A value that is no pointer counts as open when it is zero,
 * so that {@code syncFrequency: 0s} and {@code maxPods: 0} become their defaults; a pointer, a list
 * and a map only when it is unset. The values are the facts'; what is here are the few defaults
 * that depend on another field or a feature gate.
 */
public final class Defaulting {

  private static final String IMAGE_POLICY = "imagePullCredentialsVerificationPolicy";
  private static final String EVICTION_HARD = "evictionHard";
  private static final Map<String, String> DEFAULT_THRESHOLDS =
      Map.of(
          "memory.available", "100Mi",
          "nodefs.available", "10%",
          "nodefs.inodesFree", "5%",
          "imagefs.available", "15%");
  private static final long FIVE_MINUTES = 300_000_000_000L;

  private Defaulting() {}

  /**
   * Applies the defaults in place.
   *
   * @param gates the gates of the document alone: a kubelet merges the command line's in later
   */
  public static void apply(StructValue config, Facts facts, Gates gates) {
    nodeStatusReport(config);
    serializedPulls(config);
    podPids(config);
    boolean period = config.struct("crashLoopBackOff").has("maxContainerRestartPeriod");
    boolean policy = !config.string(IMAGE_POLICY).isEmpty();
    fill(config, facts.defaults());
    crashLoop(config, gates, period);
    reservedMemory(config);
    imageCredentials(config, gates, policy);
  }

  /**
   * Sets the hard eviction thresholds as a kubelet does after it loaded its file, 1.26 to 1.36: all
   * of them when the document names none, and beside those it names only with {@code
   * mergeDefaultEvictionSettings} (1.33 and later). An empty object is no threshold at all.
   */
  public static void evictionHard(StructValue config, KubeletVersion version) {
    Map<String, ?> given = config.map(EVICTION_HARD);
    if (config.has(EVICTION_HARD) && !config.bool("mergeDefaultEvictionSettings")) {
      return;
    }
    Map<String, Object> thresholds = new TreeMap<>(DEFAULT_THRESHOLDS);
    if (version.minor() >= 30) {
      thresholds.put("imagefs.inodesFree", "5%");
    }
    thresholds.putAll(given);
    set(config, EVICTION_HARD, thresholds);
  }

  /**
   * What a kubelet that is given no file has for its defaults beside these ({@code
   * applyLegacyDefaults}, 1.25 to 1.36): it lets everybody in.
   */
  public static void legacy(StructValue config) {
    set(config, "readOnlyPort", 10255L);
    StructValue authentication = config.struct("authentication");
    for (String way : List.of("anonymous", "webhook")) {
      StructValue method = authentication.struct(way);
      set(method, "enabled", way.equals("anonymous"));
      set(authentication, way, method);
    }
    set(config, "authentication", authentication);
    StructValue authorization = config.struct("authorization");
    set(authorization, "mode", "AlwaysAllow");
    set(config, "authorization", authorization);
  }

  private static void fill(StructValue value, StructValue defaults) {
    for (Field field : value.type().fields()) {
      Object fallback = defaults.get(field);
      if (fallback == null) {
        continue;
      }
      Object given = value.get(field);
      if (fallback instanceof StructValue nested && !field.pointer()) {
        if (given == null) {
          given = new StructValue((Struct) field.type());
          value.set(field, given);
        }
        fill((StructValue) given, nested);
      } else if (given == null || (!field.pointer() && isZero(given))) {
        value.set(field, fallback);
      }
    }
  }

  private static boolean isZero(Object value) {
    return switch (value) {
      case String s -> s.isEmpty();
      case Long n -> n == 0;
      case Boolean b -> !b;
      case Double d -> d == 0;
      case EitherDuration d -> d.nanos() == 0;
      default -> false;
    };
  }

  /** A report is as frequent as the update when only the latter is given. */
  private static void nodeStatusReport(StructValue config) {
    long update = config.nanos("nodeStatusUpdateFrequency");
    if (config.nanos("nodeStatusReportFrequency") == 0 && update != 0) {
      set(config, "nodeStatusReportFrequency", update);
    }
  }

  /** Asking for parallel pulls (1.27 and later) turns serial pulling off. */
  private static void serializedPulls(StructValue config) {
    if (!config.has("serializeImagePulls") && config.number("maxParallelImagePulls") > 1) {
      set(config, "serializeImagePulls", false);
    }
  }

  private static void podPids(StructValue config) {
    if (config.number("podPidsLimit") < 0) {
      set(config, "podPidsLimit", -1L);
    }
  }

  /** Kubernetes rounds lists of resources up to thousandths ({@code SetDefaults_ResourceList}). */
  private static void reservedMemory(StructValue config) {
    for (Object element : config.list("reservedMemory")) {
      StructValue reservation = (StructValue) element;
      Map<String, Object> limits = new TreeMap<>();
      reservation
          .map("limits")
          .forEach((type, amount) -> limits.put(type, ((Quantity) amount).roundedUpToMilli()));
      if (!limits.isEmpty()) {
        set(reservation, "limits", limits);
      }
    }
  }

  /** Behind a gate since 1.32, which is on by default since 1.35. */
  private static void crashLoop(StructValue config, Gates gates, boolean given) {
    if (config.type().field("crashLoopBackOff") != null && !given) {
      set(
          config.struct("crashLoopBackOff"),
          "maxContainerRestartPeriod",
          gates.on("KubeletCrashLoopBackOffMax") ? FIVE_MINUTES : null);
    }
  }

  /** Behind a gate since 1.33, which is on by default since 1.35. */
  private static void imageCredentials(StructValue config, Gates gates, boolean given) {
    if (!given) {
      set(
          config,
          IMAGE_POLICY,
          gates.on("KubeletEnsureSecretPulledImages") ? "NeverVerifyPreloadedImages" : null);
    }
  }

  private static void set(StructValue config, String name, @Nullable Object value) {
    Field field = config.type().field(name);
    if (field != null) {
      config.set(field, value);
    }
  }
}
