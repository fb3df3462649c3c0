package dev.retune.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AgentOptionsTest {
  private static final AgentOptions OPTIONS =
      new AgentOptions(
          "node-1",
          Path.of("/etc/kubernetes/kubelet.conf"),
          Path.of("/var/lib/re tune"),
          "snap.kubelet.daemon.service",
          Path.of("/usr/bin/kubelet"),
          URI.create("http://127.0.0.1:10248/healthz"),
          Optional.of(Path.of("/srv/patches")),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 9446));

  @Test
  @DisplayName("what a unit starts the agent with is understood without a command line library")
  void roundTrip() {
    assertThat(AgentOptions.ofArguments(OPTIONS.arguments())).contains(OPTIONS);
  }

  @Test
  @DisplayName("anything that install does not write is left to the command line library")
  void anythingElse() {
    assertThat(AgentOptions.ofArguments(List.of())).isEmpty();
    assertThat(AgentOptions.ofArguments(List.of("--help"))).isEmpty();
    var arguments = OPTIONS.arguments();
    assertThat(AgentOptions.ofArguments(arguments.subList(1, arguments.size()))).isEmpty();
    assertThat(AgentOptions.ofArguments(with(arguments, "--node-nane=n"))).isEmpty();
    assertThat(AgentOptions.ofArguments(with(arguments, "--node-name=n"))).isEmpty();
    var wrongPort = new ArrayList<>(arguments);
    wrongPort.replaceAll(argument ->
        argument.startsWith("--metrics-address") ? "--metrics-address=127.0.0.1:http" : argument);
    assertThat(AgentOptions.ofArguments(wrongPort)).isEmpty();
  }

  private static List<String> with(List<String> arguments, String more) {
    var all = new ArrayList<>(arguments);
    all.add(more);
    return all;
  }
}
