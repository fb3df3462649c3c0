package dev.retune.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeConfigTest {

  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String config(String cluster, String user) {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: c
      cluster: %s
    users:
    - name: u
      user: %s
    contexts:
    - name: x
      context: {cluster: c, user: u, namespace: ns}
    current-context: x
    """
        .formatted(cluster, user);
  }

  @Test
  @DisplayName("paths are relative to the file; certificate and key in files")
  void files() throws Exception {
    Path file =
        file(
            "config",
            config(
                "{server: 'https://h:6443/', certificate-authority: pki/ca.crt, tls-server-name: k}",
                "{client-certificate: c.pem, client-key: /abs/k.pem}"));

    KubeConfig config = KubeConfig.load(file, Optional.empty());

    assertThat(config.server()).isEqualTo(URI.create("https://h:6443"));
    assertThat(config.authority()).contains(new Material.InFile(directory.resolve("pki/ca.crt")));
    assertThat(config.tlsServerName()).contains("k");
    assertThat(config.namespace()).contains("ns");
    assertThat(config.context()).isEqualTo("x");
    assertThat(config.credentials().certificate())
        .contains(
            new Credentials.ClientCertificate(
                new Material.InFile(directory.resolve("c.pem")),
                new Material.InFile(Path.of("/abs/k.pem"))));
  }

  @Test
  @DisplayName("data in the kubeconfig wins over files, a token file over a token")
  void data() throws Exception {
    String ca = Base64.getEncoder().encodeToString("CA".getBytes(StandardCharsets.UTF_8));
    Path file =
        file(
            "config",
            config(
                "{server: 'https://h', certificate-authority: ca.crt, certificate-authority-data: %s}"
                    .formatted(ca),
                "{token: t, tokenFile: token.txt}"));

    KubeConfig config = KubeConfig.load(file, Optional.empty());

    assertThat(config.authority()).contains(new Material.Embedded("CA"));
    assertThat(config.credentials().bearerToken())
        .contains(new Material.InFile(directory.resolve("token.txt")));
  }

  @Test
  @DisplayName("several files are merged as kubectl does: the first to name a thing wins")
  void merge() throws Exception {
    Path first =
        file(
            "first",
            """
            clusters:
            - {name: c, cluster: {server: 'https://first'}}
            contexts:
            - {name: one, context: {cluster: c, user: u}}
            """);
    Path second =
        file(
            "second",
            """
            clusters:
            - {name: c, cluster: {server: 'https://second'}}
            - {name: d, cluster: {server: 'https://d', proxy-url: 'http://p:3128'}}
            users:
            - {name: u, user: {username: me, password: pw}}
            contexts:
            - {name: two, context: {cluster: d, user: u}}
            current-context: one
            """);
    List<Path> files = List.of(first, directory.resolve("missing"), second);

    assertThat(KubeConfig.load(files, Optional.empty()).server())
        .isEqualTo(URI.create("https://first"));
    KubeConfig two = KubeConfig.load(files, Optional.of("two"));
    assertThat(two.server()).isEqualTo(URI.create("https://d"));
    assertThat(two.proxy()).contains(URI.create("http://p:3128"));
    assertThat(two.credentials().password()).contains(new Credentials.Password("me", "pw"));
  }

  @Test
  @DisplayName("what cannot be used is refused with file, entry and what to do")
  void refusals() throws Exception {
    String server = "{server: 'https://h'}";
    assertThatThrownBy(() ->
            KubeConfig.load(file("a", config(server, "{exec: {command: aws}}")), Optional.empty()))
        .isInstanceOf(KubeConfigException.class)
        .hasMessageContaining(directory.resolve("a") + ": user \"u\"")
        .hasMessageContaining("\"aws\" (exec)");
    assertThatThrownBy(() ->
            KubeConfig.load(
                file("a", config(server, "{auth-provider: {name: gcp}}")), Optional.empty()))
        .hasMessageContaining("gcp");
    assertThatThrownBy(() ->
            KubeConfig.load(file("a", config(server, "{client-certificate: c}")), Optional.empty()))
        .hasMessageContaining("both or not at all");
    assertThatThrownBy(() -> KubeConfig.load(file("a", config("{}", "{}")), Optional.empty()))
        .hasMessageContaining("server is not set");
    assertThatThrownBy(
            () -> KubeConfig.load(file("a", config("{server: 'ftp://h'}", "{}")), Optional.empty()))
        .hasMessageContaining("https or http");
    assertThatThrownBy(() -> KubeConfig.load(file("a", config(server, "{}")), Optional.of("y")))
        .hasMessageContaining("there is no context \"y\", only [x]");
    assertThatThrownBy(() -> KubeConfig.load(directory.resolve("none"), Optional.empty()))
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> KubeConfig.load(file("a", "a: ["), Optional.empty()))
        .hasMessageContaining("no YAML");
  }

  @Test
  @DisplayName("secrets do not show in the text form")
  void secrets() {
    assertThat(new Material.Embedded("secret").toString()).doesNotContain("secret");
    assertThat(new Credentials.Password("me", "secret").toString()).doesNotContain("secret");
  }
}
