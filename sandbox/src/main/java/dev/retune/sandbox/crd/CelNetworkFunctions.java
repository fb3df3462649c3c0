package dev.retune.sandbox.crd;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionOverload;
import dev.retune.sandbox.crd.IpAddress.Cidr;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code url(..)}, {@code ip(..)}, {@code cidr(..)} and what can be asked of them. */
final class CelNetworkFunctions {
  private static final OpaqueType URL = OpaqueType.create("kubernetes.URL");
  private static final OpaqueType IP = OpaqueType.create("net.IP");
  private static final OpaqueType CIDR = OpaqueType.create("net.CIDR");

  private CelNetworkFunctions() {}

  static void addTo(CelLibrary library) {
    addUrls(library);
    addAddresses(library);
    addCidrs(library);
  }

  private static void addUrls(CelLibrary library) {
    library.global(
        "url",
        "string_to_url",
        URL,
        SimpleType.STRING,
        String.class,
        text ->
            parseUrl(text)
                .orElseThrow(
                    () -> wrong("URL parse error during conversion from string: " + text)));
    library.global(
        "isURL",
        "is_url_string",
        SimpleType.BOOL,
        SimpleType.STRING,
        String.class,
        text -> parseUrl(text).isPresent());
    ofUrl(library, "getScheme", "url_get_scheme", url -> text(url.getScheme()));
    ofUrl(library, "getHost", "url_get_host", url -> text(url.getRawAuthority()));
    ofUrl(
        library,
        "getHostname",
        "url_get_hostname",
        url -> text(url.getHost()).replace("[", "").replace("]", ""));
    ofUrl(library, "getPort", "url_get_port", url -> url.getPort() < 0 ? "" : "" + url.getPort());
    ofUrl(library, "getEscapedPath", "url_get_escaped_path", url -> text(url.getRawPath()));
    library.member(
        "getQuery",
        "url_get_query",
        MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
        URL,
        URI.class,
        CelNetworkFunctions::query);
  }

  private static void addAddresses(CelLibrary library) {
    library.global(
        "ip", "string_to_ip", IP, SimpleType.STRING, String.class, CelNetworkFunctions::ip);
    library.member("ip", "cidr_ip", IP, CIDR, Cidr.class, Cidr::address);
    library.global(
        "isIP",
        "is_ip",
        SimpleType.BOOL,
        SimpleType.STRING,
        String.class,
        text -> IpAddress.parse(text).isPresent());
    library.global(
        "ip.isCanonical",
        "ip_is_canonical",
        SimpleType.BOOL,
        SimpleType.STRING,
        String.class,
        text -> ip(text).text().equals(text));
    library.member(
        "family", "ip_family", SimpleType.INT, IP, IpAddress.class, ip -> (long) ip.family());
    test(library, "isUnspecified", "ip_is_unspecified", IpAddress::isUnspecified);
    test(library, "isLoopback", "ip_is_loopback", IpAddress::isLoopback);
    test(
        library,
        "isLinkLocalMulticast",
        "ip_is_link_local_multicast",
        IpAddress::isLinkLocalMulticast);
    test(library, "isLinkLocalUnicast", "ip_is_link_local_unicast", IpAddress::isLinkLocalUnicast);
    test(library, "isGlobalUnicast", "ip_is_global_unicast", IpAddress::isGlobalUnicast);
    library.global(
        "string", "ip_to_string", SimpleType.STRING, IP, IpAddress.class, IpAddress::text);
    library.global("string", "cidr_to_string", SimpleType.STRING, CIDR, Cidr.class, Cidr::text);
  }

  private static void addCidrs(CelLibrary library) {
    library.global(
        "cidr", "string_to_cidr", CIDR, SimpleType.STRING, String.class, CelNetworkFunctions::cidr);
    library.global(
        "isCIDR",
        "is_cidr",
        SimpleType.BOOL,
        SimpleType.STRING,
        String.class,
        text -> IpAddress.parseCidr(text).isPresent());
    library.member(
        "prefixLength",
        "cidr_prefix_length",
        SimpleType.INT,
        CIDR,
        Cidr.class,
        cidr -> (long) cidr.bits());
    library.member("masked", "cidr_masked", CIDR, CIDR, Cidr.class, Cidr::masked);
    contains(
        library,
        "containsIP",
        "cidr_contains_ip_string",
        SimpleType.STRING,
        String.class,
        (cidr, text) -> cidr.contains(ip(text)));
    contains(library, "containsIP", "cidr_contains_ip_ip", IP, IpAddress.class, Cidr::contains);
    contains(
        library,
        "containsCIDR",
        "cidr_contains_cidr_string",
        SimpleType.STRING,
        String.class,
        (cidr, text) -> cidr.contains(cidr(text)));
    contains(library, "containsCIDR", "cidr_contains_cidr", CIDR, Cidr.class, Cidr::contains);
  }

  private static <A> void contains(
      CelLibrary library,
      String name,
      String id,
      CelType argument,
      Class<A> type,
      CelFunctionOverload.Binary<Cidr, A> body) {
    library.member(name, id, SimpleType.BOOL, CIDR, Cidr.class, argument, type, body);
  }

  private static void ofUrl(
      CelLibrary library, String name, String id, CelFunctionOverload.Unary<URI> body) {
    library.member(name, id, SimpleType.STRING, URL, URI.class, body);
  }

  private static void test(
      CelLibrary library, String name, String id, CelFunctionOverload.Unary<IpAddress> body) {
    library.member(name, id, SimpleType.BOOL, IP, IpAddress.class, body);
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text)
        .orElseThrow(
            () -> wrong("IP Address \"" + text + "\" parse error during conversion from string"));
  }

  private static Cidr cidr(String text) {
    return IpAddress.parseCidr(text)
        .orElseThrow(
            () -> wrong("network address parse error during conversion from string: " + text));
  }

  /** What Go's {@code url.ParseRequestURI} takes: an absolute URL or a path. */
  private static Optional<URI> parseUrl(String text) {
    try {
      URI url = new URI(text);
      return Optional.of(url)
          .filter(u -> (u.isAbsolute() && !u.isOpaque()) || text.startsWith("/"));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Map<String, List<String>> query(URI url) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : text(url.getRawQuery()).split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query
            .computeIfAbsent(URLDecoder.decode(key, StandardCharsets.UTF_8), _ -> new ArrayList<>())
            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static String text(@Nullable String part) {
    return part == null ? "" : part;
  }

  private static CelInvalidArgumentException wrong(String message) {
    return new CelInvalidArgumentException(message);
  }
}
