/// How far each stream has been acknowledged, kept in the state directory so that a killed agent goes on
/// where it was.
@NullMarked
package dev.gatewatch.agent.checkpoint;

import org.jspecify.annotations.NullMarked;
