package dev.gatewatch.program;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The value of a record component whose key is not in the file, as it would stand in the file:
/// `@Default("30s")`, `@Default("[127.0.0.1:9092]")`.
///
/// Components without it are required, except nested records (made of their own defaults), lists, sets and
/// maps (empty) and `@Nullable` ones (null).
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /// The value in YAML.
    String value();
}
