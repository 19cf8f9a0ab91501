/// Gatewatch for the one host that it runs on.
@NullMarked
package dev.gatewatch.standalone.host;

import org.jspecify.annotations.NullMarked;
