/// From a diagnosis to an incident: wording, checks, runbook. Pure.
@NullMarked
package dev.gatewatch.analyzer.report;

import org.jspecify.annotations.NullMarked;
