/// What a line means, for a person who has nothing but the line. Pure. May use `signal` and `grammar`.
@NullMarked
package dev.gatewatch.analyzer.explain;

import org.jspecify.annotations.NullMarked;
