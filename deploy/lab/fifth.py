"""The fifth set: faults of the harbour, written without a look at the rules, to measure how far they reach. Causes have the names that incidents have."""
import time

from fourth import NO_RETRY, nft, no_nft
from harbour import CERTIFICATES, HARBOUR, tls, verified
from hosts import CLIENTS
from record import Limit
from scenario import Catalogue, at1, at2, ha, incident, ng
from third import HOSTS, ROTATE, rules, silent, unconfigure
from verbs import (behave, both, calm, connections_tracked, deploy, do, dropin, environment, haproxy_with, host_down, host_up, isolate, kill_main, limit, name_server,
                   nginx_with, no_firewall, nothing, pause, restart, runtime, start, stop, switch, unlimit)

FIFTH = Catalogue(HARBOUR)
APP1, APP2, APP3 = "10.85.0.21", "10.85.0.22", "10.85.0.23"
BERTHS = [f"{host}:6201" for host in (APP1, APP2, APP3)]
PILOTS1, PILOTS2, TIDES, CARGO, CUSTOMS, CRANE, MANIFESTS = f"{APP1}:6330", f"{APP2}:6330", f"{APP1}:9615", f"{APP2}:9711", f"{APP3}:7443", f"{APP3}:6640", f"{APP2}:6888"
FERRY, GATES = "unix:/run/ferry/gunicorn.sock", "unix:/run/gates.sock"

N_BERTH1, N_BERTHS12, N_BERTHS23 = ng("berth_ring", BERTHS[0]), ng("berth_ring", *BERTHS[:2]), ng("berth_ring", *BERTHS[1:])
N_PILOTS1, N_PILOTS2, N_TIDES, N_CARGO, N_CUSTOMS = ng("pilot-station", PILOTS1), ng("pilot-station", PILOTS2), ng("tide.tables", TIDES), ng("cargo_hold", CARGO), ng("customs_house", CUSTOMS)
N_CRANE, N_MANIFESTS, N_FERRY = ng("cranes", CRANE), ng("manifest-desk", MANIFESTS), ng("ferry_uds", FERRY)
H_BERTHS, H_BERTH1 = ha("hp_berths", q1=BERTHS[0], q2=BERTHS[1], q3=BERTHS[2]), ha("hp_berths", q1=BERTHS[0])
H_PILOTS1, H_PILOTS2, H_TIDES, H_CARGO, H_CUSTOMS = ha("hp_pilots", p1=PILOTS1), ha("hp_pilots", p2=PILOTS2), ha("hp_tides", t1=TIDES), ha("hp_cargo", hold=CARGO), ha("hp_customs", toll=CUSTOMS)
H_CRANE, H_MANIFESTS, H_GATES = ha("hp_cranes", jib=CRANE), ha("hp_manifests", desk=MANIFESTS), ha("hp_gates", local=GATES)

NO, COMBINED, TIMED, KV, JSON = {"checks": False}, {"log": "combined"}, {"log": "timed"}, {"log": "kv"}, {"log": "json"}
CHATHAM, CAIRO, CARACAS = "Pacific/Chatham", "Africa/Cairo", "America/Caracas"
BERTH1, H_ONE_BERTH = {"upstreams": {"berth_ring": [f"server {BERTHS[0]}"]}}, {"backends": {"hp_berths": {"q1": BERTHS[0]}}}
PILOTS1_ONLY, PILOTS2_ONLY = {"upstreams": {"pilot-station": [f"server {PILOTS1}"]}}, {"upstreams": {"pilot-station": [f"server {PILOTS2}"]}}
H_ONE_PILOT = {"backends": {"hp_pilots": {"p1": PILOTS1}}}
TWO_TRIES = {"upstreams": {"berth_ring": [f"server {a} max_fails=0" for a in BERTHS]}, "server": "    proxy_next_upstream_tries 2;\n"}  # what two broken servers of three spoil is masked by half
KEPT = {"upstreams": {"berth_ring": [f"server {BERTHS[0]}", "keepalive 8"], "pilot-station": [f"server {PILOTS1}", "keepalive 8"]}, "server": '    proxy_set_header Connection "";\n'}
LATE = "[Service]\nRestartSec=9\n"
APP2_HAS = ("berths", "pilots", "cargo", "manifests")


class SliceLimit(Limit):
    """A memory limit for a slice, kept outside: the units' processes are moved into groups below that of the slice."""

    def __init__(self, host, units, megabytes):
        self.parts = [SlicePart(host, f"harbour.slice/{unit}.service") for unit in units]
        self.group = self.parts[0].group.parent
        (self.group / "memory.limit_in_bytes").write_text(f"{megabytes}M")

    def lift(self):
        for part in self.parts:
            part.running = False
        (self.group / "memory.limit_in_bytes").write_text("-1")


class SlicePart(Limit):
    def __init__(self, host, path):
        for folder in ("system.slice", path):
            (host.cgroup("memory") / folder).mkdir(parents=True, exist_ok=True)
        super().__init__(host, f"../{path}", 4096)


def slice_limit(host, megabytes, *units):
    def go(lab):
        lab.limit = SliceLimit(lab.hosts[host], units, megabytes)
    return go


def socket_unit(host, unit, text):
    """Other words for a socket of systemd, and a restart of both."""
    folder = f"/etc/systemd/system/{unit}.socket.d"
    change = f"mkdir -p {folder}; printf '[Socket]\\n{text}' > {folder}/lab.conf" if text else f"rm -rf {folder}"
    return do(host, f"{change}; systemctl daemon-reload; systemctl stop {unit}.socket {unit}; systemctl reset-failed {unit}.socket {unit}; systemctl start {unit}.socket {unit}")


def issued(begin, end):
    """A certificate for customs that is valid from and until so many seconds from now; the service is started with it."""
    def go(lab):
        at = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + s)) for s in (begin, end)]
        lab.app3.do("cd /etc/ssl/lab && mkdir -p harbour/brief && cp harbour/customs/server.key harbour/brief && openssl req -new -key harbour/brief/server.key -subj /CN=customs.harbour.lab "
                    "-addext subjectAltName=DNS:customs.harbour.lab -out /tmp/request.pem && openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in /tmp/request.pem "
                    f"-out harbour/brief/server.pem -startdate {at[0]} -enddate {at[1]} && chmod -R a+rX harbour/brief")
        deploy("app3", "customs", CERTIFICATE=f"{CERTIFICATES}/brief")(lab)
    return go


def spool(host, unit, **more):
    """A small file system in which the unit notes its visits."""
    return both(do(host, f"umount /var/spool/{unit} 2>/dev/null; mkdir -p /var/spool/{unit}; mount -t tmpfs -o size=1m,mode=1777 tmpfs /var/spool/{unit}"), environment(host, unit, SPOOL=f"/var/spool/{unit}", **more))


def spool_full(host, unit):
    return do(host, f"dd if=/dev/zero of=/var/spool/{unit}/core.dump bs=64k 2>/dev/null")


def spool_freed(host, unit):
    return do(host, f"rm /var/spool/{unit}/core.dump")


def neighbour_oom(host):
    """A unit that no proxy asks for is killed by the kernel for its memory, again and again."""
    return both(limit(host, "sonar", 40), behave(host, "archiver", leak=5))


def neighbour_spared(host):
    return both(calm(host, "archiver"), unlimit)


def berths(*hosts, **how):
    return both(*(behave(host, "berths", **how) if how else calm(host, "berths") for host in hosts or HOSTS))


def fault(name, cause, sub_cause, upstreams, culprit, how, repair, rates, **more):
    """A scenario with one incident; the culprit is HOST or HOST/UNIT."""
    FIFTH.add(name, how, repair, [incident(cause, sub_cause, upstreams, *culprit.split("/"))], rates, **{"healthy": 14, "span": 15, "tail": 9, **more})


# ---- backend_down

fault("crane-socket-unit-stopped", "backend_down", "clean_stop", H_CRANE, "app3/crane", do("app3", "systemctl stop crane.socket crane"), do("app3", "systemctl start crane.socket crane"), at2("crane", 4), haproxy={**NO, "log": "kv"},
      notes="a service behind a socket of systemd: both stopped")
fault("cargo-goes-with-its-ledger", "backend_down", "clean_stop", H_CARGO, "app2/cargo", stop("app2", "ledger"), do("app2", "systemctl start ledger cargo"), at2("cargo", 1), setup=dropin("app2", "cargo", "[Unit]\nBindsTo=ledger.service\nAfter=ledger.service\n"),
      haproxy={"socket": "/dev/log"}, span=25, zone=CAIRO, notes="the operator stops the ledger, to which cargo is bound: systemd stops both; one request a second")
NIGHT = "printf '[Unit]\\nDescription=Night shift\\nRequires=basic.target\\nAllowIsolate=yes\\n' > /etc/systemd/system/night.target; systemctl daemon-reload; "
fault("pilots-isolated-away", "backend_down", "clean_stop", N_PILOTS2, "app2/pilots", do("app2", NIGHT + "systemctl isolate night.target"), do("app2", "systemctl isolate multi-user.target; rm /etc/systemd/system/night.target; systemctl daemon-reload"),
      {**silent(*APP2_HAS), **at1("pilots", 6)}, nginx={**PILOTS2_ONLY, **JSON}, notes="systemctl isolate of a target that wants none of the services of that host")
fault("tides-stopped-as-the-recording-begins", "backend_down", "clean_stop", N_TIDES, "app1/tides", stop("app1", "tides"), start("app1", "tides"), at1("tides", 5), nginx=COMBINED, healthy=0.6, span=24, notes="stopped half a second after the recording begins: no healthy time is seen")
fault("cargo-stopped-before-the-recording", "backend_down", "clean_stop", H_CARGO, "app2/cargo", nothing, start("app2", "cargo"), at2("cargo", 3), prepare=stop("app2", "cargo"), healthy=0.6, span=26, haproxy={"log": "clf"},
      notes="stopped 8 s before the recording begins: the line about it isn't there, nobody listens on 9711")
fault("berths-two-of-three-stopped-two-tries", "backend_down", "clean_stop", N_BERTHS23, "app2/berths", both(stop("app2", "berths"), stop("app3", "berths")), both(start("app2", "berths"), start("app3", "berths")), at1("berths", 9), nginx={**TWO_TRIES, **TIMED}, span=18,
      notes="two of three stopped, nginx tries two servers for a request: a part is saved")
fault("crane-starts-behind-its-open-socket", "backend_down", "deploy_restart", H_CRANE, "app3/crane", both(dropin("app3", "crane", "[Service]\nExecStartPre=/usr/bin/sleep 13\n", True), do("app3", "systemctl --no-block restart crane")), unconfigure("app3", "crane"), at2("crane", 4),
      haproxy={"server": "2s"}, span=17, acceptable=["backend_timeout"], notes="systemctl restart with a migration of 13 s before the start; systemd's socket takes the connections meanwhile, so haproxy waits for answers; acceptable: they only show as timeouts")
fault("tides-killed-by-its-start-timeout", "backend_down", "never_started", N_TIDES, "app1/tides", both(dropin("app1", "tides", "[Service]\nType=notify\nTimeoutStartSec=5\n", True), do("app1", "systemctl --no-block restart tides")), unconfigure("app1", "tides"), at1("tides", 5),
      nginx=KV, span=32, acceptable=["app_crash"], notes="deployed as Type=notify though it never notifies: it answers, and systemd ends it every 5 s because its start did not finish; acceptable: ended and started again and again")
fault("pilots-not-executable", "backend_down", "never_started", H_PILOTS1, "app1/pilots", do("app1", "chmod 644 /opt/rail/seats; systemctl restart pilots"), do("app1", "chmod 755 /opt/rail/seats; systemctl reset-failed pilots; systemctl restart pilots"), at2("pilots", 0.8),
      setup=dropin("app1", "pilots", "[Service]\nRestartSec=40\n"), haproxy={**NO, **H_ONE_PILOT, "log": "long"}, span=28, notes="deployed without the right to execute it: 203/EXEC; 0.8 requests a second")
fault("cargo-weight-nought", "backend_down", "maintenance", H_CARGO, "edge2/haproxy", runtime("set server hp_cargo/hold weight 0"), runtime("set server hp_cargo/hold weight 100%"), at2("cargo", 5), haproxy={"log": "kv"}, notes="the weight of the only server is set to 0 through the stats socket; haproxy logs nothing about it")
fault("berths-check-expects-204", "backend_down", "health_check_failing", H_BERTHS, "edge2/haproxy", haproxy_with(lines={"hp_berths": ["http-check expect status 204"]}), haproxy_with(), at2("berths", 9), notes="after a reload the check wants 204, the servers answer 200 as before: all three taken out")
fault("manifests-checked-on-another-port", "backend_down", "health_check_failing", H_MANIFESTS, "edge2/haproxy", haproxy_with(backends={"hp_manifests": {"desk": f"{MANIFESTS} port 6889"}}, log="kv"), haproxy_with(log="kv"), at2("manifests", 5), haproxy={"log": "kv"},
      acceptable=["wrong_upstream"], notes="after a reload the check asks port 6889, where nobody listens; the service works; acceptable: a wrong port in the proxy's configuration, though only the check's")
fault("ferry-folder-swept-by-a-sibling", "backend_down", "unix_socket_missing", N_FERRY, "edge1/ferry", do("edge1", "systemd-run --quiet --unit=ferry-report -p RuntimeDirectory=ferry -p User=shop /bin/echo report written"), nothing, at1("ferry", 5), nginx=TIMED, span=18, tail=3,
      notes="a report with the same RuntimeDirectory ends, systemd removes the folder with the socket; the service runs on, and nobody repairs it")

# ---- wrong_upstream

NAMED = {"backends": {"hp_tides": {"t1": "tides.harbour.lab:9615"}}}
HOSTS_FILE = lambda address: do("edge2", f"sed '/tides.harbour.lab/d' /etc/hosts > /tmp/hosts; echo {address} tides.harbour.lab >> /tmp/hosts; cat /tmp/hosts > /etc/hosts")
fault("tides-name-moved-in-hosts", "wrong_upstream", "wrong_host", ha("hp_tides", t1=f"{APP3}:9615"), "edge2/haproxy", both(HOSTS_FILE(APP3), do("edge2", "systemctl reload haproxy")), both(HOSTS_FILE(APP1), do("edge2", "systemctl reload haproxy")),
      at2("tides", 5), setup=HOSTS_FILE(APP1), haproxy={**NAMED, **NO}, notes="/etc/hosts of haproxy's host sends the server's name to a host that does not serve it, then a reload of an unchanged haproxy.cfg")
fault("crane-listens-elsewhere", "wrong_upstream", "wrong_port", N_CRANE, "app3/crane", socket_unit("app3", "crane", "ListenStream=\\nListenStream=6604\\n"), socket_unit("app3", "crane", ""), at1("crane", 5), nginx=JSON, acceptable=["backend_down"],
      notes="the socket of systemd is moved to 6604, nginx asks 6640; acceptable: nobody serves the port that is asked for")
fault("cargo-on-loopback-beside-a-deploy", "wrong_upstream", "bound_to_loopback", N_CARGO, "app2/cargo", both(deploy("app2", "cargo", BIND="127.0.0.1"), restart("app2", "manifests")), deploy("app2", "cargo"), at1("cargo", 0.8), nginx=COMBINED, span=28, zone=CARACAS,
      notes="puma restarted with 127.0.0.1, another service of that host deployed in the same second; 0.8 requests a second")
fault("tides-asked-by-http2", "wrong_upstream", "wrong_protocol", H_TIDES, "edge2/haproxy", haproxy_with(backends={"hp_tides": {"t1": f"{TIDES} proto h2"}}, checks=False), haproxy_with(checks=False), at2("tides", 6), haproxy=NO, notes="proto h2 towards a node server that speaks HTTP/1.1, after a reload")
NAMES = {"tides.harbour.internal": APP1}
BY_NAME = {"locations": {"/tides/": "set $tides tides.harbour.internal; proxy_pass http://$tides:9615"}, "server": f"    resolver {CLIENTS[0]} valid=2s ipv6=off;\n    resolver_timeout 2s;\n"}
fault("tides-names-behind-a-firewall", "wrong_upstream", "name_resolution", ng("tides.harbour.internal", "tides.harbour.internal:9615", "tides.harbour.internal"), "edge1", rules("edge1", "iptables -A OUTPUT -p udp --dport 53 -j DROP"), no_firewall("edge1"), at1("tides", 4),
      nginx={**BY_NAME, **KV}, setup=name_server(NAMES), acceptable=["firewall"], notes="the proxy's own firewall drops its questions to the name server; acceptable: that is what is to be repaired")
fault("gates-socket-for-root-only", "wrong_upstream", "unix_socket_permission", H_GATES, "edge2/gates", socket_unit("edge2", "gates", "SocketUser=root\\nSocketMode=0600\\n"), socket_unit("edge2", "gates", ""), at2("gates", 5), haproxy={"log": "clf"},
      notes="a deploy changes owner and mode of the socket that systemd opens; health checks on")
fault("pilots-one-port-mistyped-while-neighbour-ooms", "wrong_upstream", "wrong_port", ng("pilot-station", f"{APP2}:6303"), "edge1/nginx", both(neighbour_oom("app2"), nginx_with(upstreams={"pilot-station": [f"server {PILOTS1} max_fails=0", f"server {APP2}:6303 max_fails=0"]}, **NO_RETRY)),
      both(nginx_with(), neighbour_spared("app2")), at1("pilots", 8), notes="6303 instead of 6330 for one of two servers after a reload, no retries; on the other's host another unit is OOM-killed")

# ---- backend_timeout

fault("berths-two-of-three-slow-two-tries", "backend_timeout", "slow_response", N_BERTHS12, "app1/berths", berths("app1", "app2", delay=9), berths("app1", "app2"), at1("berths", 5), nginx={**TWO_TRIES, "read": "2s", **JSON}, span=20,
      notes="two of three take 9 s, nginx waits 2 s and tries two servers for a request: a part is saved")
BY_TURNS = [(t, behave("app1", "search", delay=6) if t % 9 == 0 else calm("app1", "search")) for t in (4, 9, 13, 18, 22, 27, 31)]
fault("tides-slow-by-turns", "backend_timeout", "slow_response", H_TIDES, "app1/tides", behave("app1", "search", delay=6), calm("app1", "search"), at2("tides", 4), steps=BY_TURNS, haproxy={"server": "2s", "log": "long"}, span=36, notes="four seconds slow, five seconds well, four times")
fault("ferry-slow-and-seldom-asked", "backend_timeout", "slow_response", N_FERRY, "edge1/ferry", behave("edge1", "sessions", delay=9), calm("edge1", "sessions"), at1("ferry", 0.5), nginx={"read": "3s", **COMBINED}, span=45, notes="a unix socket, answers after 9 s, one request in two seconds")
fault("berths-descriptors-used-up", "backend_timeout", "pool_exhausted", H_BERTH1, "app1/berths", berths("app1", hold=1), both(berths("app1"), restart("app1", "berths")), at2("berths", 8), setup=dropin("app1", "berths", "[Service]\nLimitNOFILE=48\n"), haproxy={**NO, **H_ONE_BERTH, "server": "3s"}, span=24,
      notes="each request leaves a file open in the application until LimitNOFILE is reached: accept fails with EMFILE, connections wait in the backlog")
SYNC = "[Service]\nExecStart=\nExecStart=/usr/bin/gunicorn --chdir /opt/mart --bind unix:/run/ferry/gunicorn.sock --umask 0 --workers 2 --timeout 3 stock:sessions\n"
fault("ferry-worker-timeout-beside-an-oom", "backend_timeout", "worker_timeout", N_FERRY, "edge1/ferry", both(behave("edge1", "sessions", delay=25), neighbour_oom("edge1")), both(calm("edge1", "sessions"), neighbour_spared("edge1")), at1("ferry", 3), setup=dropin("edge1", "ferry", SYNC),
      nginx={"read": "12s", **TIMED}, span=20, notes="gunicorn ends workers that took more than 3 s; on the same host another unit is OOM-killed at that time")
fault("berths-one-of-three-frozen", "backend_timeout", "unresponsive", ha("hp_berths", q2=BERTHS[1]), "app2/berths", do("app2", "systemctl kill -s STOP berths"), do("app2", "systemctl kill -s CONT berths"), at2("berths", 20), haproxy={"server": "2s", "log": "kv"},
      notes="SIGSTOP of one of three; until the health checks time out a third of the requests waits in vain")
fault("berths-large-answers-lost", "host_unreachable", "partition", N_BERTH1, "app1", both(do("app1", "ip link set eth0 gso_max_segs 1"), switch(lambda lab: f"link set {lab.hosts['app1'].veth} mtu 700")), switch(lambda lab: f"link set {lab.hosts['app1'].veth} mtu 1500"), at1("berths", 5),
      setup=berths("app1", size=9000), nginx={**BERTH1, "read": "3s", **KV}, acceptable=["backend_timeout", "firewall"], notes="the path carries only small packets any more and says so to nobody: connections and questions pass, answers do not; acceptable: seen from the proxy it is a server that does not answer")
fault("crane-accept-queue-of-one", "backend_timeout", "accept_queue_full", N_CRANE, "app3/crane", behave("app3", "crane", delay=2.5), calm("app3", "crane"), at1("crane", 7), setup=both(environment("app3", "crane", THREADS="no"), socket_unit("app3", "crane", "Backlog=1\\n")), steps=[(21, socket_unit("app3", "crane", ""))],
      nginx={"connect": "1s", "read": "9s", **JSON}, kernel={"SYN flooding": "app3"}, span=20, notes="systemd's socket has Backlog=1, the service answers one request after the other in 2.5 s")

# ---- firewall

BAN = "nft add table inet ban; nft add set inet ban banned '{ type ipv4_addr; }'; nft add chain inet ban input '{ type filter hook input priority -1; }'; nft add rule inet ban input ip saddr @banned tcp dport 6330 drop"
fault("pilots-ban-of-the-proxy", "firewall", "drop", N_PILOTS1, "app1", do("app1", "logger -t fail2ban.actions 'NOTICE [http-flood] Ban 10.85.0.11'; nft add element inet ban banned '{ 10.85.0.11 }'"), do("app1", "logger -t fail2ban.actions 'NOTICE [http-flood] Unban 10.85.0.11'; nft delete table inet ban"),
      at1("pilots", 5), setup=do("app1", BAN), nginx={**PILOTS1_ONLY, "connect": "2s", **COMBINED}, notes="a guard puts the proxy's address into an nftables set whose members are dropped without a log")
RECENT = "iptables -A INPUT -p tcp --syn --dport 6888 -m recent --name flood --rcheck --seconds 5 --hitcount 14 -j"
fault("manifests-flood-guard", "firewall", "drop", H_MANIFESTS, "app2", rules("app2", f"{RECENT} LOG --log-prefix '[LIMIT BLOCK] ' -m limit --limit 3/min --limit-burst 2", f"{RECENT} DROP", "iptables -A INPUT -p tcp --syn --dport 6888 -m recent --name flood --set"), no_firewall("app2"), at2("manifests", 8),
      haproxy={**NO, "connect": "1s", "backends": {"hp_manifests": {"desk": f"{MANIFESTS} pool-max-conn 0"}}}, span=22, notes="more than 14 connections in 5 s are dropped; of these the firewall logs three a minute")
fault("tides-rejected-for-one-user", "firewall", "reject", N_TIDES, "edge1", nft("edge1", "output", "meta skuid www-data tcp dport 9615 reject"), no_nft("edge1"), at1("tides", 4), nginx=KV, notes="nftables on the proxy's own host rejects what www-data sends to 9615, without a log; root gets through")
fault("cargo-conntrack-full", "firewall", "conntrack_full", H_CARGO, "app2", connections_tracked(7), connections_tracked(262144), {**silent("berths", "pilots", "manifests"), **at2("cargo", 10)}, setup=both(behave("app2", "tickets", delay=0.8), nft("app2", "input", "ct state established,new accept")),
      haproxy={**NO, "connect": "1s"}, kernel={"nf_conntrack: table full": "app2"}, notes="nf_conntrack_max 7, felt by the only host whose firewall tracks connections")
fault("customs-dropped-for-both-proxies", "firewall", "drop", [N_CUSTOMS, H_CUSTOMS], "app3", nft("app3", "input", "ip saddr { 10.85.0.11, 10.85.0.12 } tcp dport 7443 limit rate 1/minute log prefix '\"edge-deny \"'", "ip saddr { 10.85.0.11, 10.85.0.12 } tcp dport 7443 drop"), no_nft("app3"),
      {**at1("customs", 2), **at2("customs", 2)}, nginx={"connect": "2s"}, haproxy={**NO, "connect": "1s"}, span=18, zone=CHATHAM, notes="both proxies dropped, of which one line a minute is logged")

# ---- tls_mismatch

fault("customs-expires-at-the-second", "tls_mismatch", "certificate_expired", N_CUSTOMS, "app3/customs", nothing, deploy("app3", "customs"), at1("customs", 6), prepare=issued(-86400, 24), nginx={"locations": {"/customs": verified("proxy_ssl_session_reuse off")}, **TIMED}, span=17,
      notes="nobody touches anything: the certificate's time ends in the middle of the recording")
fault("customs-not-valid-before-tomorrow", "tls_mismatch", "certificate_expired", H_CUSTOMS, "app3/customs", issued(86400, 864000), deploy("app3", "customs"), at2("customs", 5), haproxy={"log": "clf"}, zone=CHATHAM, notes="restarted with a certificate that begins tomorrow: outside its time, as an expired one; health checks on")
TRUST = {"locations": {"/customs": verified(ca=f"{CERTIFICATES}/trust.pem")}}
fault("customs-trust-file-overwritten", "tls_mismatch", "certificate_untrusted", N_CUSTOMS, "edge1/nginx", do("edge1", f"cp /etc/ssl/lab/other.pem {CERTIFICATES}/trust.pem; systemctl reload nginx"), do("edge1", f"cp /etc/ssl/lab/ca.pem {CERTIFICATES}/trust.pem; systemctl reload nginx"), at1("customs", 0.9),
      setup=do("edge1", f"cp /etc/ssl/lab/ca.pem {CERTIFICATES}/trust.pem"), nginx={**TRUST, **JSON}, span=25, notes="the file of trusted authorities is overwritten, then a reload of an unchanged nginx.conf; 0.9 requests a second")
fault("customs-sni-lost", "tls_mismatch", "certificate_name", H_CUSTOMS, "edge2/haproxy", haproxy_with(backends={"hp_customs": {"toll": tls("")}}, checks=False), haproxy_with(checks=False), at2("customs", 5), setup=environment("app3", "customs", SNI=1), haproxy=NO,
      notes="the word sni is gone after a reload, the server refuses clients that name no host (unrecognized_name)")
fault("customs-no-shared-cipher", "tls_mismatch", "protocol_version", N_CUSTOMS, "edge1/nginx", nginx_with(locations={"/customs": verified("proxy_ssl_protocols TLSv1.2; proxy_ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256")}, **COMBINED), nginx_with(**COMBINED), at1("customs", 5), setup=environment("app3", "customs", TLS_TO="TLSv1_2"),
      nginx=COMBINED, notes="after a reload nginx offers one cipher, for which the server's kind of key is not fit")
fault("pilots-one-of-two-asked-by-tls", "tls_mismatch", "https_to_http", H_PILOTS2, "edge2/haproxy", haproxy_with(backends={"hp_pilots": {"p1": PILOTS1, "p2": f"{PILOTS2} ssl verify none"}}, checks=False), haproxy_with(checks=False), at2("pilots", 7), haproxy=NO, notes="ssl towards one of two plain servers after a reload, retries stay with it")
fault("customs-one-path-in-plain", "tls_mismatch", "http_to_https", N_CUSTOMS, "edge1/nginx", nginx_with(locations={"/customs/7": "proxy_pass http://customs_house"}, **KV), nginx_with(**KV), at1("customs", 14), nginx=KV, span=18, notes="a new location in nginx asks a server with TLS in plain: one path in nine")

# ---- app_crash

fault("pilots-segfault-beside-an-oom", "app_crash", "segfault", N_PILOTS1, "app1/pilots", behave("app1", "seats", null=1), neighbour_spared("app1"), at1("pilots", 6), steps=[(-4, neighbour_oom("app1")), (2, calm("app1", "seats"))], setup=both(dropin("app1", "pilots", LATE), environment("app1", "pilots", KEEP=5000)),
      nginx={**KEPT, **TIMED}, notes="a segmentation fault, kept connections break first; another unit of that host is OOM-killed before, meanwhile and after")
fault("berths-oom-in-a-shared-slice", "app_crash", "oom_kill", H_BERTH1, "app1/berths", both(slice_limit("app1", 90, "berths", "sonar"), behave("app1", "archiver", leak=2)), both(calm("app1", "archiver"), unlimit), at2("berths", 6), haproxy={**NO, **H_ONE_BERTH, "log": "kv"}, span=22,
      setup=both(dropin("app1", "berths", "[Service]\nSlice=harbour.slice\nOOMScoreAdjust=900\nRestartSec=5\n"), dropin("app1", "sonar", "[Service]\nSlice=harbour.slice\n")), notes="a neighbour in the same slice takes its memory; the kernel kills this service, whose score is higher")
fault("tides-killed-twice-among-deploys", "app_crash", "killed", H_TIDES, "app1/tides", kill_main("app1", "tides"), nothing, at2("tides", 6), setup=dropin("app1", "tides", "[Service]\nRestartSec=6\n"), steps=[(-3, restart("app1", "sonar")), (0.1, restart("app1", "berths")), (9, kill_main("app1", "tides"))], span=17,
      notes="kill -9, and again 9 s later; other services of that host deployed meanwhile; health checks on")
fault("berths-out-of-address-space", "app_crash", "heap_exhausted", N_BERTH1, "app1/berths", berths("app1", leak=40), both(berths("app1"), restart("app1", "berths")), at1("berths", 4), setup=dropin("app1", "berths", "[Service]\nLimitAS=700M\n"), nginx={**BERTH1, **COMBINED}, span=22, acceptable=["bad_response"],
      notes="LimitAS reached: MemoryError in each request, the process stays and hangs up; acceptable: connections that end without an answer")
fault("manifests-disk-full", "app_crash", "crash_loop", H_MANIFESTS, "app2/manifests", spool_full("app2", "manifests"), both(spool_freed("app2", "manifests"), do("app2", "systemctl reset-failed manifests; systemctl restart manifests")), at2("manifests", 5), setup=both(spool("app2", "manifests"), dropin("app2", "manifests", "[Service]\nRestartSec=700ms\n")),
      haproxy={**NO, "log": "clf"}, notes="the disk is full: the service ends at the next visit and at each start (ENOSPC) until systemd gives up")
fault("crane-trigger-until-the-socket-fails", "app_crash", "crash_loop", N_CRANE, "app3/crane", do("app3", "install -m 600 /dev/null /etc/crane.conf; echo CONFIG=/etc/crane.conf > /etc/default/crane; systemctl restart crane"),
      both(do("app3", "rm -f /etc/default/crane; systemctl reset-failed crane crane.socket; systemctl restart crane.socket crane")), at1("crane", 5), setup=dropin("app3", "crane", "[Service]\nRestart=no\n"), nginx=TIMED, acceptable=["backend_down"], notes="the new configuration is root's alone: each connection starts the service, which fails, until systemd closes the socket too; acceptable: it never started")
fault("berths-ends-on-kept-connections", "app_crash", "exit_error", N_BERTH1, "app1/berths", both(berths("app1", gives_up=1), restart("app1", "pilots"), do("edge1", ROTATE)), nothing, at1("berths", 8), steps=[(2, berths("app1"))], setup=dropin("app1", "berths", LATE), nginx={**KEPT, **JSON}, span=14,
      notes="exit 3 of a service to which nginx keeps connections; in that second pilots on the same host is deployed and nginx' logs are rotated")
fault("pilots-fails-every-six-seconds", "app_crash", "crash_loop", H_PILOTS1, "app1/pilots", deploy("app1", "pilots", BIND="pilots.harbour.lab"), both(environment("app1", "pilots"), do("app1", "systemctl reset-failed pilots; systemctl restart pilots")), at2("pilots", 0.7), span=36, zone=CAIRO,
      setup=dropin("app1", "pilots", "[Service]\nRestart=always\nRestartSec=6\n"), haproxy={**NO, **H_ONE_PILOT}, acceptable=["backend_down"], notes="exit 2 at each start, Restart=always after 6 s, so systemd never gives up; 0.7 requests a second; acceptable: it never came up")

# ---- bad_response

fault("berths-folded-header", "bad_response", "invalid_response", N_BERTH1, "app1/berths", berths("app1", folded=1, share=0.4), berths("app1"), at1("berths", 6), nginx={**BERTH1, **TIMED}, notes="two answers in five have a header over two lines")
fault("berths-buffers-cut-down", "bad_response", "header_too_big", N_BERTH1, "edge1/nginx", nginx_with(**BERTH1, **KV, server="    proxy_buffer_size 1k;\n    proxy_buffers 8 1k;\n    proxy_busy_buffers_size 2k;\n"), nginx_with(**BERTH1, **KV), at1("berths", 5), setup=berths("app1", cookies=3, width=600),
      nginx={**BERTH1, **KV}, notes="after a reload proxy_buffer_size is 1k, the answers always had 1.9 kB of header")
FEW = "\nglobal\n  tune.http.maxhdr 8\n"
fault("berths-too-many-headers", "bad_response", "header_too_big", H_BERTH1, "edge2/haproxy", haproxy_with(more=FEW, **H_ONE_BERTH, **NO), haproxy_with(**H_ONE_BERTH, **NO), at2("berths", 5), setup=berths("app1", cookies=9), haproxy={**H_ONE_BERTH, **NO}, notes="after a reload haproxy takes 8 header lines, the answers always had 13")
fault("tides-half-a-header", "bad_response", "closed_early", H_TIDES, "app1/tides", behave("app1", "search", hang_up=1), calm("app1", "search"), at2("tides", 1.5), span=22, haproxy={"log": "long"}, notes="hangs up in the middle of the header; 1.5 requests a second, health checks on")

# ---- host_unreachable

CUT = [("edge2", "app1"), ("edge2", "app2")]
fault("berths-two-of-three-cut-off", "host_unreachable", "partition", ha("hp_berths", q1=BERTHS[0], q2=BERTHS[1]), "app1", both(*(isolate(*c) for c in CUT)), both(*(isolate(*c, False) for c in CUT)), {**silent("pilots", "tides", "cargo", "manifests"), **at2("berths", 12), ("edge1", "berths"): 1},
      haproxy={"connect": "1s", "retries": 1, "log": "kv"}, notes="the switch no longer forwards between haproxy's host and two of three; the checks take them out after some seconds")
fault("app2-gone-for-both-proxies", "host_unreachable", "host_down", [N_CARGO, H_CARGO], "app2", host_down("app2"), host_up("app2"), {**silent(*APP2_HAS), **at1("cargo", 3), **at2("cargo", 3)}, nginx={"connect": "2s", **TIMED}, haproxy={**NO, "connect": "1s"}, span=20, tail=13, notes="the machine is gone at once, behind nginx and haproxy")

# ---- app_error

fault("manifests-without-its-ledger", "app_error", "passed_through", N_MANIFESTS, "app2/manifests", stop("app2", "ledger"), start("app2", "ledger"), at1("manifests", 5), setup=environment("app2", "manifests", LEDGER=5433), nginx=JSON, notes="the ledger on the same host is stopped, the application runs and answers 503")
fault("berths-502-now-and-then", "app_error", "passed_through", H_BERTH1, "app1/berths", berths("app1", status=502, share=0.4), berths("app1"), at2("berths", 2), haproxy={**H_ONE_BERTH, "log": "clf"}, span=24, notes="the application itself answers 502 to two requests in five; two requests a second")

# ---- proxy_exhausted

SOURCE = {"backends": {"hp_berths": {"q1": f"{BERTHS[0]} source 10.85.0.12:41000-41005"}}}
fault("berths-few-source-ports", "proxy_exhausted", "ephemeral_ports", H_BERTH1, "edge2/haproxy", haproxy_with(**SOURCE, **NO), haproxy_with(**H_ONE_BERTH, **NO), at2("berths", 9), setup=berths("app1", delay=1.5), haproxy={**H_ONE_BERTH, **NO}, notes="after a reload haproxy may use six source ports, and fourteen requests are always open")
fault("chain-nginx-killed", "proxy_exhausted", "proxy_crash", [ha("hp_manifests", web1="10.85.0.11:80"), N_MANIFESTS], "edge1/nginx", do("edge1", "systemctl kill -s KILL nginx"), nothing, {**{("edge1", s): 0 for s in HARBOUR.paths}, **at2("manifests", 7)}, setup=dropin("edge1", "nginx", "[Service]\nRestart=on-failure\nRestartSec=9\n"),
      haproxy={**NO, "backends": {"hp_manifests": {"web1": "10.85.0.11:80"}}}, span=13, acceptable=["app_crash"], notes="haproxy, nginx, application: all processes of nginx killed, started again after 9 s; acceptable: to haproxy it is a backend that crashed")

# ---- several faults

SEVERAL = {"healthy": 14, "tail": 9}
FIFTH.add("segfault-during-a-long-stop", stop("app1", "tides"), start("app1", "tides"), [incident("backend_down", "clean_stop", N_TIDES, "app1", "tides"), incident("app_crash", "segfault", N_PILOTS2, "app2", "pilots")], {**at1("tides", 3), **at1("pilots", 5)},
          steps=[(12, behave("app2", "seats", null=1)), (14, calm("app2", "seats"))], span=32, setup=dropin("app2", "pilots", LATE), nginx={**PILOTS2_ONLY, **COMBINED}, **SEVERAL, notes="one service is stopped for half a minute; 12 s into that another one on another host ends by a segmentation fault")
FIFTH.add("stop-and-oom-on-one-host", both(stop("app2", "cargo"), limit("app2", "pilots", 40), behave("app2", "seats", leak=3)), both(start("app2", "cargo"), calm("app2", "seats"), unlimit), [incident("backend_down", "clean_stop", N_CARGO, "app2", "cargo"), incident("app_crash", "oom_kill", N_PILOTS2, "app2", "pilots")],
          {**at1("cargo", 4), **at1("pilots", 6)}, span=18, setup=dropin("app2", "pilots", "[Service]\nRestartSec=7\n"), nginx={**PILOTS2_ONLY, **TIMED}, **SEVERAL, notes="on one host one service is stopped and another OOM-killed in the same seconds")
FIFTH.add("tides-stopped-and-later-killed", stop("app1", "tides"), nothing, [incident("backend_down", "clean_stop", N_TIDES, "app1", "tides"), incident("app_crash", "killed", N_TIDES, "app1", "tides")], at1("tides", 5), steps=[(8, start("app1", "tides")), (48, kill_main("app1", "tides"))], span=60,
          setup=dropin("app1", "tides", LATE), nginx=KV, **SEVERAL, notes="stopped for 8 s; 40 s after its start it is killed")

# ---- controls


def control(name, sub_cause, how, repair, rates, **more):
    FIFTH.add(name, how, repair, [], rates, sub_cause=sub_cause, **{"healthy": 14, "span": 15, "tail": 9, **more})


control("control-oom-masked", "masked_by_retry", both(limit("app2", "berths", 50), berths("app2", leak=4)), both(berths("app2"), unlimit), {**at1("berths", 9)}, nginx=TIMED, notes="one of three servers is OOM-killed; nginx' retries save each request")
control("control-disk-full-500", "app_500", spool_full("app2", "manifests"), spool_freed("app2", "manifests"), {**at1("manifests", 5), **at2("manifests", 5)}, setup=spool("app2", "manifests", SOFT=1), nginx=COMBINED, notes="the disk is full and the application answers 500 because of it")
control("control-restart-behind-a-socket", "graceful_deploy", both(restart("app3", "crane"), restart("edge2", "gates"), pause(4), restart("app3", "crane")), nothing, {**at1("crane", 6), **at2("crane", 4), **at2("gates", 5)}, nginx=KV, zone=CHATHAM, notes="restarted while systemd's sockets hold the connections; no request fails")
control("control-reload-rotate-and-target", "plain_reload", both(do("edge1", ROTATE), do("edge2", "systemctl reload haproxy"), do("app1", "systemctl daemon-reload; systemctl start multi-user.target; systemctl restart sonar"), pause(3), nginx_with(read="9s")), nginx_with(), {**at1("tides", 40), **at2("berths", 20)},
        notes="rotation of nginx' logs, reloads of both proxies, daemon-reload on a host")
control("control-unasked-backend-down", "unasked_down", both(kill_main("app2", "cargo"), nft("app2", "input", "tcp dport 9711 log prefix '\"night \"' drop")), no_nft("app2"), {**silent("cargo"), **at1("manifests", 5), **at2("pilots", 5)}, setup=dropin("app2", "cargo", LATE), haproxy={"log": "kv"},
        notes="a service is killed and its port closed by a firewall, haproxy takes it out; nobody asks for it")
