/// When failures of a service are both enough and unusual, and when they are over. Pure: state and report in,
/// state out; time is an argument. May use `service` and `signal`.
@NullMarked
package dev.gatewatch.analyzer.burst;

import org.jspecify.annotations.NullMarked;
