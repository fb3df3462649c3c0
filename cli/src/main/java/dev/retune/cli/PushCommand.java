package dev.retune.cli;

import dev.retune.cli.configmap.ConfigMapDraft;
import dev.retune.kube.Tree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune push NAME --from-file FILE}: puts a config into the cluster. */
@Command(
    name = "push",
    description = {
      "Put a config into the cluster as an immutable ConfigMap.",
      "Its name ends in a hash of the content, the same as kubectl create configmap"
          + " --append-hash gives: the same content is the same object, and no node changes until"
          + " the name is assigned to it."
    },
    footer = {
      "",
      "Examples:",
      "  retune push my-node-config --from-file kubelet=node.yaml",
      "  retune push my-node-config --from-file kubelet=node.yaml --node node-1",
      "  retune push my-node-config --from-file kubelet=node.yaml --dry-run=client -o yaml",
      "  retune assign node-1 --config-map $(retune push my-node-config \\",
      "    --from-file kubelet=node.yaml -o name)"
    })
final class PushCommand implements Callable<Integer> {
  /** What {@code -o} takes here. */
  enum PushOutput {
    name,
    json,
    yaml
  }

  private final Session session;
  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final KubeletOptions kubelet = new KubeletOptions();

  @Mixin private final DryRun.Option dryRun = new DryRun.Option();

  @Parameters(paramLabel = "NAME", description = "Name of the ConfigMap, without the hash.")
  private String name = "";

  @Option(
      names = "--from-file",
      required = true,
      paramLabel = "[KEY=]FILE",
      description = {
        "A config and the key to keep it under (default: the file's own name). Nodes read the key"
            + " kubelet unless told otherwise. May be given more than once; - is standard input."
      })
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--validate",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Whether to refuse what a kubelet would refuse (default: true).")
  private boolean validate = true;

  @Option(names = "--force", description = "Push it even so; the same as --validate=false.")
  private boolean force;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "name|json|yaml",
      description = "Write the object, or only its name.")
  private @Nullable PushOutput output;

  PushCommand(Session session) {
    this.session = session;
    this.console = session.console();
  }

  @Override
  public Integer call() {
    var draft = draft();
    if (validate && !force) {
      check(draft);
    }
    if (dryRun.mode() == DryRun.client) {
      print(draft.toTree(namespace()), "created");
      return ExitCode.DONE;
    }
    try (var cluster = Cluster.open(session, this.cluster)) {
      push(cluster, draft);
    }
    return ExitCode.DONE;
  }

  private String namespace() {
    return cluster.or(session.outer()).namespace().orElse(Cluster.DEFAULT_NAMESPACE);
  }

  private ConfigMapDraft draft() {
    var contents = new LinkedHashMap<String, byte[]>();
    for (String argument : files) {
      int equals = argument.indexOf('=');
      var file = argument.substring(equals + 1);
      var key = equals < 0 ? fileName(file) : argument.substring(0, equals);
      if (!ConfigMapDraft.validKey(key)) {
        throw Failure.usage(
            "--from-file " + argument + ": \"" + key + "\" cannot be a key of a ConfigMap",
            "use letters, digits, '-', '_' and '.', for example --from-file kubelet=" + file);
      }
      if (contents.put(key, Input.read(console, file)) != null) {
        throw Failure.usage(
            "--from-file " + argument + ": the key \"" + key + "\" is given twice",
            "name another one: --from-file KEY=" + file);
      }
    }
    var draft = ConfigMapDraft.of(name, contents);
    if (!ConfigMapDraft.validName(draft.hashedName())) {
      throw Failure.usage(
          "\"" + name + "\" cannot be the name of a ConfigMap",
          "use lower case letters, digits, '-' and '.', for example my-node-config");
    }
    if (draft.size() > ConfigMapDraft.MAX_BYTES) {
      throw Failure.of(
          "the content is over " + ConfigMapDraft.MAX_BYTES + " bytes, the limit of a ConfigMap",
          "leave fields out that have their default value");
    }
    return draft;
  }

  private static String fileName(String file) {
    var last = Path.of(file).getFileName();
    return last == null ? file : last.toString();
  }

  private void check(ConfigMapDraft draft) {
    var judging = kubelet.kubelet(session, cluster);
    var documents = new LinkedHashMap<String, byte[]>(draft.binaryData());
    draft
        .data()
        .forEach((key, text) ->
            documents.put(key, text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    var refused = false;
    for (Map.Entry<String, byte[]> document : documents.entrySet()) {
      var check = DocumentCheck.of(document.getKey(), document.getValue(), judging, List.of());
      if (!check.accepted() || check.hasWarnings()) {
        check.print(console.err(), console.colors());
      }
      refused |= !check.accepted();
    }
    if (refused) {
      throw Failure.of(
          "not pushed: no node would run it",
          "correct it, or push it all the same with --validate=false");
    }
  }

  private void push(Cluster cluster, ConfigMapDraft draft) {
    var collection = Cluster.configMapsPath(cluster.namespace());
    var path = collection + "/" + draft.hashedName();
    var what = "ConfigMap " + cluster.namespace() + "/" + draft.hashedName();
    var existing = cluster.find(path, what);
    if (existing.isEmpty()) {
      print(
          cluster.create(
              collection + dryRun.mode().query(), draft.toTree(cluster.namespace()), what),
          "created");
      return;
    }
    if (!draft.sameContent(existing.get())) {
      throw Failure.of(
          what + " exists with other content than its name says: someone has edited it",
          "push under another name, or delete it when no node uses it");
    }
    if (Tree.bool(existing.get(), "immutable").orElse(false)) {
      print(existing.get(), "unchanged");
      return;
    }
    print(
        cluster.modify(
            path + dryRun.mode().query(),
            what,
            tree -> {
              var changed = new LinkedHashMap<String, @Nullable Object>(tree);
              changed.put("immutable", true);
              return changed;
            }),
        "made immutable");
  }

  private void print(Map<String, @Nullable Object> object, String outcome) {
    var objectName = "configmap/" + Tree.string(object, "metadata", "name").orElse("");
    var text =
        switch (output) {
          case null -> objectName + " " + outcome + dryRun.mode().suffix() + "\n";
          case name -> objectName + "\n";
          case json -> Output.text(Output.Format.json, object);
          case yaml -> Output.text(Output.Format.yaml, object);
        };
    console.out().print(text);
    console.out().flush();
  }
}
