package dev.retune.kubelet.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes a document as JSON. */
public final class JsonWriter {

  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonWriter() {}

  /** The document in UTF-8, indented, with a line feed at its end. */
  public static byte[] write(Node node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(node, out, true);
    out.write('\n');
    return out.toByteArray();
  }

  /** A value on one line. */
  public static String compact(Node node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(node, out, false);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void write(Node node, ByteArrayOutputStream out, boolean pretty) {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      if (pretty) {
        json.useDefaultPrettyPrinter();
      }
      value(node, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void value(Node node, JsonGenerator json) throws IOException {
    switch (node) {
      case Node.Null n -> json.writeNull();
      case Node.Bool b -> json.writeBoolean(b.value());
      case Node.Numeral n -> json.writeRawValue(n.text());
      case Node.Text t -> json.writeString(t.value());
      case Node.Sequence s -> {
        json.writeStartArray();
        for (Node element : s.elements()) {
          value(element, json);
        }
        json.writeEndArray();
      }
      case Node.Mapping m -> {
        json.writeStartObject();
        for (Node.Entry entry : m.entries()) {
          json.writeFieldName(entry.key());
          value(entry.value(), json);
        }
        json.writeEndObject();
      }
    }
  }
}
