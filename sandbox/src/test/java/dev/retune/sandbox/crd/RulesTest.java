package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.complaints;
import static dev.retune.sandbox.crd.Documents.definition;
import static dev.retune.sandbox.crd.Documents.thing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

  /** A kind with fields of many types and these rules on its spec. */
  private static CustomResource kind(String rules) {
    return CustomResource.compile(
        definition(
            """
            type: object
            properties:
              s: {type: string}
              n: {type: integer}
              d: {type: number}
              b: {type: boolean}
              l: {type: array, items: {type: string}}
              m: {type: object, additionalProperties: {type: string}}
              o: {type: object, properties: {a: {type: string}, b: {type: string}}}
              objects: {type: array, items: {type: object, properties: {name: {type: string}, size: {type: integer}}}}
              when: {type: string, format: date-time}
              lasts: {type: string, format: duration}
              raw: {type: string, format: byte}
              port: {x-kubernetes-int-or-string: true}
              opt: {type: string, nullable: true}
              nulls: {type: object, additionalProperties: {type: string, nullable: true}}
              namespace: {type: string}
              my-name: {type: string}
              a.b: {type: string}
            x-kubernetes-validations: %s
            """
                .formatted(rules)));
  }

  @ParameterizedTest
  @DisplayName("CRD-3 rules that hold")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          self.s == 'a'                                            | {s: a}
          has(self.s) && !has(self.n)                              | {s: a}
          self.n + 1 == 2 && self.d > 0.5                          | {n: 1, d: 1}
          self.l.all(x, x.startsWith('a'))                         | {l: [ab, ac]}
          self.l.exists_one(x, x == 'b') && 'b' in self.l          | {l: [a, b]}
          self.l.map(x, x + '!').size() == 2                       | {l: [a, b]}
          self.l.filter(x, x != 'a') == ['b']                      | {l: [a, b]}
          self.m['k'] == 'v' && 'k' in self.m                      | {m: {k: v}}
          self.m.all(k, k.matches('^[a-z]$'))                      | {m: {k: v}}
          self.o.a != self.o.b                                     | {o: {a: x, b: y}}
          self.objects.map(o, o.size).sum() <= 10                  | {objects: [{name: a, size: 4}, {name: b, size: 6}]}
          self.objects.exists(o, o.name == 'b' && o.size > 5)      | {objects: [{name: a, size: 4}, {name: b, size: 6}]}
          self.when < timestamp('2027-01-01T00:00:00Z')            | {when: "2026-01-01T00:00:00Z"}
          self.when.getFullYear() == 2026                          | {when: "2026-01-01T00:00:00Z"}
          self.lasts >= duration('1m')                             | {lasts: 1h}
          self.raw == b'hi'                                        | {raw: aGk=}
          type(self.port) == int ? self.port < 5 : self.port == 'x'| {port: 4}
          type(self.port) == int ? self.port < 5 : self.port == 'x'| {port: x}
          self.__namespace__ == 'n' && self.my__dash__name == 'm' && self.a__dot__b == 'c' | {namespace: n, my-name: m, a.b: c}
          !has(self.opt) && self.n == 1                            | {opt: null, n: 1}
          type(self.nulls['k']) == null_type                       | {nulls: {k: null}}
          has(self.o) ? self.o.a == 'x' : true                     | {}
          self.?o.?a.orValue('none') == 'none'                     | {}
          self.?o.a.hasValue() == false                            | {}
          self.s.matches('b')                                      | {s: abc}
          size(self.s) == 2 && self.s.size() == 2                  | {s: äö}
          double(self.n) == self.d                                 | {n: 2, d: 2.0}
          string(self.n) == '3' && int('3') == self.n              | {n: 3}
          self.n in [1, 2, 3]                                      | {n: 3}
          self.b ? self.n > 0 : true                               | {b: false, n: 0}
          self.l.all(i, x, i < 2 && x != '')                       | {l: [a, b]}
          """)
  void hold(String rule, String spec) {
    String expression = rule.replace("\"", "\\\"");
    assertThat(complaints(kind("[{rule: \"" + expression + "\"}]"), thing(spec))).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("CRD-3 rules that fail say so as an API server does")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {rule: "self.s == 'a'"}                                   | {s: b} | spec: Invalid value: failed rule: self.s == 'a'
          {rule: "self.s == 'a'", message: " must be a "}           | {s: b} | spec: Invalid value: must be a
          {rule: "self.s == 'a'", messageExpression: "'got ' + self.s"} | {s: b} | spec: Invalid value: got b
          {rule: "self.s == 'a'", messageExpression: "'%s of %d'.format([self.s, self.n])"} | {s: b, n: 7} | spec: Invalid value: b of 7
          {rule: "self.s == 'a'", messageExpression: "self.m['gone']", message: fixed} | {s: b, m: {}} | spec: Invalid value: fixed
          {rule: "self.s == 'a'", message: m, reason: FieldValueForbidden} | {s: b} | spec: Forbidden: m
          {rule: "self.s == 'a'", message: m, reason: FieldValueRequired}  | {s: b} | spec: Required value: m
          {rule: "self.s == 'a'", message: m, fieldPath: .s}        | {s: b} | spec.s: Invalid value: m
          {rule: "self.s == 'a'", message: m, fieldPath: .o.a}      | {s: b} | spec.o.a: Invalid value: m
          {rule: "self.s == 'a'", message: m, fieldPath: ".m['k.l']"} | {s: b} | spec.m[k.l]: Invalid value: m
          {rule: "self.s == 'a'"}                                   | {}     | spec: Invalid value: "object": no such key: s evaluating rule: self.s == 'a'
          {rule: "self.m['x'] == 'a'"}                              | {m: {}} | spec: Invalid value: "object": no such key: x evaluating rule: self.m['x'] == 'a'
          {rule: "self.l[3] == 'a'"}                                | {l: [a]} | spec: Invalid value: "object": index out of bounds: 3 evaluating rule: self.l[3] == 'a'
          {rule: "1 / self.n == 1"}                                 | {n: 0} | spec: Invalid value: "object": division by zero evaluating rule: 1 / self.n == 1
          {rule: "self.port > 1"}                                   | {port: x} | spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.port > 1
          """)
  void fail(String rule, String spec, String expected) {
    assertThat(complaints(kind("[" + rule + "]"), thing(spec))).containsExactly(expected);
  }

  @Test
  @DisplayName("CRD-3 each place of a schema has its own self")
  void scopes() {
    CustomResource kind =
        CustomResource.compile(
            definition(
                """
                type: object
                properties:
                  name: {type: string, x-kubernetes-validations: [{rule: self.size() < 3, message: short}]}
                  list:
                    type: array
                    x-kubernetes-validations: [{rule: self.size() < 3, message: few}]
                    items: {type: integer, x-kubernetes-validations: [{rule: self > 0, message: positive}]}
                  map:
                    type: object
                    additionalProperties: {type: string, x-kubernetes-validations: [{rule: self != 'x', message: no x}]}
                """));
    assertThat(complaints(kind, thing("{name: abc, list: [1, 0, 2], map: {k: x}}")))
        .containsExactly(
            "spec.name: Invalid value: \"abc\": short",
            "spec.list: Invalid value: few",
            "spec.list[1]: Invalid value: 0: positive",
            "spec.map[k]: Invalid value: \"x\": no x");
  }

  @Test
  @DisplayName("CRD-3 rules at the root see name, generateName, kind and apiVersion")
  void root() {
    ObjectNode definition = definition("{type: object}");
    ((ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema"))
        .putArray("x-kubernetes-validations")
        .addObject()
        .put("rule", "self.metadata.name == 'b' && self.kind == 'Thing'")
        .put("message", "only b");
    assertThat(complaints(CustomResource.compile(definition), thing("{}")))
        .containsExactly("<nil>: Invalid value: only b");
  }

  @Test
  @DisplayName("CRD-3 transition rules are evaluated when there is an old value")
  void transitions() {
    CustomResource kind =
        CustomResource.compile(
            definition(
                """
                type: object
                properties:
                  fixed: {type: string, x-kubernetes-validations: [{rule: self == oldSelf, message: is immutable}]}
                  once: {type: string, x-kubernetes-validations: [{rule: "!oldSelf.hasValue() || self == oldSelf.value()", optionalOldSelf: true, message: once}]}
                  ports:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    items:
                      type: object
                      required: [name]
                      properties:
                        name: {type: string}
                        number: {type: integer, x-kubernetes-validations: [{rule: self >= oldSelf, message: grows}]}
                """));
    assertThat(complaints(kind, thing("{fixed: a, once: a}"))).isEmpty();
    assertThat(complaints(kind, thing("{fixed: b}"), Optional.of(thing("{}")))).isEmpty();
    assertThat(complaints(kind, thing("{fixed: b}"), Optional.of(thing("{fixed: a}"))))
        .containsExactly("spec.fixed: Invalid value: \"b\": is immutable");
    assertThat(complaints(kind, thing("{once: b}"), Optional.of(thing("{once: a}"))))
        .containsExactly("spec.once: Invalid value: \"b\": once");
    assertThat(
            complaints(
                kind,
                thing("{ports: [{name: b, number: 1}, {name: a, number: 2}]}"),
                Optional.of(thing("{ports: [{name: a, number: 3}]}"))))
        .containsExactly("spec.ports[1].number: Invalid value: 2: grows");
  }

  @Test
  @DisplayName("CRD-3 rules are not evaluated on an object whose types are wrong")
  void blocked() {
    assertThat(complaints(kind("[{rule: \"self.n > 5\"}]"), thing("{n: a}")))
        .containsExactly(
            "spec.n: Invalid value: \"string\": spec.n in body must be of type integer: \"string\"",
            "<nil>: Invalid value: null: some validation rules were not checked because the object"
                + " was invalid; correct the existing errors to complete validation");
  }

  @Test
  @DisplayName("CRD-4 an update may keep what a newer definition forbids")
  void ratcheting() {
    CustomResource kind =
        CustomResource.compile(
            definition(
                """
                type: object
                properties:
                  a: {type: string, maxLength: 1}
                  b: {type: string, x-kubernetes-validations: [{rule: self == 'x'}]}
                  c: {type: string}
                  l: {type: array, items: {type: string, maxLength: 1}}
                """));
    Optional<ObjectNode> old = Optional.of(thing("{a: long, b: y, l: [long]}"));
    assertThat(complaints(kind, thing("{a: long, b: y, c: new, l: [long]}"), old)).isEmpty();
    assertThat(complaints(kind, thing("{a: longer, b: z, l: [long, x]}"), old))
        .contains("spec.a: Too long: may not be more than 1 bytes")
        .contains("spec.l[0]: Too long: may not be more than 1 bytes");
    assertThat(complaints(kind, thing("{a: long, b: z, l: [long]}"), old))
        .containsExactly("spec.b: Invalid value: \"z\": failed rule: self == 'x'");
  }
}
