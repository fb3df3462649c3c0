package dev.retune.cli.demo;

import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubelet;
import dev.retune.api.Phase;
import dev.retune.cli.Console;
import dev.retune.cli.playground.Playground;
import dev.retune.cli.playground.SimulatedNode;
import dev.retune.cli.text.LineDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The chapters of {@code retune demo}. Each does what its title says, and checks that it came so.
 */
final class Story implements AutoCloseable {
  private static final Duration TRIAL = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String GOOD_NAME = "my-node-config";

  private final Narrator narrator;
  private final Shell shell;
  private final DemoCluster cluster;
  private final NodeWatch watch;
  private final SimulatedNode first;
  private final SimulatedNode second;
  private final SimulatedNode third;
  private final OptionalLong thirdPid;
  private final Path documents;
  private String goodConfigMap = "";

  Story(Console console, Narrator narrator, Playground playground, DemoCluster cluster)
      throws IOException {
    this.narrator = narrator;
    this.cluster = cluster;
    this.watch = new NodeWatch(cluster.client());
    this.first = playground.nodes().get(0);
    this.second = playground.nodes().get(1);
    this.third = playground.nodes().get(2);
    this.thirdPid = third.pid();
    this.documents = Files.createDirectories(playground.directory().resolve("documents"));
    this.shell = new Shell(console, narrator, playground.sandbox().adminKubeconfig(), documents);
  }

  /** Tells all of it. */
  void tell() throws IOException, InterruptedException {
    takeAndChange();
    pushAndAssign();
    editInPlace();
    cannotBeParsed();
    invalid();
    crashes();
    reset();
  }

  private void takeAndChange() throws IOException, InterruptedException {
    narrator.chapter(
        "Take the config that a node runs, and change one field of it",
        "The kubelet itself is asked, through the API server: the answer has every field, and is"
            + " ready to be edited.");
    var text = shell.read(" > node.yaml", "config", first.name());
    narrator.typed("sed -i 's/^registryPullQPS: 5$/registryPullQPS: 8/' node.yaml");
    var changed = text.replaceFirst("(?m)^registryPullQPS: 5$", "registryPullQPS: 8");
    LineDiff.changed(text, changed).forEach(narrator::shown);
    narrator.check("exactly one line differs", 2, LineDiff.changed(text, changed).size());
    write("node.yaml", changed);
    narrator.expect("it is valid", shell.run("validate", "node.yaml") == 0);
  }

  private void pushAndAssign() throws IOException, InterruptedException {
    narrator.chapter(
        "Push it, and assign it to the node",
        "A push makes an immutable ConfigMap whose name ends in a hash of its content, the name that"
            + " kubectl create configmap --append-hash gives. The agent on the node judges the"
            + " content, restarts the kubelet into it, proves that it runs, and puts it on trial:"
            + " here for 5 s, 10 minutes unless told otherwise.");
    goodConfigMap = push(GOOD_NAME, "node.yaml");
    var before = first.pid();
    assign(first, goodConfigMap, 0);
    narrator.check("the kubelet serves registryPullQPS 8 on /configz", 8L, cluster.served(first));
    narrator.check(
        "it is a new process: " + pid(before) + " became " + pid(first.pid()),
        !before.equals(first.pid()));
    narrator.say("An Event on the Node says so too:");
    narrator.shown(cluster.lastEvent(first.name(), "KubeletConfigChanged").orElse("(none)"));
    narrator.check(
        "the Event names the ConfigMap",
        cluster.lastEvent(first.name(), "KubeletConfigChanged").orElse("").contains(goodConfigMap));
    awaitGood(first, goodConfigMap);
  }

  private void editInPlace() throws IOException, InterruptedException {
    narrator.chapter(
        "A ConfigMap that is edited in place",
        "One that was pushed cannot be: the API server refuses. One that somebody made by hand can,"
            + " and the node follows the content, not the object.");
    narrator.typed("kubectl -n kube-system edit configmap " + goodConfigMap);
    var refusal = cluster.tryEdit(goodConfigMap, document("node.yaml").replace("QPS: 8", "QPS: 9"));
    narrator.shown(refusal.orElse("edited"));
    narrator.check("the API server refuses to edit it", refusal.isPresent());

    var mutable = "team-config";
    var local =
        shell.read(
            " | sed 's/^registryPullQPS: 5$/registryPullQPS: 6/' > node-2.yaml",
            "config",
            second.name());
    narrator.typed(
        "kubectl -n kube-system create configmap " + mutable + " --from-file kubelet=node-2.yaml");
    cluster.createMutable(
        mutable, local.replaceFirst("(?m)^registryPullQPS: 5$", "registryPullQPS: 6"));
    assign(second, mutable, 0);
    narrator.check("node-2 serves registryPullQPS 6", 6L, cluster.served(second));

    var before = second.pid();
    narrator.typed("kubectl -n kube-system label configmap " + mutable + " team=storage");
    var labelled = cluster.label(mutable, "team", "storage");
    watch.await(second.name(), PATIENCE, seen -> activeVersion(seen).equals(labelled));
    narrator.check(
        "a new label changes the version that is reported, not the process", before, second.pid());

    narrator.typed(
        "kubectl -n kube-system edit configmap " + mutable + "        # registryPullQPS: 7");
    var start = System.nanoTime();
    var edited =
        cluster.edit(mutable, local.replaceFirst("(?m)^registryPullQPS: 5$", "registryPullQPS: 7"));
    var seen = watch.await(second.name(), PATIENCE, node -> activeVersion(node).equals(edited));
    narrator.measured(since(start), "from the edit to the report that the new content is active");
    narrator.check("node-2 runs version " + edited, seen.isPresent());
    narrator.check("node-2 serves registryPullQPS 7", 7L, cluster.served(second));
  }

  private void cannotBeParsed() throws IOException, InterruptedException {
    narrator.chapter(
        "A document that cannot be parsed",
        "push refuses it. Pushed and assigned all the same, it costs nothing: the kubelet is not"
            + " touched.");
    write("broken.yaml", "{0xdeadbeef}\n");
    narrator.check(
        "push refuses it", 1, shell.run("push", "broken", "--from-file", "kubelet=broken.yaml"));
    refusedByAgent("broken", "broken.yaml", ConfigErrors.LOAD);
  }

  private void invalid() throws IOException, InterruptedException {
    narrator.chapter(
        "A document that can be read, and is wrong",
        "The agent judges by the rules of this kubelet's version, and asks the kubelet binary on the"
            + " node as well.");
    write(
        "invalid.yaml",
        document("node.yaml")
            .replaceFirst("(?m)^maxPods: .*$", "maxPods: -5")
            .replaceFirst("(?m)^kubeAPIQPS: .*$", "kubeAPIQPS: -1"));
    refusedByAgent("invalid", "invalid.yaml", ConfigErrors.VALIDATE);
  }

  private void refusedByAgent(String name, String file, String error)
      throws IOException, InterruptedException {
    var configMap = push(name, file, "--validate=false");
    var before = first.pid();
    assign(first, configMap, 1);
    var seen =
        watch.await(
            first.name(),
            PATIENCE,
            node -> assigned(node).equals(configMap) && phase(node) == Phase.Rejected);
    narrator.check("the phase is Rejected", seen.isPresent());
    narrator.check(
        "status.config.error is \"" + error + "\"",
        error,
        seen.map(node -> node.status().config().error()).orElse(""));
    narrator.check("the kubelet is still process " + pid(before), before, first.pid());
    narrator.check("and serves registryPullQPS 8", 8L, cluster.served(first));
  }

  private void crashes() throws IOException, InterruptedException {
    narrator.chapter(
        "A document that every check lets pass, and that the kubelet dies of",
        "Its certificate is a file that is there and that can be read, but there is no certificate"
            + " in it. The kubelet finds out when it starts, and exits. The agent sees it die and"
            + " goes back to the last known good config.");
    write("kubelet.crt", "");
    var certificate = documents.resolve("kubelet.crt").toAbsolutePath();
    write(
        "crashing.yaml",
        document("node.yaml").replaceAll("(?m)^tls(CertFile|PrivateKeyFile):.*\n", "")
            + "tlsCertFile: "
            + certificate
            + "\ntlsPrivateKeyFile: "
            + certificate
            + "\n");
    var configMap = push("crashing", "crashing.yaml");
    var start = System.nanoTime();
    assign(first, configMap, 1);
    var back = watch.await(first.name(), PATIENCE, Story::rolledBack);
    narrator.measured(
        since(start), "from the assignment to a kubelet that is proven healthy again");
    narrator.check("the phase is RolledBack", back.isPresent());
    narrator.check(
        "active is the last known good one, " + goodConfigMap,
        goodConfigMap,
        active(latest(first)));
    narrator.check("the kubelet serves registryPullQPS 8", 8L, cluster.served(first));
    narrator.say("retune status shows why, with the kubelet's last words:");
    shell.run("status", first.name());
    narrator.check(
        "a condition carries what the kubelet said",
        latest(first).status().conditions().stream()
            .map(Condition::message)
            .anyMatch(message -> message.contains("certificate")));
  }

  private void reset() throws IOException, InterruptedException {
    narrator.chapter(
        "Back to where it began",
        "A reset takes the assignment away: each kubelet restarts once, into the config that was on"
            + " its node all the time.");
    narrator.check(
        "both nodes are reset", 0, shell.run("reset", first.name(), second.name(), "--wait"));
    for (SimulatedNode node : List.of(first, second)) {
      narrator.check(
          node.name() + ": assigned, active, last known good and error are empty",
          watch.await(node.name(), PATIENCE, Story::local).isPresent());
      narrator.check(node.name() + " serves registryPullQPS 5 again", 5L, cluster.served(node));
    }
    narrator.check(
        third.name() + ", to which nothing was assigned, still runs process " + pid(thirdPid),
        thirdPid,
        third.pid());
    shell.run("status", "-o", "wide");
  }

  private String push(String name, String file, String... more) throws InterruptedException {
    var args = new ArrayList<>(List.of("push", name, "--from-file", "kubelet=" + file));
    args.addAll(List.of(more));
    var printed = shell.tee(args.toArray(String[]::new));
    var words = printed.strip().split("[/ ]", 3);
    narrator.expect("it is in the cluster now", printed.contains("created"));
    return words.length > 1 ? words[1] : "";
  }

  private void assign(SimulatedNode node, String configMap, int expectedExit)
      throws InterruptedException {
    int exit =
        shell.run(
            "assign",
            node.name(),
            "--config-map",
            configMap,
            "--trial-duration",
            TRIAL.toSeconds() + "s",
            "--wait");
    narrator.check("it exits with " + expectedExit, expectedExit, exit);
  }

  private void awaitGood(SimulatedNode node, String configMap) throws InterruptedException {
    var start = System.nanoTime();
    var good =
        watch.await(
            node.name(),
            PATIENCE,
            seen -> phase(seen) == Phase.Good && assigned(seen).equals(configMap));
    narrator.measured(since(start), "later the trial is over");
    narrator.check(
        configMap + " is the last known good config",
        configMap,
        good.map(seen -> name(seen.status().config().lastKnownGood())).orElse(""));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(documents.resolve(name), text);
  }

  private String document(String name) throws IOException {
    return Files.readString(documents.resolve(name));
  }

  private NodeKubelet latest(SimulatedNode node) {
    return watch.latest(node.name()).orElseThrow();
  }

  private static boolean local(NodeKubelet node) {
    return node.status().config().equals(NodeConfigStatus.LOCAL);
  }

  private static boolean rolledBack(NodeKubelet node) {
    return phase(node) == Phase.RolledBack
        && node.status()
            .condition(Condition.KUBELET_HEALTHY)
            .filter(condition -> condition.status() == Condition.Status.True)
            .isPresent();
  }

  private static Phase phase(NodeKubelet node) {
    return node.status().phase().orElse(Phase.Local);
  }

  private static String assigned(NodeKubelet node) {
    return name(node.status().config().assigned());
  }

  private static String active(NodeKubelet node) {
    return name(node.status().config().active());
  }

  private static String name(Optional<NodeConfigSource> source) {
    return source.flatMap(NodeConfigSource::configMap).map(map -> map.name()).orElse("");
  }

  private static String activeVersion(NodeKubelet node) {
    return node.status()
        .config()
        .active()
        .flatMap(NodeConfigSource::configMap)
        .map(map -> map.resourceVersion())
        .orElse("");
  }

  private static String pid(OptionalLong pid) {
    return pid.isPresent() ? Long.toString(pid.getAsLong()) : "none";
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  @Override
  public void close() {
    watch.close();
  }
}
