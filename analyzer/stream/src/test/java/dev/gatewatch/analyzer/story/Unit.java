package dev.gatewatch.analyzer.story;

/// The life of a systemd unit, as systemd and the unit's own processes write it to the journal.
record Unit(Story story, String host, String name) {
    private static final String STARTED = "39f53479d3a045ac8e11786248231fbf";
    private static final String STOPPING = "de5b426a63be47a7b6ac3eaac82e2f6f";
    private static final String STOPPED = "9d1aaa27d60140bd96365438aad20286";
    private static final String SUCCESS = "7ad2d189f7e94e70a38c781354912448";
    private static final String FAILED = "d9b373ed55a64feb8242e02dbe79a49c";
    private static final String START_FAILED = "be02cf6855d2428ba40df7e9d022f03d";
    private static final String EXITED = "98e322203f7a4ed290d09fe03c09fe15";
    private static final String RESTART = "5eb03494b6584870a536b337290809b3";
    private static final String RELOADED = "7b05ebc668384222baa8881179cfda54";

    /// `systemctl stop`.
    Story stops() {
        return stopped("stop");
    }

    /// The first half of `systemctl restart`; [#starts] is the second.
    Story stopsForRestart() {
        return stopped("restart");
    }

    private Story stopped(String job) {
        String jobType = "\"JOB_TYPE\":\"" + job + "\"";
        systemd(STOPPING, "Stopping " + name + " - A service...", jobType);
        systemd(SUCCESS, name + ": Deactivated successfully.", "");
        return systemd(STOPPED, "Stopped " + name + " - A service.", jobType + ",\"JOB_RESULT\":\"done\"");
    }

    Story starts() {
        return systemd(STARTED, "Started " + name + " - A service.", "\"JOB_TYPE\":\"start\",\"JOB_RESULT\":\"done\"");
    }

    Story reloads() {
        return systemd(
                RELOADED, "Reloaded " + name + " - A service.", "\"JOB_TYPE\":\"reload\",\"JOB_RESULT\":\"done\"");
    }

    /// What runs before the main process refuses to start it.
    Story startFails() {
        journal(name + ": Control process exited, code=exited, status=1/FAILURE", "");
        systemd(FAILED, name + ": Failed with result 'exit-code'.", "\"UNIT_RESULT\":\"exit-code\"");
        return systemd(
                START_FAILED,
                "Failed to start " + name + " - A service.",
                "\"JOB_TYPE\":\"start\",\"JOB_RESULT\":\"failed\"");
    }

    /// The main process ends by itself.
    Story exits(int status) {
        systemd(
                EXITED,
                name + ": Main process exited, code=exited, status=" + status + "/FAILURE",
                "\"EXIT_CODE\":\"exited\",\"EXIT_STATUS\":\"" + status + "\"");
        return systemd(FAILED, name + ": Failed with result 'exit-code'.", "\"UNIT_RESULT\":\"exit-code\"");
    }

    /// The main process is ended by a signal.
    Story isKilledBy(int signal, String signalName, String result) {
        String code = result.equals("core-dump") ? "dumped" : "killed";
        systemd(
                EXITED,
                name + ": Main process exited, code=" + code + ", status=" + signal + "/" + signalName,
                "\"EXIT_CODE\":\"" + code + "\",\"EXIT_STATUS\":\"" + signal + "\"");
        return systemd(FAILED, name + ": Failed with result '" + result + "'.", "\"UNIT_RESULT\":\"" + result + "\"");
    }

    Story restartIsScheduled(int counter) {
        return systemd(
                RESTART,
                name + ": Scheduled restart job, restart counter is at " + counter + ".",
                "\"N_RESTARTS\":\"" + counter + "\"");
    }

    /// `systemctl kill --signal=SIGSTOP`.
    Story isSuspended() {
        return journal(name + ": Sent signal SIGSTOP to main process 1336 (python3) on client request.", "");
    }

    /// systemd's watchdog was not told in time.
    Story isNotAlive() {
        return journal(name + ": Watchdog timeout (limit 4s)!", "");
    }

    Story isGivenUp() {
        return journal(name + ": Start request repeated too quickly.", "");
    }

    /// A line of one of the unit's processes.
    Story says(String message) {
        return says(message, 1336);
    }

    Story says(String message, int pid) {
        return story.journal(
                host, message, "\"_PID\":\"" + pid + "\",\"_COMM\":\"python3\",\"_SYSTEMD_UNIT\":\"" + name + "\"");
    }

    private Story systemd(String id, String message, String fields) {
        return journal(message, "\"MESSAGE_ID\":\"" + id + "\"" + (fields.isEmpty() ? "" : "," + fields));
    }

    private Story journal(String message, String fields) {
        return story.journal(
                host,
                message,
                "\"_PID\":\"1\",\"_COMM\":\"systemd\",\"SYSLOG_IDENTIFIER\":\"systemd\",\"UNIT\":\"" + name + "\""
                        + (fields.isEmpty() ? "" : "," + fields));
    }
}
