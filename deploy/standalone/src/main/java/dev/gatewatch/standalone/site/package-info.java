/// All of Gatewatch in one process: broker, analyzer, alert service and agents, started and stopped together.
@NullMarked
package dev.gatewatch.standalone.site;

import org.jspecify.annotations.NullMarked;
