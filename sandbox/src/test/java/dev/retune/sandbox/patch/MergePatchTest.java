package dev.retune.sandbox.patch;

import static dev.retune.sandbox.patch.Documents.json;
import static dev.retune.sandbox.patch.Documents.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

  @ParameterizedTest
  @DisplayName("RFC 7386 the cases of its appendix that have objects")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':'b'}         | {'a':'c'}                 | {'a':'c'}
          {'a':'b'}         | {'b':'c'}                 | {'a':'b','b':'c'}
          {'a':'b'}         | {'a':null}                | {}
          {'a':'b','b':'c'} | {'a':null}                | {'b':'c'}
          {'a':['b']}       | {'a':'c'}                 | {'a':'c'}
          {'a':'c'}         | {'a':['b']}               | {'a':['b']}
          {'a':{'b':'c'}}   | {'a':{'b':'d','c':null}}  | {'a':{'b':'d'}}
          {'a':[{'b':'c'}]} | {'a':[1]}                 | {'a':[1]}
          {'e':null}        | {'a':1}                   | {'e':null,'a':1}
          {}                | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}
          {'a':'b'}         | {'a':{'c':1}}             | {'a':{'c':1}}
          """)
  void cases(String document, String patch, String expected) {
    assertThat(Patches.merge(object(document), json(patch))).isEqualTo(object(expected));
  }

  @Test
  @DisplayName("RFC 7386 a patch that is no object is refused")
  void noObject() {
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> Patches.merge(object("{}"), json("[1]")));
  }
}
