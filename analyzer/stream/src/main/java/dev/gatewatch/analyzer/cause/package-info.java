/// The catalogue of root causes: each cause looks at a burst and at the hosts around it, and says whether it
/// fits and what proves it. Pure. May use `burst`, `host`, `service` and `signal`.
@NullMarked
package dev.gatewatch.analyzer.cause;

import org.jspecify.annotations.NullMarked;
