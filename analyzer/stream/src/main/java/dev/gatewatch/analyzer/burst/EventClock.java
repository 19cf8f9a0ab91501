package dev.gatewatch.analyzer.burst;

/// The time that a service's lines have reached. It follows the newest event, and goes on with the wall clock
/// when nothing comes, so that what is quiet ends; but an agent that catches up on old lines does not end
/// what these lines only now begin.
///
/// @param event newest event, milliseconds since 1970
/// @param wall wall clock when it was seen
public record EventClock(long event, long wall) {
    /// Not started.
    static final EventClock UNSET = new EventClock(0, 0);

    /// The time now.
    public long at(long wallNow) {
        return event + Math.max(0, wallNow - wall);
    }

    /// The clock for one who looks at it only since a moment of the wall clock: what passed before that while
    /// nobody read lines is no silence.
    ///
    /// @param newest newest event that is known, milliseconds since 1970
    EventClock since(long resumedAt, long newest) {
        return event == 0 || wall >= resumedAt ? this : new EventClock(Math.max(event, newest), resumedAt);
    }

    /// The clock after an event.
    EventClock after(long eventAt, long wallNow) {
        return event == 0 || eventAt > at(wallNow) ? new EventClock(Math.max(event, eventAt), wallNow) : this;
    }
}
