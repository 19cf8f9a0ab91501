/// What an agent knows of its host beside log lines: addresses, sockets, units, and what the proxies'
/// configurations say. The two configuration parsers are pure functions from text, for whoever has a
/// configuration and no host.
@NullMarked
package dev.gatewatch.agent.facts;

import org.jspecify.annotations.NullMarked;
