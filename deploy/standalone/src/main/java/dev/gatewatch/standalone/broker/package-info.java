/// A Kafka broker inside this process, for one host or a demonstration: nothing else has to be installed or
/// run.
@NullMarked
package dev.gatewatch.standalone.broker;

import org.jspecify.annotations.NullMarked;
