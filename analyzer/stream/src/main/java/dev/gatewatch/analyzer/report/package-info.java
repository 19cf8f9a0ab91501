/// From a diagnosis to an incident: wording, checks, runbook. Pure. May use `cause` and the contract of
/// incidents.
@NullMarked
package dev.gatewatch.analyzer.report;

import org.jspecify.annotations.NullMarked;
