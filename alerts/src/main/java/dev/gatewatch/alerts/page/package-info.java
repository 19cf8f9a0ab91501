/// The incident page, its live updates and the JSON API, on the JDK's HTTP server. All markup is made of
/// [Html], which text enters by escaping only. May use `board` and `events`.
@NullMarked
package dev.gatewatch.alerts.page;

import org.jspecify.annotations.NullMarked;
