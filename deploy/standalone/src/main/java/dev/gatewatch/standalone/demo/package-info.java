/// The demonstration: a recorded fault happens again, now, in front of the real agent, broker, analyzer and
/// alert service.
@NullMarked
package dev.gatewatch.standalone.demo;

import org.jspecify.annotations.NullMarked;
