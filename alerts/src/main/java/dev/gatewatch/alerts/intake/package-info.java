/// From the topic of incidents to the board. May use kafka-clients, `board` and `events`.
@NullMarked
package dev.gatewatch.alerts.intake;

import org.jspecify.annotations.NullMarked;
