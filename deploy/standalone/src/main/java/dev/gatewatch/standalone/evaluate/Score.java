package dev.gatewatch.standalone.evaluate;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.standalone.evaluate.Judgement.Answer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What all judgements come to.
///
/// A probability is calibrated if of all answers that were given it this share is right. The calibration error
/// is the mean, weighted by number, of the distances in the rows of the reliability table.
///
/// See [expected calibration error](https://arxiv.org/abs/1706.04599), section 2.
final class Score {
    private static final double[] EDGES = {0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.96, 1.01};

    private final List<Judgement> judgements;
    private final List<Answer> answers;
    private final List<Answer> given;

    Score(List<Judgement> judgements) {
        this.judgements = List.copyOf(judgements);
        answers = judgements.stream().flatMap(j -> j.found().stream()).toList();
        given = answers.stream().filter(answer -> answer.incident() != null).toList();
    }

    /// A row of the reliability table.
    record Bin(double from, double to, long answers, double confidence, double right) {}

    /// Share of the faults whose cause is right, 0 to 1.
    double cause() {
        return share(answers, Answer::rightCause);
    }

    /// Share of the faults whose variant is right too.
    double subCause() {
        return share(answers, Answer::rightSubCause);
    }

    /// Share of the answers called confirmed whose cause is right.
    double confirmedPrecision() {
        return share(
                given.stream()
                        .filter(a -> incident(a).verdict() == Incident.Verdict.CONFIRMED)
                        .toList(),
                Answer::rightCause);
    }

    /// Share of the answers that are right or say that they do not know.
    double rightOrAbstained() {
        return share(given, answer -> answer.rightCause() || answer.abstains());
    }

    /// The reliability table; rows without answers are left out.
    List<Bin> reliability() {
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i + 1 < EDGES.length; i++) {
            double from = EDGES[i];
            double to = EDGES[i + 1];
            List<Answer> in = given.stream()
                    .filter(a -> incident(a).confidence() >= from && incident(a).confidence() < to)
                    .toList();
            if (!in.isEmpty()) {
                double mean = in.stream()
                        .mapToDouble(a -> incident(a).confidence())
                        .average()
                        .orElseThrow();
                bins.add(new Bin(from, Math.min(1, to), in.size(), mean, share(in, Answer::rightCause)));
            }
        }
        return bins;
    }

    /// The expected calibration error, 0 to 1.
    double calibrationError() {
        double error = reliability().stream()
                .mapToDouble(bin -> bin.answers() * Math.abs(bin.confidence() - bin.right()))
                .sum();
        return given.isEmpty() ? 0 : error / given.size();
    }

    void print(PrintStream out) {
        printCauses(out);
        out.printf("%n%-24s %8s %12s %8s%n", "confidence", "answers", "mean", "right");
        for (Bin bin : reliability()) {
            out.printf(
                    "%.2f to %.2f %21d %12.3f %8.3f%n",
                    bin.from(), bin.to(), bin.answers(), bin.confidence(), bin.right());
        }
        long controls = judgements.stream().filter(Judgement::isControl).count();
        long quiet = judgements.stream()
                .filter(j -> j.isControl() && j.invented().isEmpty())
                .count();
        long invented = judgements.stream().mapToLong(j -> j.invented().size()).sum();
        long repeated = judgements.stream().mapToLong(j -> j.repeated().size()).sum();
        out.println();
        row(out, "cause", cause(), answers.size());
        row(out, "cause and variant", subCause(), answers.size());
        row(out, "culprit", share(answers, Answer::rightCulprit), answers.size());
        row(out, "confirmed and right", confirmedPrecision(), given.size());
        row(out, "right or abstained", rightOrAbstained(), given.size());
        out.printf("%-24s %8.3f%n", "calibration error", calibrationError());
        out.printf("%-24s %8d of %d%n", "controls quiet", quiet, controls);
        out.printf("%-24s %8d false, %d repeated%n", "incidents too many", invented, repeated);
        List<Duration> delays = given.stream()
                .map(Answer::delay)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        if (!delays.isEmpty()) {
            out.printf(
                    "%-24s %8.2f s median, %.2f s worst%n",
                    "first failure to incident",
                    delays.get(delays.size() / 2).toMillis() / 1e3,
                    delays.getLast().toMillis() / 1e3);
        }
    }

    private void printCauses(PrintStream out) {
        Map<String, List<Answer>> byCause = new TreeMap<>();
        answers.forEach(answer -> byCause.computeIfAbsent(answer.fault().cause(), cause -> new ArrayList<>())
                .add(answer));
        out.printf("%n%-24s %8s %12s %8s%n", "cause", "faults", "right cause", "variant");
        byCause.forEach((cause, all) -> out.printf(
                "%-24s %8d %12.3f %8.3f%n",
                cause, all.size(), share(all, Answer::rightCause), share(all, Answer::rightSubCause)));
    }

    private static void row(PrintStream out, String name, double share, int of) {
        out.printf("%-24s %8.3f of %d%n", name, share, of);
    }

    private static Incident incident(Answer answer) {
        return Objects.requireNonNull(answer.incident());
    }

    /// Which share of the answers is so; 1 if there are none.
    private static double share(List<Answer> all, Predicate<Answer> which) {
        return all.isEmpty() ? 1 : (double) all.stream().filter(which).count() / all.size();
    }
}
