package dev.gatewatch.analyzer.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stamps as they stand in lines, and the moments that they mean.
class StampTest {
    private static Cursor over(String text) {
        return Slice.of(text).cursor();
    }

    private static Instant instant(Stamp stamp, String offset, String readAt) {
        return Instant.ofEpochMilli(stamp.millis(ZoneOffset.of(offset), Instant.parse(readAt)));
    }

    @ParameterizedTest
    @CsvSource({
        "2026/11/22 13:52:29, +00:00, 2026-11-22T13:52:29Z",
        "2026/11/22 13:52:29, +05:30, 2026-11-22T08:22:29Z",
        "2026/11/22 13:52:29, -03:30, 2026-11-22T17:22:29Z",
        "2026/12/31 23:59:59, -01:00, 2027-01-01T00:59:59Z",
        "2028/02/29 12:00:00, +00:00, 2028-02-29T12:00:00Z",
        "2016/12/31 23:59:60, +00:00, 2017-01-01T00:00:00Z"
    })
    void a_stamp_without_zone_is_the_hosts(String text, String offset, String moment) {
        assertThat(instant(Stamp.slashed(over(text)), offset, "2026-11-22T14:00:00Z"))
                .isEqualTo(Instant.parse(moment));
    }

    @ParameterizedTest
    @CsvSource({
        "Dec 31 23:59:58, +00:00, 2027-01-01T00:00:10Z, 2026-12-31T23:59:58Z",
        "Jan  1 00:00:02, +00:00, 2026-12-31T23:59:59Z, 2027-01-01T00:00:02Z",
        "Dec 31 23:59:58, +02:00, 2026-12-31T22:00:01Z, 2026-12-31T21:59:58Z",
        "Jan  1 00:30:00, +02:00, 2026-12-31T22:31:00Z, 2026-12-31T22:30:00Z",
        "Dec 31 20:00:00, -08:00, 2027-01-01T04:00:05Z, 2027-01-01T04:00:00Z",
        "Feb 29 12:00:00, +00:00, 2028-03-01T00:00:00Z, 2028-02-29T12:00:00Z",
        "Dec 31 23:59:60, +00:00, 2017-01-01T00:00:05Z, 2017-01-01T00:00:00Z",
        "Nov  2 01:02:03, +00:00, 2026-11-22T14:00:00Z, 2026-11-02T01:02:03Z"
    })
    void a_stamp_without_year_is_of_the_year_that_is_nearest(String text, String offset, String readAt, String moment) {
        assertThat(instant(Stamp.syslog(over(text)), offset, readAt)).isEqualTo(Instant.parse(moment));
    }

    @ParameterizedTest
    @CsvSource({
        "22/Nov/2026:13:55:15.981, 2026-11-22T11:55:15.981Z",
        "22/Nov/2026:13:55:15 +0000, 2026-11-22T13:55:15Z",
        "22/Nov/2026:13:55:15 -0330, 2026-11-22T17:25:15Z",
        "31/Dec/2016:23:59:60 +0000, 2017-01-01T00:00:00Z"
    })
    void a_stamp_in_brackets_may_have_a_zone(String text, String moment) {
        assertThat(instant(Stamp.common(over(text)), "+02:00", "2026-11-22T14:00:00Z"))
                .isEqualTo(Instant.parse(moment));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T13:52:29.123456+01:00, 2026-11-22T12:52:29.123Z",
        "2026-11-22T13:52:29+0100, 2026-11-22T12:52:29Z",
        "2026-11-22T13:52:29Z, 2026-11-22T13:52:29Z",
        "'2026-11-22 13:52:29,5', 2026-11-22T11:52:29.500Z",
        "2026-11-22T13:52:29.123456789012345678901234567890Z, 2026-11-22T13:52:29.123Z"
    })
    void a_stamp_by_iso_8601_may_have_a_zone_and_a_fraction(String text, String moment) {
        assertThat(instant(Stamp.iso(over(text)), "+02:00", "2026-11-22T14:00:00Z"))
                .isEqualTo(Instant.parse(moment));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-32T00:00:00Z",
                "2026-01-00T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T00:60:00Z",
                "2026-01-01T00:00:61Z",
                "2026-01-01T00:00:00+19:00",
                "2026-01-01T00:00:00+01:60",
                "2026-01-01",
                "99999-01-01T00:00:00Z",
                ""
            })
    void what_no_clock_shows_is_no_stamp(String text) {
        Cursor line = over(text);
        Stamp.iso(line);
        assertThat(line.malformed()).isTrue();
    }

    /// A clock that was not set when the line was written.
    @ParameterizedTest
    @ValueSource(strings = {"1970/01/01 00:00:07", "0001/01/01 00:00:00", "2000/12/31 00:00:00"})
    void a_stamp_from_before_the_programs_were_written_is_the_readers(String text) {
        assertThat(instant(Stamp.slashed(over(text)), "+00:00", "2026-11-22T14:00:00Z"))
                .isEqualTo(Instant.parse("2026-11-22T14:00:00Z"));
    }

    @Test
    void seconds_since_1970_are_a_stamp() {
        assertThat(instant(Stamp.ofEpochSecond(1_795_373_852), "+05:00", "2026-11-22T14:00:00Z"))
                .isEqualTo(Instant.ofEpochSecond(1_795_373_852));
        assertThat(Stamp.ofEpochSecond(-1)).isEqualTo(Stamp.NONE);
        assertThat(instant(Stamp.ofEpochSecond(Long.MAX_VALUE), "+00:00", "2026-11-22T14:00:00Z"))
                .isAfter(Instant.parse("9999-12-30T00:00:00Z"));
    }
}
