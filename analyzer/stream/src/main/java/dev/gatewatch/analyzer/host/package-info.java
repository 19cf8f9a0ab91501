/// What is known of each host: its facts, how its listeners changed, what happened on it. Pure and bounded;
/// the tables that every instance of the analyzer holds are built from it. May use `signal` and the contract
/// of host facts.
@NullMarked
package dev.gatewatch.analyzer.host;

import org.jspecify.annotations.NullMarked;
