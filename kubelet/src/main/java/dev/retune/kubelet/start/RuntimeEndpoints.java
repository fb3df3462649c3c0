package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Words;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the container runtime listens: a Unix socket and nothing else on Linux; without a scheme it
 * is one too ({@code GetAddressAndDialer} in the kubelet, 1.27 to 1.36). Before, these were flags.
 */
final class RuntimeEndpoints {

  private static final List<String> FIELDS =
      List.of("containerRuntimeEndpoint", "imageServiceEndpoint");
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][-+.a-zA-Z0-9]*):.*");

  private RuntimeEndpoints() {}

  static void check(Start start) {
    for (String field : FIELDS) {
      String endpoint = start.text(field);
      Matcher scheme = SCHEME.matcher(endpoint);
      if (scheme.matches() && !scheme.group(1).toLowerCase(Locale.ROOT).equals("unix")) {
        start.exits(
            field,
            Words.quoted(endpoint)
                + " is no Unix socket such as \"unix:///run/containerd/containerd.sock\"");
      }
    }
  }
}
