package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.service.ServiceReport;

/// The time that a service's lines have reached. It follows the newest event, and goes on with the wall clock
/// when nothing comes, so that what is quiet ends; but an agent that catches up on old lines does not end
/// what these lines only now begin.
///
/// That time passes while nothing is heard is only assumed. Lines that come after a while, newer than
/// all before and yet far behind, tell that it did not: an agent was away, or a file comes once in
/// some minutes. Then the clock goes back to them.
///
/// @param event event that the clock goes by, the one that came soonest, milliseconds since 1970
/// @param wall wall clock when it came
/// @param newest newest event
/// @param heard wall clock when that came
public record EventClock(long event, long wall, long newest, long heard) {
    /// Not started.
    static final EventClock UNSET = new EventClock(0, 0, 0, 0);

    /// So long nothing new is heard before the clock may go back, and so far behind lines are then,
    /// in milliseconds: longer than lines are usually on their way.
    private static final long AWAY_MILLIS = 30_000;

    public EventClock {
        newest = Math.max(newest, event); // states that were written before there were these two have none
        heard = Math.max(heard, wall);
    }

    /// The time now.
    public long at(long wallNow) {
        return Math.min(event + Math.max(0, wallNow - wall), wallNow + ServiceReport.AHEAD_MILLIS);
    }

    /// The clock for one who looks at it only since a moment of the wall clock: what passed before that while
    /// nobody read lines is no silence.
    ///
    /// @param known newest event that is known, milliseconds since 1970
    EventClock since(long resumedAt, long known) {
        return event == 0 || wall >= resumedAt
                ? this
                : new EventClock(Math.max(newest, known), resumedAt, newest, heard);
    }

    /// Whether nothing new was heard for a while.
    boolean isSilent(long wallNow) {
        return event != 0 && wallNow - heard >= AWAY_MILLIS;
    }

    /// The clock after a silence, before the lines that end it.
    ///
    /// @param first first of them that is newer than all before, milliseconds since 1970
    EventClock backTo(long first, long wallNow) {
        return first < at(wallNow) - AWAY_MILLIS ? new EventClock(first, wallNow, newest, heard) : this;
    }

    /// The clock after an event.
    EventClock after(long eventAt, long wallNow) {
        if (event == 0 || eventAt > at(wallNow)) {
            return new EventClock(Math.max(event, eventAt), wallNow, newest, heard);
        }
        return eventAt > newest ? new EventClock(event, wall, eventAt, wallNow) : this;
    }
}
