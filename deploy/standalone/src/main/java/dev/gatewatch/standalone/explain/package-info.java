/// Lines in, what each of them means out.
@NullMarked
package dev.gatewatch.standalone.explain;

import org.jspecify.annotations.NullMarked;
