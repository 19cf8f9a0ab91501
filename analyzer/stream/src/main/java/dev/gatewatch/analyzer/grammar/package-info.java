/// The grammars of log lines: bytes in, one record a line out. Uses nothing but java.base. What a record
/// means is the business of `signal`.
@NullMarked
package dev.gatewatch.analyzer.grammar;

import org.jspecify.annotations.NullMarked;
