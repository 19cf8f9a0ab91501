package dev.gatewatch.analyzer.explain;

import java.util.List;

/// How the lines of one source of a corpus were read.
///
/// @param right read as known
/// @param wrong not read, or otherwise than known
/// @param markedRight read as known, though something of the line is missing
/// @param markedUnread not read, which is no mistake since something of the line is missing
/// @param markedWrong read otherwise than known
/// @param notJudged of a source that nothing reads
public record CorpusScore(int right, int wrong, int markedRight, int markedUnread, int markedWrong, int notJudged) {
    /// No line yet.
    public static final CorpusScore NONE = new CorpusScore(0, 0, 0, 0, 0, 0);

    /// A line of a source that nothing reads.
    public static final CorpusScore NOT_JUDGED = new CorpusScore(0, 0, 0, 0, 0, 1);

    /// The score of one line.
    public static CorpusScore of(CorpusSample sample, Explanation found, List<CorpusSample.Difference> differences) {
        boolean right = differences.isEmpty();
        if (!sample.marked()) {
            return new CorpusScore(right ? 1 : 0, right ? 0 : 1, 0, 0, 0, 0);
        }
        boolean unread = right && found.signal() == null;
        return new CorpusScore(0, 0, right && !unread ? 1 : 0, unread ? 1 : 0, right ? 0 : 1, 0);
    }

    public CorpusScore plus(CorpusScore other) {
        return new CorpusScore(
                right + other.right,
                wrong + other.wrong,
                markedRight + other.markedRight,
                markedUnread + other.markedUnread,
                markedWrong + other.markedWrong,
                notJudged + other.notJudged);
    }

    public int lines() {
        return right + wrong + markedRight + markedUnread + markedWrong + notJudged;
    }

    /// Whether nothing was read otherwise than known.
    public boolean isClean() {
        return wrong == 0 && markedWrong == 0;
    }
}
