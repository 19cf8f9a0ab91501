/// Which service a line is about: names from the proxies' configurations, and what belongs together. Pure.
/// May use `signal`, `host` and the contract of host facts.
@NullMarked
package dev.gatewatch.analyzer.service;

import org.jspecify.annotations.NullMarked;
