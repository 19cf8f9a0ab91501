/// From the board to every Alertmanager: one alert for each service that has an incident, sent again and
/// again by a loop per Alertmanager. May use `board` and `events`.
@NullMarked
package dev.gatewatch.alerts.alertmanager;

import org.jspecify.annotations.NullMarked;
