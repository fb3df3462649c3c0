package dev.retune.agent.store;

import static dev.retune.kube.Tree.object;

import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Exits;
import dev.retune.agent.core.Exits.Look;
import dev.retune.agent.core.Exits.Restart;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.NodeState.Cause;
import dev.retune.agent.core.NodeState.Refusal;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Ruling;
import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.OnInvalid;
import dev.retune.kube.Json;
import dev.retune.kube.JsonFormatException;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link NodeState} as JSON that people can read. Durations are ISO 8601 ({@code PT10M}), what is
 * empty is left out, and a checkpoint that is not there is the local config.
 */
final class StateText {

  private static final long FORMAT = 1;

  private StateText() {}

  static byte[] write(NodeState state) {
    Map<String, @Nullable Object> tree = object("format", FORMAT);
    state.assignment().ifPresent(assignment -> tree.put("assignment", tree(assignment)));
    state.assigned().ifPresent(assigned -> tree.put("assigned", tree(assigned)));
    config(tree, "active", state.active());
    config(tree, "lastKnownGood", state.lastKnownGood());
    state.activation().ifPresent(activation -> tree.put("activation", tree(activation)));
    state.trial().ifPresent(trial -> tree.put("trial", tree(trial)));
    state.refusal().ifPresent(refusal -> tree.put("refusal", tree(refusal)));
    tree.put("bad", state.bad().stream().map(StateText::tree).toList());
    state.unjudged().ifPresent(hash -> tree.put("unjudged", hash));
    tree.put("restartCount", state.restartCount());
    tree.put("acceptedUnder", state.acceptedUnder());
    tree.put("provenVersion", state.provenVersion());
    tree.put("lost", state.lost());
    return Json.pretty(tree).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws JsonFormatException when it is something else; the message says what
   */
  static NodeState read(byte[] text) throws JsonFormatException {
    Map<String, @Nullable Object> tree = Json.parseObject(text);
    try {
      long format = number(tree, "format");
      if (format != FORMAT) {
        throw new JsonFormatException("format " + format + " is not known, only " + FORMAT);
      }
      return new NodeState(
          present(tree, "assignment").map(StateText::assignment),
          present(tree, "assigned").map(StateText::checkpoint),
          config(tree, "active"),
          config(tree, "lastKnownGood"),
          present(tree, "activation").map(StateText::activation),
          present(tree, "trial").map(StateText::trial),
          present(tree, "refusal").map(StateText::refusal),
          bad(tree),
          Tree.string(tree, "unjudged"),
          number(tree, "restartCount"),
          Tree.string(tree, "acceptedUnder").orElse(""),
          Tree.string(tree, "provenVersion").orElse(""),
          string(tree, "lost"));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new JsonFormatException(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, @Nullable Object> tree(Assignment assignment) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    assignment.source().ifPresent(source -> tree.put("configMap", tree(source)));
    tree.put("named", assignment.named());
    tree.put("composition", assignment.composition().name());
    tree.put("trialDuration", assignment.trialDuration().toString());
    tree.put("onInvalid", assignment.onInvalid().name());
    tree.put("generation", assignment.generation());
    tree.put("retry", assignment.retry());
    return tree;
  }

  private static Assignment assignment(Map<String, @Nullable Object> tree) {
    return new Assignment(
        present(tree, "configMap").map(StateText::source),
        truth(tree, "named"),
        Composition.valueOf(string(tree, "composition")),
        duration(tree, "trialDuration"),
        OnInvalid.valueOf(string(tree, "onInvalid")),
        number(tree, "generation"),
        Tree.string(tree, "retry").orElse(""));
  }

  static Map<String, @Nullable Object> tree(ConfigMapNodeConfigSource source) {
    return object(
        "kubeletConfigKey", source.kubeletConfigKey(),
        "name", source.name(),
        "namespace", source.namespace(),
        "resourceVersion", source.resourceVersion(),
        "uid", source.uid());
  }

  private static ConfigMapNodeConfigSource source(Map<String, @Nullable Object> tree) {
    return new ConfigMapNodeConfigSource(
        string(tree, "namespace"),
        string(tree, "name"),
        string(tree, "uid"),
        string(tree, "resourceVersion"),
        string(tree, "kubeletConfigKey"));
  }

  private static Map<String, @Nullable Object> tree(Checkpoint checkpoint) {
    Map<String, @Nullable Object> tree = tree(checkpoint.source());
    tree.put("sha256", checkpoint.hash());
    if (checkpoint.merged()) {
      tree.put("merged", true);
    }
    return tree;
  }

  private static Checkpoint checkpoint(Map<String, @Nullable Object> tree) {
    return new Checkpoint(
        source(tree), string(tree, "sha256"), Tree.bool(tree, "merged").orElse(false));
  }

  private static void config(Map<String, @Nullable Object> tree, String name, Config config) {
    switch (config) {
      case Config.Local _ -> tree.put(name, "local");
      case Checkpoint checkpoint -> tree.put(name, tree(checkpoint));
    }
  }

  private static Config config(Map<String, @Nullable Object> tree, String name) {
    if ("local".equals(tree.get(name))) {
      return new Config.Local();
    }
    return checkpoint(
        present(tree, name)
            .orElseThrow(() -> new IllegalArgumentException(name + " is not there")));
  }

  private static Map<String, @Nullable Object> tree(Activation activation) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    config(tree, "target", activation.target());
    tree.put("cause", activation.cause().name());
    tree.put("restartIssued", activation.restartIssued());
    tree.put("bootId", activation.bootId());
    tree.put("since", activation.since().toString());
    tree.put("exits", tree(activation.exits()));
    tree.put("readyBefore", activation.readyBefore());
    return tree;
  }

  private static Activation activation(Map<String, @Nullable Object> tree) {
    return new Activation(
        config(tree, "target"),
        Cause.valueOf(string(tree, "cause")),
        truth(tree, "restartIssued"),
        string(tree, "bootId"),
        duration(tree, "since"),
        exits(tree),
        truth(tree, "readyBefore"));
  }

  private static Map<String, @Nullable Object> tree(Trial trial) {
    return object(
        "startedAt", trial.startedAt().toString(),
        "observed", trial.observed().toString(),
        "countedTo", trial.countedTo().toString(),
        "bootId", trial.bootId(),
        "savedObserved", trial.savedObserved().toString(),
        "exits", tree(trial.exits()),
        "readyBefore", trial.readyBefore(),
        "leaseBefore", trial.leaseBefore(),
        "ranIn", trial.ranIn());
  }

  private static Trial trial(Map<String, @Nullable Object> tree) {
    return new Trial(
        instant(tree, "startedAt"),
        duration(tree, "observed"),
        duration(tree, "countedTo"),
        string(tree, "bootId"),
        duration(tree, "savedObserved"),
        exits(tree),
        truth(tree, "readyBefore"),
        truth(tree, "leaseBefore"),
        tree.get("ranIn") instanceof String boot ? boot : string(tree, "bootId"));
  }

  private static Map<String, @Nullable Object> tree(Exits exits) {
    Map<String, @Nullable Object> tree =
        object(
            "own", exits.own(),
            "outside", exits.outside(),
            "restartedByOthers", exits.restartedByOthers(),
            "how", exits.how(),
            "changed", exits.changed());
    exits.last().ifPresent(look -> tree.put("last", tree(look)));
    return tree;
  }

  private static Map<String, @Nullable Object> tree(Look look) {
    return object(
        "invocation", look.invocation(),
        "restarts", look.restarts(),
        "ended", look.ended(),
        "since", look.since().toString(),
        "restart", look.restart().name(),
        "version", look.version(),
        "definition", look.definition());
  }

  private static Exits exits(Map<String, @Nullable Object> parent) {
    Map<String, @Nullable Object> tree =
        present(parent, "exits")
            .orElseThrow(() -> new IllegalArgumentException("exits is not there"));
    return new Exits(
        number(tree, "own"),
        number(tree, "outside"),
        number(tree, "restartedByOthers"),
        string(tree, "how"),
        string(tree, "changed"),
        present(tree, "last").map(StateText::look));
  }

  private static Look look(Map<String, @Nullable Object> tree) {
    return new Look(
        string(tree, "invocation"),
        number(tree, "restarts"),
        truth(tree, "ended"),
        duration(tree, "since"),
        Restart.valueOf(string(tree, "restart")),
        string(tree, "version"),
        string(tree, "definition"));
  }

  private static Map<String, @Nullable Object> tree(Refusal refusal) {
    return object(
        "sha256", refusal.hash(),
        "stage", refusal.ruling().stage().name(),
        "reason", refusal.ruling().reason(),
        "message", refusal.ruling().message());
  }

  private static Refusal refusal(Map<String, @Nullable Object> tree) {
    return new Refusal(
        string(tree, "sha256"),
        new Ruling.Refused(
            Ruling.Stage.valueOf(string(tree, "stage")),
            string(tree, "reason"),
            string(tree, "message")));
  }

  private static Map<String, @Nullable Object> tree(BadContent bad) {
    return object(
        "sha256", bad.hash(),
        "reason", bad.reason(),
        "message", bad.message(),
        "at", bad.at().toString());
  }

  private static List<BadContent> bad(Map<String, @Nullable Object> tree) {
    List<BadContent> bad = new ArrayList<>();
    for (Map<String, @Nullable Object> item : Tree.maps(tree, "bad")) {
      bad.add(
          new BadContent(
              string(item, "sha256"),
              string(item, "reason"),
              string(item, "message"),
              instant(item, "at")));
    }
    return bad;
  }

  private static Optional<Map<String, @Nullable Object>> present(
      Map<String, @Nullable Object> tree, String name) {
    return tree.get(name) instanceof Map<?, ?>
        ? Optional.of(Tree.map(tree, name))
        : Optional.empty();
  }

  private static String string(Map<String, @Nullable Object> tree, String name) {
    return Tree.string(tree, name)
        .orElseThrow(() -> new IllegalArgumentException(name + " is not there"));
  }

  private static long number(Map<String, @Nullable Object> tree, String name) {
    return Tree.longValue(tree, name)
        .orElseThrow(() -> new IllegalArgumentException(name + " is not there"));
  }

  private static boolean truth(Map<String, @Nullable Object> tree, String name) {
    return Tree.bool(tree, name)
        .orElseThrow(() -> new IllegalArgumentException(name + " is not there"));
  }

  private static Duration duration(Map<String, @Nullable Object> tree, String name) {
    return Duration.parse(string(tree, name));
  }

  private static Instant instant(Map<String, @Nullable Object> tree, String name) {
    return Instant.parse(string(tree, name));
  }
}
