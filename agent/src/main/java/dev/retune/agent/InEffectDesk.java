package dev.retune.agent;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.InEffect;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.FieldSources;
import dev.retune.agent.node.RunningConfig;
import dev.retune.agent.node.Surroundings;
import dev.retune.api.DriftedField;
import dev.retune.api.FieldsStatus;
import dev.retune.kube.Json;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.Change;
import dev.retune.kubelet.diff.ConfigDiff;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.effective.Setting;
import dev.retune.kubelet.flags.TextFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Works out what the kubelet runs in the end, away from the loop, when something that it depends on
 * has changed (AGENT-17, AGENT-19).
 */
final class InEffectDesk implements AutoCloseable {
  private static final Logger LOG = System.getLogger(InEffectDesk.class.getName());

  /** A status is no place for a whole config: what is more is not told. */
  private static final int MOST_FIELDS = 64;

  private final DocumentJudge judge;
  private final RunningConfig running;
  private final Mailbox mailbox;
  private final ThreadPoolExecutor worker;
  private Optional<Question> asked = Optional.empty();

  /**
   * All that the answer depends on.
   *
   * @param of content hash of the config
   * @param version of the kubelet
   * @param started what the process was started with
   * @param next what the node's files would start it with now
   * @param own the node's own files that the config was put together from
   */
  record Question(
      String of, KubeletVersion version, Start started, Start next, List<TextFile> own) {}

  /** A config and what comes with it. */
  record Start(Optional<TextFile> config, Surroundings surroundings) {}

  InEffectDesk(DocumentJudge judge, RunningConfig running, Mailbox mailbox) {
    this.judge = judge;
    this.running = running;
    this.mailbox = mailbox;
    // Not the judge's: a kubelet that is slow to tell its config must not keep a new one waiting.
    this.worker = Workers.one("in-effect");
  }

  /** Asks, unless the answer is under way or was the last one given. */
  void ask(Question question) {
    if (asked.equals(Optional.of(question))) {
      return;
    }
    asked = Optional.of(question);
    worker.execute(() -> answer(question));
  }

  private void answer(Question question) {
    try {
      var effective = effective(question.started(), question);
      var answer = inEffect(question, effective);
      mailbox.inEffect(answer);
      witness(effective).ifPresent(says -> mailbox.inEffect(answer.withWitness(says)));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      // It is for people to read; the kubelet does not depend on it.
      LOG.log(Level.ERROR, "what is in effect cannot be told", broken);
    }
  }

  /**
   * AGENT-11: what the kubelet itself says of the values that were worked out, where it may be
   * asked. It leaves out what is nothing, and a newer one has fields of its own; so only values
   * that it has and that are others count.
   */
  private Optional<String> witness(EffectiveConfig started) throws InterruptedException {
    var effective = started.judgement().effective();
    if (effective.isEmpty()) {
      return Optional.empty();
    }
    var says = running.read(effective);
    if (says.isEmpty()) {
      return Optional.empty();
    }
    var others =
        ConfigDiff.between(effective, says.get()).changes().stream()
            .filter(change -> change.kind() == Change.Kind.CHANGED)
            .map(
                change -> change.field() + ": " + change.after() + " instead of " + change.before())
            .toList();
    return Optional.of(
        others.isEmpty()
            ? "its /configz says the same"
            : "its /configz differs from what its files and flags say: "
                + String.join("; ", most(others)));
  }

  private InEffect inEffect(Question question, EffectiveConfig started) {
    boolean same = question.started().equals(question.next());
    var next = same ? started : effective(question.next(), question);
    var problems = new LinkedHashSet<String>();
    for (Complaint error : same ? List.<Complaint>of() : next.judgement().errors()) {
      problems.add((error.field().isEmpty() ? "" : error.field() + ": ") + error.message());
    }
    var shadowed = FieldSources.shadowed(started.judgement().shadowed());
    var sources =
        FieldSources.of(
            started,
            question.started().config().map(TextFile::name).orElse(""),
            question.own().stream().map(TextFile::name).toList());
    return new InEffect(
        question.of(),
        Document.sha256(Json.write(started.judgement().effective())),
        new FieldsStatus(
            most(shadowed),
            most(started.judgement().strict().stream().map(Complaint::field).toList()),
            most(sources),
            same || next.settings().isEmpty() ? List.of() : most(drifted(started, next))),
        List.copyOf(problems),
        "");
  }

  private EffectiveConfig effective(Start start, Question question) {
    return EffectiveConfig.of(
        start.config(), question.own(), judge.target(start.surroundings(), question.version()));
  }

  private static <T> List<T> most(List<T> all) {
    return all.size() <= MOST_FIELDS ? all : all.subList(0, MOST_FIELDS);
  }

  /** What another start would change. */
  private static List<DriftedField> drifted(EffectiveConfig started, EffectiveConfig next) {
    Map<String, Setting> before = byField(started);
    Map<String, Setting> after = byField(next);
    var fields = new LinkedHashSet<>(before.keySet());
    fields.addAll(after.keySet());
    var drifted = new ArrayList<DriftedField>();
    for (String field : fields) {
      var was = Optional.ofNullable(before.get(field));
      var is = Optional.ofNullable(after.get(field));
      String desired = was.map(FieldSources::value).orElse("");
      String actual = is.map(FieldSources::value).orElse("");
      if (!desired.equals(actual)) {
        drifted.add(
            new DriftedField(
                field,
                desired,
                actual,
                is.map(setting -> setting.source().toString()).orElse("no file sets it")));
      }
    }
    return drifted;
  }

  private static Map<String, Setting> byField(EffectiveConfig config) {
    var fields = new LinkedHashMap<String, Setting>();
    config.settings().forEach(setting -> fields.put(setting.field(), setting));
    return fields;
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
