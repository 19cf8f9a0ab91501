/// The alert service: reads incidents from their topic, tells Alertmanager and shows a page. This package
/// wires the parts; may use everything below it.
@NullMarked
package dev.gatewatch.alerts;

import org.jspecify.annotations.NullMarked;
