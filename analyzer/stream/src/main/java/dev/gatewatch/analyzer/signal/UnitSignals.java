package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Slice;

/// What systemd itself says about a service. The kind of an entry is its `MESSAGE_ID`; a few kinds have none
/// and are known by their text. Slices, scopes and mounts repeat what services say, so they are passed over.
///
/// See [sd-messages.h](https://github.com/systemd/systemd/blob/main/src/systemd/sd-messages.h).
final class UnitSignals {
    private static final Reading RESOURCES = new Reading.Ordinary("unit_resources");
    private static final Reading DEBUG = new Reading.Ordinary("unit_debug_noise");

    private UnitSignals() {}

    static Reading read(long at, JournalEntry entry) {
        String unit = entry.text(Field.UNIT);
        String id = id(entry);
        if (id.isEmpty() || !unit.endsWith(".service")) {
            return ordinary(entry);
        }
        if (isFirewall(unit)
                && (id.equals("unit_started") || id.equals("unit_stopped") || id.equals("unit_reloaded"))) {
            return new Reading.Says(new Signal.AppEvent("firewall_changed", at, unit, -1, id));
        }
        return new Reading.Says(new Signal.UnitEvent(
                id,
                at,
                unit,
                entry.text(Field.JOB_TYPE),
                result(entry),
                entry.text(Field.EXIT_CODE),
                entry.number(Field.EXIT_STATUS),
                entry.number(Field.N_RESTARTS)));
    }

    private static Reading ordinary(JournalEntry entry) {
        if (entry.is(Field.MESSAGE_ID, "ae8f7b866b0347b9af31fe1c80b127c0")) {
            return RESOURCES;
        }
        Slice message = entry.value(Field.MESSAGE);
        boolean debug = message.contains(": Changed ") && message.contains(" -> ");
        return debug ? DEBUG : Reading.Ordinary.NOISE;
    }

    private static String result(JournalEntry entry) {
        return entry.value(Field.UNIT_RESULT).isEmpty() ? entry.text(Field.JOB_RESULT) : entry.text(Field.UNIT_RESULT);
    }

    private static String id(JournalEntry entry) {
        return switch (entry.text(Field.MESSAGE_ID)) {
            case "7d4958e842da4a758f6c1cdc7b36dcc5" -> "unit_starting";
            case "39f53479d3a045ac8e11786248231fbf" -> "unit_started";
            case "be02cf6855d2428ba40df7e9d022f03d" -> "unit_start_failed";
            case "de5b426a63be47a7b6ac3eaac82e2f6f" -> "unit_stopping";
            case "9d1aaa27d60140bd96365438aad20286" -> "unit_stopped";
            case "d34d037fff1847e6ae669a370e694725" -> "unit_reloading";
            case "7b05ebc668384222baa8881179cfda54" -> "unit_reloaded";
            case "7ad2d189f7e94e70a38c781354912448" -> "unit_success";
            case "d9b373ed55a64feb8242e02dbe79a49c" -> "unit_failed";
            case "98e322203f7a4ed290d09fe03c09fe15" -> exited(entry);
            case "5eb03494b6584870a536b337290809b3" -> "unit_restart_scheduled";
            case "fe6faa94e7774663a0da52717891d8ef" -> "oom_unit_notice";
            case "d989611b15e44c9dbf31e3c81256e4ed" -> "oomd_unit";
            case "641257651c1b4ec9a8624d7a40a9e1e7" -> "spawn_failed";
            case "" -> textId(entry.value(Field.MESSAGE));
            default -> "";
        };
    }

    private static String exited(JournalEntry entry) {
        Slice message = entry.value(Field.MESSAGE);
        if (message.contains("Control process exited") || message.contains("control process exited")) {
            return "unit_control_exited";
        }
        return entry.is(Field.EXIT_CODE, "exited") ? "unit_main_exited" : "unit_main_exited_signal";
    }

    /// Kinds of entries that have no id of their own.
    private static String textId(Slice message) {
        if (message.endsWith(": Start request repeated too quickly.")) {
            return "unit_start_limit";
        }
        if (message.contains(": Watchdog timeout (limit ")) {
            return "unit_watchdog";
        }
        if (message.contains(": Sent signal SIGSTOP to ")) {
            return "unit_suspended";
        }
        boolean timeout = message.contains(" timed out. ") || message.endsWith(" timed out.");
        return timeout ? "unit_timeout" : "";
    }

    private static boolean isFirewall(String unit) {
        return switch (unit) {
            case "firewalld.service",
                    "ufw.service",
                    "nftables.service",
                    "iptables.service",
                    "netfilter-persistent.service" -> true;
            default -> false;
        };
    }
}
