package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which container or pod a runtime's line is about. Texts that the line does not give are empty.
///
/// @param id the container's id, hexadecimal, perhaps only its beginning
/// @param name the container's name
/// @param pod the pod, `namespace/name`
/// @param podUid the pod's uid
/// @param service the Service that has no endpoints, `namespace/name`
/// @param address the address that was probed, `ip:port`
/// @param exitCode what the container ended with, -1 if the line does not tell
record ContainerLine(String id, String name, String pod, String podUid, String service, String address, int exitCode) {
    private static final Pattern ID = Pattern.compile("(?<![0-9A-Za-z-])[0-9a-f]{12,64}(?![0-9A-Za-z-])");
    private static final Pattern NAME = Pattern.compile("[(, ]name=([^,)\\s]+)");
    private static final Pattern POD = Pattern.compile("\\bpod=\"([^\"/]+/[^\"]+)\"");
    private static final Pattern POD_OF_OLD =
            Pattern.compile("(?:probe for \"|\\bpod=|Pod \")([a-z0-9.-]+)_([a-z0-9-]+)\\(");
    private static final Pattern POD_UID = Pattern.compile("podUID=\"?([0-9a-f-]{32,36})");
    private static final Pattern SERVICE = Pattern.compile("Service \"([^\"/]+/[^\"]+)\"");
    private static final Pattern ADDRESS =
            Pattern.compile("(?:dial tcp |https?://)((?:[0-9.]{7,15}|\\[[0-9a-fA-F:]+]):\\d{1,5})");
    private static final Pattern EXIT =
            Pattern.compile("(?:exitCode=|ExitStatus:|exit_status:|exited with status )(\\d{1,3})");

    /// What the event's line names; empty if it is not about a container.
    static Optional<ContainerLine> of(HostEvent event) {
        return isOne(event) && event.signal() instanceof Signal.AppEvent said
                ? Optional.of(read(said.detail()))
                : Optional.empty();
    }

    /// Whether the event is about a container, be it one of whatever unit.
    static boolean isOne(HostEvent event) {
        return event.id().startsWith("container_") || event.id().startsWith("k8s_");
    }

    private static ContainerLine read(String text) {
        boolean word = text.indexOf(' ') < 0; // podman's events name the container and nothing else
        String id = first(ID, text, 0);
        Matcher old = POD_OF_OLD.matcher(text);
        String pod = first(POD, text, 1);
        String exit = first(EXIT, text, 1);
        return new ContainerLine(
                id,
                word && id.isEmpty() ? text : first(NAME, text, 1),
                pod.isEmpty() && old.find() ? old.group(2) + "/" + old.group(1) : pod,
                first(POD_UID, text, 1),
                first(SERVICE, text, 1),
                first(ADDRESS, text, 1),
                exit.isEmpty() ? -1 : Integer.parseInt(exit));
    }

    private static String first(Pattern pattern, String text, int group) {
        Matcher found = pattern.matcher(text);
        return found.find() ? found.group(group) : "";
    }
}
