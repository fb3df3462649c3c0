package dev.retune.api.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A validation rule of an object in a spec: an entry of {@code x-kubernetes-validations}
 * (KEP-2876). A status carries none, since nothing but the agent writes it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE})
@Repeatable(Rule.All.class)
public @interface Rule {
  String REQUIRED = "FieldValueRequired";
  String FORBIDDEN = "FieldValueForbidden";
  String INVALID = "FieldValueInvalid";

  /** A CEL expression over {@code self} that must be true. */
  String value();

  String message();

  String reason() default INVALID;

  /** The field that is wrong, as {@code .name}; empty for the object itself. */
  String fieldPath() default "";

  /** Several rules. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    Rule[] value();
  }
}
