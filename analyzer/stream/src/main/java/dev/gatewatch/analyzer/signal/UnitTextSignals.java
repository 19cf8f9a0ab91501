package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;

/// What systemd says about a unit, from the text alone, in the words of all its versions.
final class UnitTextSignals {
    private static final Reading ORDINARY = Reading.Ordinary.UNNAMED;
    private static final Reading RESOURCES = new Reading.Ordinary("unit_resources");
    private static final Reading DEBUG = new Reading.Ordinary("unit_debug_noise");

    private UnitTextSignals() {}

    static Reading read(long at, Slice text) {
        if (text.contains(" dumped core.")) {
            int pid = text.between("Process ", " ").number();
            return pid < 0 ? ORDINARY : new Reading.Says(new Signal.AppEvent("coredump", at, "", pid, ""));
        }
        Slice unit = unit(text);
        if (unit.isEmpty()) {
            return job(at, text);
        }
        Slice what = text.startsWith(unit.brief()) ? text.after(unit.length()) : text;
        String id = id(what);
        if (id.isEmpty()) {
            return ordinary(what);
        }
        Slice code = what.between("code=", " ").before(",");
        return says(
                id,
                at,
                unit,
                what.between("result '", "'"),
                code,
                what.between("status=", "/").before(" ").number());
    }

    private static Reading ordinary(Slice what) {
        if (what.startsWith(": Consumed ")) {
            return RESOURCES;
        }
        return what.startsWith(": Changed ") && what.contains(" -> ") ? DEBUG : ORDINARY;
    }

    /// `Started NAME - DESCRIPTION.`, where the name is missing up to 248.
    private static Reading job(long at, Slice text) {
        String id = switch (text.before(" ").brief()) {
            case "Starting" -> "unit_starting";
            case "Started", "Finished" -> "unit_started";
            case "Stopping" -> "unit_stopping";
            case "Stopped" -> "unit_stopped";
            case "Reloading" -> "unit_reloading";
            case "Reloaded" -> "unit_reloaded";
            default -> text.startsWith("Failed to start ") ? "unit_start_failed" : "";
        };
        boolean whole = text.endsWith(".") || text.endsWith("…");
        if (id.isEmpty() || !whole) {
            return ORDINARY;
        }
        Slice name = text.after(text.indexOf(' ', 0) + 1).before(" - ");
        return says(id, at, name.endsWith(".service") ? name : Slice.EMPTY, Slice.EMPTY, Slice.EMPTY, -1);
    }

    private static String id(Slice what) {
        if (what.startsWith(": Main process exited, code=exited")
                || what.startsWith(": main process exited, code=exited")) {
            return "unit_main_exited";
        }
        if (what.startsWith(": Main process exited,") || what.startsWith(": main process exited,")) {
            return "unit_main_exited_signal";
        }
        if (what.startsWith(": Control process exited,") || what.startsWith(": control process exited,")) {
            return "unit_control_exited";
        }
        if (what.startsWith(": Failed with result '") || what.contains("ntered failed state.") || what.is(" failed.")) {
            return "unit_failed";
        }
        if (what.contains("cheduled restart job") || what.contains("scheduling restart")) {
            return "unit_restart_scheduled";
        }
        if (what.contains("tart request repeated too quickly")) {
            return "unit_start_limit";
        }
        if (what.startsWith(": A process of this unit has been killed by the OOM killer")) {
            return "oom_unit_notice";
        }
        if (what.startsWith(": systemd-oomd killed ")) {
            return "oomd_unit";
        }
        if (what.startsWith(": Watchdog timeout ")) {
            return "unit_watchdog";
        }
        if (what.startsWith(": Failed at step ")) {
            return "spawn_failed";
        }
        if (what.startsWith(": Deactivated successfully") || what.startsWith(": Succeeded.")) {
            return "unit_success";
        }
        return what.contains(" timed out. ") ? "unit_timeout" : "";
    }

    /// `NAME: …`, `NAME failed.`, `NAME holdoff …`, `Unit NAME entered …`, `… too quickly for NAME`
    private static Slice unit(Slice text) {
        String tooQuickly = "start request repeated too quickly for ";
        Slice named = text.startsWith(tooQuickly) ? text.after(tooQuickly.length()) : text;
        named = named.startsWith("Unit ") ? named.after("Unit ".length()) : named;
        Slice word = named.before(" ");
        word = word.endsWith(":") ? word.sub(0, word.length() - 1) : word;
        boolean isUnit = word.endsWith(".service") || word.endsWith(".slice") || word.endsWith(".scope");
        return isUnit ? word : Slice.EMPTY;
    }

    private static Reading says(String id, long at, Slice unit, Slice result, Slice exit, int status) {
        return new Reading.Says(
                new Signal.UnitEvent(id, at, unit.brief(), "", result.brief(), exit.brief(), status, -1));
    }
}
