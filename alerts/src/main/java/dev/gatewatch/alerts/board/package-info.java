/// What is known of current and recent incidents, as immutable views. May use the contract of incidents.
@NullMarked
package dev.gatewatch.alerts.board;

import org.jspecify.annotations.NullMarked;
