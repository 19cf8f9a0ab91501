/// Everything that the operator of the alert service is told, as log lines and meters. May use Micrometer and
/// SLF4J.
@NullMarked
package dev.gatewatch.alerts.events;

import org.jspecify.annotations.NullMarked;
