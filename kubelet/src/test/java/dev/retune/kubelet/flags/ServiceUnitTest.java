package dev.retune.kubelet.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceUnitTest {

  private static final String UNIT = "/lib/systemd/system/kubelet.service";
  private static final String DROP_IN = "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf";
  private static final String FLAGS = "/var/lib/kubelet/kubeadm-flags.env";
  private static final String EXTRA = "/etc/default/kubelet";

  private static final TextFile SERVICE =
      new TextFile(UNIT, "[Unit]\nDescription=kubelet\n\n[Service]\nExecStart=/usr/bin/kubelet\n");

  private static final TextFile KUBEADM =
      new TextFile(
          DROP_IN,
          """
          # as kubeadm's packages have it
          [Service]
          Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/b --kubeconfig=/k"
          Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
          EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
          EnvironmentFile=-/etc/default/kubelet
          ExecStart=
          ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS \
          $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
          """
              .replace("\\\n", ""));

  private static List<String> shown(ServiceUnit unit) {
    return unit.arguments().stream().map(a -> a.text() + " @ " + a.origin()).toList();
  }

  private static ServiceUnit read(Map<String, String> files, TextFile... units) {
    return ServiceUnit.read(List.of(units), name -> Optional.ofNullable(files.get(name)));
  }

  @Test
  @DisplayName("AGENT-19 Each flag of a kubeadm node is traced to the file and line it stands in")
  void kubeadm() {
    ServiceUnit unit =
        read(
            Map.of(
                FLAGS, "KUBELET_KUBEADM_ARGS=\"--max-pods=110 --node-ip=10.0.0.1\"\n",
                EXTRA, "# by hand\n\nKUBELET_EXTRA_ARGS=--v=4   \n"),
            SERVICE,
            KUBEADM);

    assertThat(unit.executable()).isEqualTo("/usr/bin/kubelet");
    assertThat(unit.missingFiles()).isEmpty();
    assertThat(shown(unit))
        .containsExactly(
            "--bootstrap-kubeconfig=/b @ " + DROP_IN + ":3",
            "--kubeconfig=/k @ " + DROP_IN + ":3",
            "--config=/var/lib/kubelet/config.yaml @ " + DROP_IN + ":4",
            "--max-pods=110 @ " + FLAGS + ":1",
            "--node-ip=10.0.0.1 @ " + FLAGS + ":1",
            "--v=4 @ " + EXTRA + ":3");
  }

  @Test
  @DisplayName("AGENT-8 A file of variables wins over Environment=, wherever that stands")
  void environmentFileWins() {
    TextFile retune =
        new TextFile(
            "90-retune.conf",
            "[Service]\nEnvironmentFile=-/env\nEnvironment=KUBELET_CONFIG_ARGS=--config=/late\n");

    assertThat(
            shown(
                read(
                    Map.of("/env", "KUBELET_CONFIG_ARGS=--config=/ours"),
                    SERVICE,
                    KUBEADM,
                    retune)))
        .contains("--config=/ours @ /env:1");
    assertThat(shown(read(Map.of(), SERVICE, KUBEADM, retune)))
        .contains("--config=/late @ 90-retune.conf:3");
  }

  @Test
  @DisplayName("An empty setting takes back what was set; a file without a dash must be there")
  void resets() {
    TextFile reset =
        new TextFile(
            "99.conf",
            "[Service]\nEnvironment=\nEnvironmentFile=\nEnvironmentFile=/must\n[Install]\nExecStart=/no\n");
    ServiceUnit unit = read(Map.of(FLAGS, "KUBELET_KUBEADM_ARGS=--v=2"), SERVICE, KUBEADM, reset);

    assertThat(unit.arguments()).isEmpty();
    assertThat(unit.missingFiles()).containsExactly("/must");
  }

  @Test
  @DisplayName("Quotes, escapes, continued lines and variables inside of words are systemd's")
  void spelling() {
    TextFile unit =
        new TextFile(
            "kubelet.service",
            """
            [Service]
            Environment=A=1 'B=two words' "C=--x=y"
            ; a comment
            ExecStart=-/opt/kubelet --a=${A} "--b=${B}" \\
              # a comment in between
              --price=$$5 $C $NOT_SET --literal=$A
            """);

    assertThat(shown(read(Map.of(), unit)))
        .containsExactly(
            "--a=1 @ kubelet.service:4",
            "--b=two words @ kubelet.service:4",
            "--price=$5 @ kubelet.service:6",
            "--x=y @ kubelet.service:2",
            "--literal=$A @ kubelet.service:6");
    assertThat(read(Map.of(), unit).executable()).isEqualTo("/opt/kubelet");
  }

  @Test
  @DisplayName("AGENT-8 A unit tells whether its command has a variable, and that variable's words")
  void oneVariable() {
    ServiceUnit kubeadm = read(Map.of(), SERVICE, KUBEADM);
    assertThat(kubeadm.uses("KUBELET_CONFIG_ARGS")).isTrue();
    assertThat(kubeadm.uses("KUBELET_CONFIG")).isFalse();
    assertThat(kubeadm.words("KUBELET_KUBECONFIG_ARGS"))
        .containsExactly("--bootstrap-kubeconfig=/b", "--kubeconfig=/k");
    assertThat(kubeadm.words("KUBELET_EXTRA_ARGS")).isEmpty();
    assertThat(kubeadm.execStart())
        .startsWith("/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS")
        .endsWith("$KUBELET_EXTRA_ARGS");

    ServiceUnit braces =
        read(Map.of(), new TextFile("u", "[Service]\nExecStart=/k --config=${C}\n"));
    assertThat(braces.uses("C")).isTrue();
    assertThat(read(Map.of()).execStart()).isEmpty();
  }

  @Test
  @DisplayName("A value over several lines keeps the line of each flag")
  void continuedValues() {
    String file =
        """
        # comment
        A="--one=1 \\
        --two=2"
        B='--three=$A'
        not an assignment
        C=--four=4\\ still
        D="--five=\\"quoted\\" --six='a b'"
        """;
    TextFile unit = new TextFile("u", "[Service]\nEnvironmentFile=/e\nExecStart=/k $A $B $C $D\n");

    assertThat(shown(read(Map.of("/e", file), unit)))
        .containsExactly(
            "--one=1 @ /e:2",
            "--two=2 @ /e:3",
            "--three=$A @ /e:4",
            "--four=4 @ /e:6",
            "still @ /e:6",
            "--five=quoted @ /e:7",
            "--six=a b @ /e:7");
  }

  @Test
  @DisplayName("Whatever stands in the files, there is an answer")
  void garbage() {
    for (String text :
        List.of("", "=", "\\", "[Service", "[Service]\nExecStart=\"", "A='", "a=\\")) {
      ServiceUnit unit =
          read(
              Map.of("/e", text),
              new TextFile("u", "[Service]\nEnvironmentFile=/e\nExecStart=/k $A $a\n"),
              new TextFile("v", text));
      assertThat(unit.arguments()).isNotNull();
    }
  }

  @Test
  @DisplayName("AGENT-19 Files of variables alone give their flags, without what holds no flags")
  void environmentAlone() {
    List<Argument> arguments =
        ServiceUnit.argumentsIn(
            List.of(
                new TextFile(FLAGS, "\nARGS=\"--max-pods=110 --node-ip=10.0.0.1\"\nGODEBUG=a=1\n"),
                new TextFile(EXTRA, "EXTRA=--v=4\n")));

    assertThat(arguments)
        .extracting(argument -> argument.text() + " @ " + argument.origin())
        .containsExactly(
            "--max-pods=110 @ " + FLAGS + ":2",
            "--node-ip=10.0.0.1 @ " + FLAGS + ":2",
            "--v=4 @ " + EXTRA + ":1");
  }
}
