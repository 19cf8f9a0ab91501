"""Makes one recording: healthy traffic, a fault, its repair, then all logs and the truth about them."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from hosts import ADDRESS, ROLE, run, unit_of

HERE = pathlib.Path(__file__).parent


def utc(t):
    return None if t is None else datetime.fromtimestamp(t, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class KernelLog:
    """Follows the machine's kernel log and remembers which host each process belongs to."""

    def __init__(self, lab, words):
        self.lab, self.words, self.records, self.pids, self.running = lab, words, [], {}, True
        self.file = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.file, 0, os.SEEK_END)
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while self.running:
            for host in self.lab.hosts.values():
                for pid, _ in host.processes():
                    for task in self.tasks(pid):
                        if task not in self.pids:
                            inner = self.inner(task)
                            if inner:
                                self.pids[task] = (host.name, inner)
            self.read()
            time.sleep(0.25)

    @staticmethod
    def tasks(pid):
        """The process and its threads: the kernel names the thread that failed."""
        try:
            return [int(task) for task in os.listdir(f"/proc/{pid}/task")]
        except OSError:
            return [pid]

    @staticmethod
    def inner(pid):
        try:
            with open(f"/proc/{pid}/status") as f:
                return int(next(line for line in f if line.startswith("NSpid:")).split()[2])  # machine, host, container in it
        except (OSError, StopIteration, IndexError):
            return None

    def read(self):
        while True:
            try:
                self.records.append(os.read(self.file, 8192).decode(errors="replace"))
            except BlockingIOError:
                return
            except BrokenPipeError:
                continue

    def close(self):
        self.running = False
        time.sleep(0.3)
        self.read()
        os.close(self.file)

    def of_hosts(self):
        """host name -> its records, with cgroup paths and process numbers as seen inside."""
        out, block = collections.defaultdict(list), None
        for record in self.records:
            text = record.split(";", 1)[1].split("\n")[0]
            if "invoked oom-killer" in text:
                block = []
            if block is not None:
                block.append(record)
                if "Killed process" in text or len(block) > 200:
                    owner = re.search(rf"memcg=/lab{self.lab.number}-(\w+)/", "".join(block))
                    if owner:
                        out[owner.group(1)] += [self.seen_inside(r) for r in block]
                    block = None
                continue
            owner = self.owner(text)
            if owner:
                out[owner].append(self.seen_inside(record))
        return out

    def owner(self, text):
        packet = re.search(r"\bMAC=([0-9a-f:]{17})", text)
        if packet:
            return next((h.name for h in self.lab.hosts.values() if h.mac == packet.group(1)), None)
        process = re.match(r"[^ :\[]+\[(\d+)\]: segfault|traps: [^ \[]+\[(\d+)\]", text)
        if process:
            self.last = self.pids.get(int(process.group(1) or process.group(2)), (None,))[0]
            return self.last
        if text.startswith("Code: "):
            return getattr(self, "last", None)
        return next((host for words, host in self.words.items() if words in text), None)

    def seen_inside(self, record):
        head, text = record.rstrip("\n").split(";", 1)
        text = re.sub(r"(Not tainted \d+\.\d+\.\d+)-\S+", r"\1", text.split("\n")[0])
        text = re.sub(rf"/lab{self.lab.number}-\w+(/(?:\w+\.slice|docker)\b)", r"\1", text)
        text = re.sub(r"(table full) in netns \d+", r"\1", text)
        text = re.sub(r"(?<=[\[ =])(\d+)(?=\]: segfault|\] +\d+ +\d+| Comm:|,uid=| \()|(?<=PID: )(\d+)",
                      lambda m: self.number(m), text)
        text = re.sub(r"^(\[ *\d+\] +\d+ +)(\d+)", lambda m: m.group(1) + str(self.pids.get(int(m.group(2)), (None, m.group(2)))[1]), text)
        return f"{head};{text}"

    def number(self, match):
        found = match.group(1) or match.group(2)
        return str(self.pids.get(int(found), (None, found))[1])


class Limit:
    """A memory limit for one unit, kept outside: processes of the unit are moved into the limited group as they appear."""

    def __init__(self, host, unit, megabytes):
        self.host, self.unit, self.running = host, unit, True
        self.group = host.cgroup("memory") / "system.slice" / unit
        self.group.mkdir(parents=True, exist_ok=True)
        (self.group / "memory.limit_in_bytes").write_text(f"{megabytes}M")
        threading.Thread(target=self.keep, daemon=True).start()

    def keep(self):
        source = self.host.cgroup() / "payload/system.slice" / self.unit / "cgroup.procs"
        while self.running:
            try:
                for pid in set(source.read_text().split()) - set((self.group / "cgroup.procs").read_text().split()):
                    (self.group / "cgroup.procs").write_text(pid)
            except OSError:
                pass
            time.sleep(0.03)

    def lift(self):
        self.running = False
        (self.group / "memory.limit_in_bytes").write_text("-1")


def inventory(host):
    """One snapshot of the listening sockets of a host."""
    listeners, units = [], {}
    for family, words in (("tcp", "-Hltnp"), ("unix", "-Hlxp")):
        for line in host.do(f"ss {words}").splitlines():
            fields = line.split(None, 5 if family == "tcp" else 8)
            if family == "tcp":
                state, recv, send, local = fields[:4]
            else:
                _, state, recv, send, local = fields[:5]
            found = re.findall(r'\("([^"]+)",pid=(\d+),fd=\d+\)', line)
            owners = []
            for comm, pid in dict.fromkeys(found):
                if pid not in units:
                    units[pid] = unit_of(host.do(f"cat /proc/{pid}/cgroup", check=False))
                owners.append({"comm": comm, "pid": int(pid), "unit": units[pid]})
            if family == "unix" and not any(o["unit"] in host.services for o in owners):
                continue
            listeners.append({"proto": family, "state": state, "local": local, "procs": owners, "recv_q": int(recv), "send_q": int(send)})
    snapshot = {"ts": utc(time.time()), "host": f"{host.name}.lab", "listeners": listeners}
    if host.runs_docker:
        add_containers(host, snapshot)
    return snapshot


def add_containers(host, snapshot):
    """What Docker says of its containers, and which of them is behind which socket; nothing while it does not answer."""
    found = json.loads(host.do("docker inspect $(docker ps -aq) 2>/dev/null || echo '[]'", check=False) or "[]")
    by_id, by_port = {}, {}
    for container in found:
        owner = {"id": container["Id"], "name": container["Name"].lstrip("/")}
        by_id[container["Id"]] = owner
        for binding in (b for bindings in (container["NetworkSettings"]["Ports"] or {}).values() for b in bindings or []):
            by_port[binding["HostPort"]] = owner
    for listener in snapshot["listeners"]:
        for process in listener["procs"]:
            of = re.search(r"docker[-/]([0-9a-f]{64})", host.do(f"cat /proc/{process['pid']}/cgroup", check=False))
            owner = by_id.get(of.group(1), {"id": of.group(1), "name": ""}) if of else by_port.get(listener["local"].rsplit(":", 1)[-1]) if process["comm"] == "docker-proxy" else None
            if owner:
                listener["container"] = owner
    snapshot["containers"] = [inside(host, container) for container in found]


def inside(host, container):
    """The state of a container, and the sockets in it that take connections."""
    state = container["State"]
    sockets = host.do(f"nsenter -t {state['Pid']} -n ss -Hltn", check=False) if state["Pid"] else ""
    return {"id": container["Id"], "name": container["Name"].lstrip("/"), "status": state["Status"], "exit_code": state["ExitCode"], "oom_killed": state["OOMKilled"],
            "error": state["Error"], "started_at": state["StartedAt"], "finished_at": state["FinishedAt"], "restarts": container["RestartCount"],
            "host_network": container["HostConfig"]["NetworkMode"] == "host",
            "published": [f"{b['HostIp']}:{b['HostPort']}->{port}" for port, bindings in (container["HostConfig"]["PortBindings"] or {}).items() for b in bindings or []],
            "listens": [line.split()[3] for line in sockets.splitlines()]}


class Recording:
    def __init__(self, lab, scenario, out):
        self.lab, self.s, self.out = lab, scenario, pathlib.Path(out) / scenario.name
        self.snapshots, self.watching = collections.defaultdict(list), True

    # ---- before

    def reset(self):
        for host in self.lab.hosts.values():
            if not host.leader:
                host.boot()
            for name in host.units:
                host.remove(f"/etc/default/{name}")
                shutil.rmtree(host.path(f"/etc/systemd/system/{name}.service.d"), ignore_errors=True)
            for file in host.path("/var/lib/shop").iterdir():
                file.unlink()
            host.do("iptables -F; iptables -t raw -F; ip6tables -F", check=False)
            host.do(f"ln -sf /usr/share/zoneinfo/{self.s.zone} /etc/localtime")
            for file, text in self.lab.site.files.get(host.name, {}).items():
                host.write(file, text)
        self.lab.edge1.write("/etc/nginx/nginx.conf", self.lab.site.nginx(self.lab.site, **self.s.nginx))
        self.lab.edge2.write("/etc/haproxy/haproxy.cfg", self.lab.site.haproxy(self.lab.site, **self.s.haproxy))
        stamp = "RSYSLOG_FileFormat" if self.s.iso else "RSYSLOG_TraditionalFileFormat"
        self.lab.edge2.write("/etc/rsyslog.d/10-stamp.conf", f"$ActionFileDefaultTemplate {stamp}\n")
        self.lab.edge2.systemctl("restart rsyslog")
        if self.s.setup:
            self.s.setup(self.lab)
        for host in self.lab.hosts.values():
            stop = "".join(f"systemctl stop {unit}; " for unit in self.lab.site.on_demand.get(host.name, []))
            host.do(f"systemctl daemon-reload; systemctl reset-failed; {stop}systemctl restart {' '.join(self.lab.site.units[host.name])}", check=False)
            host.run_containers()
        if self.s.prepare:
            self.s.prepare(self.lab)
        time.sleep((6 if self.s.haproxy.get("checks", True) else 3) + self.lab.site.settle)
        for name in ("edge1", *self.lab.site.inner):
            self.lab.hosts[name].do("rm -f /var/log/nginx/*.log.1; truncate -s 0 /var/log/nginx/*.log")
        self.lab.edge2.do("rm -f /var/log/haproxy.log.1; truncate -s 0 /var/log/haproxy.log")

    def start_traffic(self):
        streams = []
        for proxy in ("edge1", "edge2"):
            for service, (path, served_by) in self.lab.site.paths.items():
                if proxy not in served_by and (proxy, service) not in self.s.rates:
                    continue
                rate = self.s.rates.get((proxy, service), 0 if service in self.s.disturbed() else 0.5)
                patience = self.s.patience if (proxy, service) in self.s.rates else 30
                if rate:
                    streams.append(f"{proxy},{ADDRESS[proxy]},{path},{rate},{patience}")
        streams += self.s.streams
        self.clients = open(f"{self.lab.base}/clients.jsonl", "w+")
        self.traffic = subprocess.Popen(["ip", "netns", "exec", self.lab.switch, sys.executable, str(HERE / "traffic.py"), self.lab.site.server_name, *streams],
                                        stdout=self.clients, stderr=subprocess.DEVNULL)

    def watch(self):
        while self.watching:
            begin = time.time()
            for host in self.lab.hosts.values():
                try:
                    if host.leader:
                        self.snapshots[host.name].append(inventory(host))
                except (RuntimeError, OSError, ValueError):
                    pass
            while self.watching and time.time() < begin + 10:
                time.sleep(0.2)

    # ---- while

    def make(self):
        self.reset()
        kernel = KernelLog(self.lab, self.s.kernel)
        self.begin = time.time()
        self.start_traffic()
        watcher = threading.Thread(target=self.watch, daemon=True)
        watcher.start()
        try:
            self.play()
        finally:
            self.traffic.terminate()
            self.traffic.wait()
            self.watching = False
            watcher.join()
            kernel.close()
        self.end = time.time()
        self.collect(kernel)

    def play(self):
        """The fault at 0, the repair at the scenario's span, further steps in between or before."""
        zero = self.begin + self.s.healthy
        steps = sorted([*self.s.steps, (0, self.s.fault), (self.s.span, self.s.repair)], key=lambda step: step[0])
        for at, step in steps:
            time.sleep(max(0, zero + at - time.time()))
            if step is self.s.fault:
                self.fault_start = time.time()
            if step:
                step(self.lab)
            if step is self.s.repair and at == self.s.span:
                self.fault_end = time.time()
        time.sleep(self.s.tail)

    # ---- after

    def collect(self, kernel):
        shutil.rmtree(self.out, ignore_errors=True)
        records = kernel.of_hosts()
        boot = int((time.time() - time.clock_gettime(time.CLOCK_MONOTONIC)) * 1e6)
        for host in self.lab.hosts.values():
            folder = self.out / host.name
            folder.mkdir(parents=True)
            self.journal(host, folder / "journal.json")
            (folder / "kmsg.log").write_text("".join(r + "\n" for r in records.get(host.name, [])))
            (folder / "inventory.jsonl").write_text("".join(json.dumps(s) + "\n" for s in self.snapshots[host.name]))
            (folder / "meta.json").write_text(json.dumps(self.meta(host, boot), indent=1))
        edge1, edge2 = self.out / "edge1", self.out / "edge2"
        for name in ("edge1", *self.lab.site.inner):
            (self.out / name / "nginx").mkdir()
            for log in ("access.log", "error.log"):
                self.copy_log(name, f"/var/log/nginx/{log}", self.out / name / "nginx" / log)
        for name, conf in self.lab.site.inner.items():
            (self.out / name / "conf").mkdir()
            (self.out / name / "conf/nginx.conf").write_text(self.lab.site.files[name][conf])
        self.copy_log("edge2", "/var/log/haproxy.log", edge2 / "haproxy.log")
        (edge1 / "conf").mkdir()
        (edge2 / "conf").mkdir()
        (edge1 / "conf/nginx.conf").write_text(self.lab.site.nginx(self.lab.site, **self.s.nginx))
        (edge2 / "conf/haproxy.cfg").write_text(self.lab.site.haproxy(self.lab.site, **self.s.haproxy))
        (self.out / "truth.json").write_text(json.dumps(self.truth(), indent=1))

    def copy_log(self, name, log, to):
        """A log as a reader saw it that follows it through a rotation."""
        files = [self.lab.hosts[name].path(log + more) for more in (".1", "")]
        to.write_bytes(b"".join(file.read_bytes() for file in files if file.exists()))

    def journal(self, host, file):
        if host.leader:
            host.do("journalctl --sync", check=False)
        text = run("journalctl", "-D", host.path("/var/log/journal"), "-o", "json", "--all", "--no-pager",
                   f"--since=@{self.begin:.6f}", f"--until=@{self.end:.6f}", check=False)
        file.write_text("".join(line + "\n" for line in text.splitlines() if line.startswith("{")))

    def meta(self, host, boot):
        meta = {"host": f"{host.name}.lab", "role": ROLE.get(host.name, "app"), "address": host.address,
                "machine_id": host.path("/etc/machine-id").read_text().strip(), "timezone": self.s.zone, "utc_offset": datetime.now(ZoneInfo(self.s.zone)).strftime("%z"),
                "boot_time": utc(boot / 1e6), "boot_time_epoch_us": boot,
                "kmsg_time": "wall time of a kernel record = boot_time_epoch_us + its third field (microseconds); good to some 10 ms",
                "kmsg_pids": "process numbers were rewritten to those the host's own journal shows",
                "window": [utc(self.begin), utc(self.end)], "units": host.services,
                "ip_addr": json.loads(host.do("ip -j addr")) if host.leader else []}
        if host.name == "edge1":
            log = self.s.nginx.get("log", next(iter(self.lab.site.formats)))
            meta["nginx"] = {"version": "1.22.1", "access_log_format": log}
            if log in self.lab.site.formats:
                meta["nginx"][f"log_format_{log}"] = self.lab.site.formats[log]
        if host.name in self.lab.site.inner:
            meta["nginx"] = {"version": "1.22.1", "access_log_format": "combined"}
        if host.name == "edge2":
            meta["haproxy"] = {"version": "2.6.12", "log": self.s.haproxy.get("log", "httplog"), "health_checks": self.s.haproxy.get("checks", True), "lines_also_in_journal": f" {self.lab.site.frontend} " in (self.out / "edge2/journal.json").read_text(),
                               "syslog_timestamp": "ISO 8601 with zone" if self.s.iso else "traditional (no year, no zone)"}
        return meta

    def truth(self):
        self.clients.seek(0)
        asked = [json.loads(line) for line in self.clients.read().splitlines() if line.endswith("}")]
        bad = [a for a in asked if a["status"] and a["status"] in (502, 503, 504)]
        status = {p: dict(collections.Counter(str(a["status"]) for a in asked if a["proxy"] == p)) for p in ("edge1", "edge2")}
        access = (self.out / "edge1/nginx/access.log").read_text(errors="replace").splitlines()
        errors = (self.out / "edge1/nginx/error.log").read_text(errors="replace").splitlines()
        traffic = (self.out / "edge2/haproxy.log").read_text(errors="replace").splitlines()
        nginx = collections.Counter(next(filter(None, m.groups())) for m in (re.search(r'" (\d{3}) \d+ "|"status":(\d{3}),|" (\d{3}) \d+ |\bstatus=(\d{3}) |\|(\d{3})\|', line) for line in access) if m)
        tries = [m.groups() for m in (re.search(r" (\S+/\S+) \S+/\S+/\S+/\S+/\S+ (-?\d+) \S+ \S+ \S+ (\S{4}) ", line) for line in traffic) if m]
        haproxy = collections.Counter(code for _, code, _ in tries)
        nginx, haproxy = nginx or collections.Counter(status["edge1"]), haproxy or collections.Counter(status["edge2"])  # formats that are not read here: as the clients saw it
        upstreams = collections.Counter(m.group(1) for m in (re.search(r'upstream: "(\w+://(?:unix:[^:"]+|[^/"]+))', line) for line in errors) if m)

        def failed(counts):
            return {k: v for k, v in sorted(counts.items()) if k in ("502", "503", "504")}
        first = self.s.incidents[0] if self.s.incidents else {"cause": "none", "sub_cause": self.s.sub_cause, "upstreams": [], "culprit": None}
        guide = {"backend_down", "wrong_upstream", "backend_timeout", "firewall", "tls_mismatch", "app_crash"}
        moments = sorted(a["end"] for a in bad)
        return {"scenario": self.s.name, "cause": first["cause"], "guide_cause": first["cause"] if first["cause"] in guide else None,
                "sub_cause": first["sub_cause"], "expected_incidents": len(self.s.incidents), "incidents": self.s.incidents,
                "upstreams": first["upstreams"], "culprit": first["culprit"], "fault_start": utc(self.fault_start), "fault_end": utc(self.fault_end),
                "first_502": utc(min((a["end"] for a in bad if a["status"] == 502), default=None)),
                "first_5xx": utc(moments[0] if moments else None), "last_5xx": utc(moments[-1] if moments else None),
                "count_5xx": failed(nginx + haproxy), "count_5xx_by_proxy": {"edge1": failed(nginx), "edge2": failed(haproxy)},
                "notes": self.s.notes,
                "observed": {"nginx_status": dict(nginx), "haproxy_status": dict(haproxy), "client_status": status, "nginx_error_upstreams": dict(upstreams),
                             "haproxy_5xx": dict(collections.Counter(f"{server} {code} {flags}" for server, code, flags in tries if code in ("502", "503", "504")))},
                "recorded": [utc(self.begin), utc(self.end)], "acceptable": self.s.acceptable}
