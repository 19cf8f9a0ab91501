/// What an operator can see of an agent: one method per thing worth telling, each logs and counts once.
@NullMarked
package dev.gatewatch.agent.events;

import org.jspecify.annotations.NullMarked;
