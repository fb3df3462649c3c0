package dev.retune.sandbox.patch;

import static dev.retune.sandbox.patch.Documents.json;
import static dev.retune.sandbox.patch.Documents.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {

  @ParameterizedTest
  @DisplayName("RFC 6902 each operation does what it says")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':1}           | {'op':'add','path':'/b','value':2}               | {'a':1,'b':2}
          {'a':1}           | {'op':'add','path':'/a','value':[1]}             | {'a':[1]}
          {'a':[1,3]}       | {'op':'add','path':'/a/1','value':2}             | {'a':[1,2,3]}
          {'a':[1]}         | {'op':'add','path':'/a/-','value':2}             | {'a':[1,2]}
          {'a':[1]}         | {'op':'add','path':'/a/1','value':2}             | {'a':[1,2]}
          {'a':1}           | {'op':'add','path':'','value':{'b':2}}           | {'b':2}
          {'a':1,'b':2}     | {'op':'remove','path':'/b'}                      | {'a':1}
          {'a':[1,2]}       | {'op':'remove','path':'/a/0'}                    | {'a':[2]}
          {'a':{'b':1}}     | {'op':'replace','path':'/a/b','value':{'c':2}}   | {'a':{'b':{'c':2}}}
          {'a':[1,2]}       | {'op':'replace','path':'/a/1','value':9}         | {'a':[1,9]}
          {'a':{'b':1}}     | {'op':'move','from':'/a/b','path':'/c'}          | {'a':{},'c':1}
          {'a':[1,2,3]}     | {'op':'move','from':'/a/0','path':'/a/2'}        | {'a':[2,3,1]}
          {'a':{'b':1}}     | {'op':'copy','from':'/a','path':'/c'}            | {'a':{'b':1},'c':{'b':1}}
          {'a':{'b':[1.0]}} | {'op':'test','path':'/a','value':{'b':[1]}}      | {'a':{'b':[1.0]}}
          {'a':1}           | {'op':'test','path':'/b','value':null}           | {'a':1}
          {'a/b':1,'m~n':2} | {'op':'remove','path':'/a~1b'}                   | {'m~n':2}
          {'a/b':1,'m~n':2} | {'op':'replace','path':'/m~0n','value':3}        | {'a/b':1,'m~n':3}
          """)
  void operations(String document, String operation, String expected) {
    ObjectNode before = object(document);
    assertThat(Patches.json(before, json("[" + operation + "]"))).isEqualTo(object(expected));
    assertThat(before).isEqualTo(object(document));
  }

  @ParameterizedTest
  @DisplayName("RFC 6902 what does not apply is refused with its path")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'op':'test','path':'/a','value':2}           | 422 | testing value /a failed: test failed
          {'op':'test','path':'/x/y','value':2}         | 422 | testing value /x/y failed: test failed
          {'op':'remove','path':'/x'}                   | 422 | remove operation does not apply: doc is missing path: "/x": missing value
          {'op':'replace','path':'/x','value':1}        | 422 | replace operation does not apply: doc is missing path: "/x": missing value
          {'op':'add','path':'/x/y','value':1}          | 422 | add operation does not apply: doc is missing path: "/x/y": missing value
          {'op':'add','path':'/l/7','value':1}          | 422 | add operation does not apply: "/l/7": invalid index referenced
          {'op':'remove','path':'/l/01'}                | 422 | remove operation does not apply: "/l/01" ends in "01", which is no index of a list
          {'op':'copy','from':'/x','path':'/y'}         | 422 | copy operation does not apply: doc is missing path: "/x": missing value
          {'op':'move','from':'/l','path':'/l/0'}       | 422 | move operation does not apply: "/l/0" is inside "/l"
          {'op':'add','path':'/b'}                      | 400 | add operation of "/b" has no "value"
          {'op':'frobnicate','path':'/b'}               | 400 | Unexpected kind: frobnicate
          {'op':'add','path':'b','value':1}             | 400 | "path" of a JSON patch is a pointer and starts with "/", not "b"
          {'path':'/b','value':1}                       | 400 | JSON patch operation {"path":"/b","value":1} needs a string "op"
          """)
  void refused(String operation, int code, String message) {
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> Patches.json(object("{'a':1,'l':[1]}"), json("[" + operation + "]")))
        .withMessage(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  @DisplayName("RFC 6902 a patch applies as a whole or not at all, and is a list")
  void whole() {
    ObjectNode document = object("{'a':1}");
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() ->
            Patches.json(
                document,
                json("[{'op':'add','path':'/b','value':1},{'op':'remove','path':'/x'}]")));
    assertThat(document).isEqualTo(object("{'a':1}"));
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> Patches.json(document, json("{'op':'remove'}")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(400));
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> Patches.json(document, json("[{'op':'replace','path':'','value':[1]}]")));
  }
}
