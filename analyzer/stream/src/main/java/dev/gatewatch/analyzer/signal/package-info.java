/// What a line says, in terms of proxies, upstreams and hosts: the vocabulary of everything after parsing.
/// May use `grammar` and the line contract.
@NullMarked
package dev.gatewatch.analyzer.signal;

import org.jspecify.annotations.NullMarked;
