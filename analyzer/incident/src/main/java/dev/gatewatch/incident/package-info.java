/// The contract between the analyzer and everything that shows or forwards incidents: the incident, its JSON,
/// its topic. May use Jackson, nothing else.
@NullMarked
package dev.gatewatch.incident;

import org.jspecify.annotations.NullMarked;
