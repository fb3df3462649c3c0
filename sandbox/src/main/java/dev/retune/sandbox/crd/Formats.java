package dev.retune.sandbox.crd;

import com.google.re2j.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The string formats that API servers enforce in custom resources ({@code
 * apiextensions-apiserver/pkg/apiserver/validation/formats.go}); all others are only documentation.
 */
final class Formats {
  private static final Pattern DATE_TIME_OF_DAY =
      Pattern.compile("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
  private static final Pattern HOST_LABEL =
      Pattern.compile("^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$");
  private static final Pattern EMAIL = Pattern.compile("^[^@<>\\s]+@[^@<>\\s]+$");

  private static final Map<String, Predicate<String>> CHECKS =
      Map.ofEntries(
          Map.entry("bsonobjectid", regex("^[0-9a-fA-F]{24}$")),
          Map.entry("uri", Formats::isUri),
          Map.entry("email", text -> EMAIL.matcher(text).find()),
          Map.entry("hostname", Formats::isHostname),
          Map.entry("ipv4", text -> IpAddress.isV4(text)),
          Map.entry("ipv6", text -> IpAddress.isV6(text)),
          Map.entry("cidr", text -> IpAddress.parseCidr(text).isPresent()),
          Map.entry(
              "mac",
              regex(
                  "^([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){7}"
                      + "|[0-9a-fA-F]{4}([.][0-9a-fA-F]{4}){2,3})$")),
          Map.entry(
              "uuid",
              regex("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")),
          Map.entry("uuid3", uuid("3", "[0-9a-f]")),
          Map.entry("uuid4", uuid("4", "[89ab]")),
          Map.entry("uuid5", uuid("5", "[89ab]")),
          Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
          Map.entry("isbn10", Formats::isIsbn10),
          Map.entry("isbn13", Formats::isIsbn13),
          Map.entry("creditcard", Formats::isCreditCard),
          Map.entry("ssn", regex("^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$")),
          Map.entry("hexcolor", regex("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")),
          Map.entry("rgbcolor", Formats::isRgbColor),
          Map.entry(
              "byte", regex("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")),
          Map.entry("password", _ -> true),
          Map.entry("date", Times::isDate),
          Map.entry("duration", text -> Times.parseDuration(text).isPresent()),
          Map.entry("datetime", Formats::isDateTime),
          Map.entry("k8sshortname", text -> Names.dnsLabelProblems(text).isEmpty()),
          Map.entry("k8slongname", text -> Names.dnsSubdomainProblems(text).isEmpty()));

  private static final Set<String> OF_INTEGERS = Set.of("int32", "int64");
  private static final Set<String> OF_NUMBERS = Set.of("float", "double");

  private Formats() {}

  /** A schema's format when it is enforced for its type, else empty. */
  static String enforced(Schema schema) {
    String format = schema.format();
    List<String> types = schema.types();
    boolean known =
        !format.isEmpty()
            && switch (types.size() == 1 ? types.getFirst() : "") {
              case "", "string" -> CHECKS.containsKey(normalized(format));
              case "integer" -> OF_INTEGERS.contains(format);
              case "number" -> OF_NUMBERS.contains(format);
              default -> false;
            };
    return known ? format : "";
  }

  static boolean isFormatOfNumbers(String format) {
    return OF_INTEGERS.contains(format) || OF_NUMBERS.contains(format);
  }

  /** Whether a text has a format that {@link #enforced} returned. */
  static boolean matches(String format, String text) {
    Predicate<String> check = CHECKS.get(normalized(format));
    return check == null || check.test(text);
  }

  private static String normalized(String format) {
    return format.replace("-", "");
  }

  private static Predicate<String> regex(String expression) {
    Pattern pattern = Pattern.compile(expression);
    return text -> pattern.matcher(text).find();
  }

  private static Predicate<String> uuid(String version, String variant) {
    return regex(
        "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?"
            + version
            + "[0-9a-f]{3}-?"
            + variant
            + "[0-9a-f]{3}-?[0-9a-f]{12}$");
  }

  private static boolean isUri(String text) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() || text.startsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isHostname(String text) {
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (name.isEmpty() || name.length() > 255) {
      return false;
    }
    for (String label : name.split("\\.", -1)) {
      if (!HOST_LABEL.matcher(label).find()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDateTime(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
    if (parts.length < 2 || !Times.isDate(parts[0])) {
      return false;
    }
    var time = DATE_TIME_OF_DAY.matcher(parts[1]);
    return time.find()
        && time.group(1).compareTo("23") <= 0
        && time.group(2).compareTo("59") <= 0
        && time.group(3).compareTo("59") <= 0;
  }

  private static boolean isIsbn10(String text) {
    String digits = text.replaceAll("[\\s-]", "");
    if (!digits.matches("[0-9]{9}[0-9Xx]")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 10; i++) {
      char c = digits.charAt(i);
      sum += (c == 'X' || c == 'x' ? 10 : c - '0') * (i + 1);
    }
    return sum % 11 == 0;
  }

  private static boolean isIsbn13(String text) {
    String digits = text.replaceAll("[\\s-]", "");
    if (!digits.matches("[0-9]{13}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 13; i++) {
      sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
  }

  private static boolean isCreditCard(String text) {
    String digits = text.replaceAll("[^0-9]", "");
    if (!digits.matches(
        "4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}"
            + "|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\\d{3})\\d{11}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = digit * 2;
      sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  private static boolean isRgbColor(String text) {
    String part = "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*";
    return text.matches("rgb\\(" + part + "," + part + "," + part + "\\)");
  }
}
