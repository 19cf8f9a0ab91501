package dev.gatewatch.analyzer.burst.simulation;

/// What tells that requests fail.
interface SimulatedAlarm {

    /// A second is over.
    void second(long second, SimulatedTraffic.Second happened);

    boolean isFiring();

    /// One in the same state, for a day that goes on differently.
    SimulatedAlarm copy();
}
