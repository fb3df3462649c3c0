package dev.retune.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain trees: {@link Map} (in document order), {@link List}, {@link String}, {@link
 * Boolean}, {@link Long}, {@link BigInteger} beyond it, {@link Double}, {@link BigDecimal} where a
 * double would lose digits, and null.
 *
 * <p>Like Go's encoding/json, the last of two equal keys wins. Nesting deeper than {@link
 * #MAX_DEPTH} and numbers longer than 1000 digits are refused.
 */
public final class Json {

  /** Deepest nesting read or written; CRD schemas are the deepest documents that occur. */
  public static final int MAX_DEPTH = 256;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1000)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private Json() {}

  /**
   * The one value that {@code document} (UTF-8) holds.
   *
   * @throws JsonFormatException when it is no JSON, empty, or goes on after the value
   */
  public static @Nullable Object parse(byte[] document) throws JsonFormatException {
    try (JsonParser parser = FACTORY.createParser(document)) {
      if (parser.nextToken() == null) {
        throw new JsonFormatException("no JSON: the document is empty");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new JsonFormatException(
            "no JSON: something follows the value at line "
                + parser.currentTokenLocation().getLineNr());
      }
      return value;
    } catch (JsonFormatException e) {
      throw e;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new JsonFormatException("no JSON" + where + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      // Bytes in memory fail to be read only where they are no UTF-8.
      throw new JsonFormatException("no JSON: " + e.getMessage());
    }
  }

  /**
   * The object that {@code document} (UTF-8) holds.
   *
   * @throws JsonFormatException when it is no JSON or something else than an object
   */
  public static Map<String, @Nullable Object> parseObject(byte[] document)
      throws JsonFormatException {
    Object value = parse(document);
    if (value instanceof Map<?, ?>) {
      return Tree.asObject(value);
    }
    throw new JsonFormatException("a JSON object was expected, not " + kind(value));
  }

  /** {@code value} on one line, UTF-8. */
  public static byte[] write(@Nullable Object value) {
    return write(value, false).toByteArray();
  }

  /** {@code value} with kubectl's indentation of four spaces and a line end. */
  public static String pretty(@Nullable Object value) {
    return write(value, true).toString(StandardCharsets.UTF_8) + "\n";
  }

  private static ByteArrayOutputStream write(@Nullable Object value, boolean pretty) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      if (pretty) {
        DefaultIndenter indent = new DefaultIndenter("    ", "\n");
        Separators separators =
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        generator.setPrettyPrinter(
            new DefaultPrettyPrinter(separators)
                .withObjectIndenter(indent)
                .withArrayIndenter(indent));
      }
      write(generator, value);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot be written as JSON: " + e.getMessage(), e);
    }
    return out;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> fraction(parser.getDecimalValue());
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new JsonFormatException("no JSON value but " + parser.currentToken());
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static Number integer(JsonParser parser) throws IOException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return parser.getBigIntegerValue();
    }
    return parser.getLongValue();
  }

  /** The double that prints as these digits, or the digits themselves. */
  static Number fraction(BigDecimal exact) {
    double nearest = exact.doubleValue();
    if (Double.isInfinite(nearest)
        || new BigDecimal(Double.toString(nearest)).compareTo(exact) != 0) {
      return exact;
    }
    return nearest;
  }

  private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Boolean truth -> generator.writeBoolean(truth);
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          generator.writeFieldName(String.valueOf(entry.getKey()));
          write(generator, entry.getValue());
        }
        generator.writeEndObject();
      }
      case Collection<?> items -> {
        generator.writeStartArray();
        for (Object item : items) {
          write(generator, item);
        }
        generator.writeEndArray();
      }
      case BigInteger big -> generator.writeNumber(big);
      case BigDecimal big -> generator.writeNumber(big);
      case Double number -> generator.writeNumber(number);
      case Float number -> generator.writeNumber(number);
      case Number number -> generator.writeNumber(number.longValue());
      default -> throw new IllegalArgumentException("no JSON value: " + value.getClass().getName());
    }
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case List<?> list -> "an array of " + list.size();
      case String text -> "a string of " + text.length() + " characters";
      case Boolean truth -> truth.toString();
      default -> "a number";
    };
  }
}
