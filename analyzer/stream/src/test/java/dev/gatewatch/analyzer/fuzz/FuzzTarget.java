package dev.gatewatch.analyzer.fuzz;

import java.util.List;

/// Something that is given any bytes, and what holds of it whatever they are.
interface FuzzTarget {

    /// Fails if something does not hold.
    void check(byte[] input);

    /// Inputs to begin with.
    List<byte[]> seeds();

    /// Of so many executions that are asked for, this target is given one: it is so much slower than the
    /// others.
    default int share() {
        return 1;
    }
}
