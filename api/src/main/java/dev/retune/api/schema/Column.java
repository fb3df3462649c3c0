package dev.retune.api.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A column of {@code kubectl get}. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE})
@Repeatable(Column.All.class)
public @interface Column {
  String name();

  String type() default "string";

  String jsonPath();

  String description();

  /** Printed with {@code -o wide} only. */
  boolean wide() default false;

  /** Several columns, in the order of printing. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    Column[] value();
  }
}
