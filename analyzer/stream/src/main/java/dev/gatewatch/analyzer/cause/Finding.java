package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cause that fits, and why.
///
/// @param because one clause for a person: what happened, where and when
/// @param culpritHost where to repair, null if that is not known
/// @param culpritUnit the systemd unit there, or the container or pod; null if there is none or it is not known
/// @param proof what happened on hosts and proves it, oldest first; the proxies' own lines need not be listed
public record Finding(
        Cause.Id id,
        Strength strength,
        String because,
        @Nullable String culpritHost,
        @Nullable String culpritUnit,
        List<Proof> proof) {

    /// How strong the evidence is. Confidence follows from it.
    public enum Strength {
        /// Fits, and so do others.
        POSSIBLE(0.4),
        /// Fits, and is what it mostly is, but nothing speaks against others.
        PLAUSIBLE(0.6),
        /// Fits better than anything else, but the proof or the tie to the service is missing.
        LIKELY(0.88),
        /// A line proves it and is tied to the service.
        PROVED(0.97);

        private final double confidence;

        Strength(double confidence) {
            this.confidence = confidence;
        }

        /// Probability that a cause found with this strength is right, if no source was missing.
        public double confidence() {
            return confidence;
        }
    }

    /// Something that happened, and on which host.
    public record Proof(String host, HostEvent event) {}

    public Finding {
        proof = List.copyOf(proof);
    }

    /// A finding without culprit and proof.
    static Finding of(Cause.Id id, Strength strength, String because) {
        return new Finding(id, strength, because, null, null, List.of());
    }

    /// The finding with no more strength than fits without proof.
    Finding unproved() {
        Strength weaker = strength == Strength.PROVED ? Strength.LIKELY : strength;
        return new Finding(id, weaker, because, culpritHost, culpritUnit, proof);
    }

    /// The finding with the place to repair.
    Finding at(@Nullable String host, @Nullable String unit) {
        return new Finding(id, strength, because, host, unit, proof);
    }

    /// The finding with a server's host and unit as the place to repair, and proof from there.
    Finding at(Backend backend, List<HostEvent> events) {
        Finding there = at(backend.hostName(), backend.unit());
        return backend.host() == null ? there : there.provedBy(backend.host().name(), events);
    }

    /// The finding with the host alone as the place to repair, and none of its units.
    Finding onHost() {
        return at(culpritHost, null);
    }

    /// The finding, no stronger than this.
    Finding weakenedTo(Strength most) {
        return strength.compareTo(most) <= 0 ? this : new Finding(id, most, because, culpritHost, culpritUnit, proof);
    }

    Finding withProof(List<Proof> other) {
        return new Finding(id, strength, because, culpritHost, culpritUnit, other);
    }

    /// The finding with further proof.
    Finding provedBy(String host, List<HostEvent> events) {
        List<Proof> all = new ArrayList<>(proof);
        events.forEach(event -> all.add(new Proof(host, event)));
        return withProof(all);
    }
}
