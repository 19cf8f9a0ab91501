"""The fourth set: faults of the clinic, written without a look at the rules, to measure how far they reach. Causes have the names that incidents have."""

from clinic import CERTIFICATES, CLINIC, PORTAL_FILE, lighttpd, tls, verified
from hosts import CLIENTS
from scenario import Catalogue, at1, at2, ha, incident, ng
from third import HOSTS, configure, rules, silent, unconfigure
from verbs import (behave, both, calm, connections_tracked, deploy, do, dropin, environment, haproxy_with, host_down, host_up, isolate, kill_main, limit, local_ports, name_server,
                   name_table, nginx_with, no_firewall, nothing, pause, restart, runtime, start, stop, unlimit)

FOURTH = Catalogue(CLINIC)
APP1, APP2, APP3 = "10.85.0.21", "10.85.0.22", "10.85.0.23"
SLOTS = [f"{host}:7401" for host in (APP1, APP2, APP3)]
RECORDS1, RECORDS2, LABS, IMAGING = f"{APP1}:8470", f"{APP2}:8470", f"{APP1}:5600", f"{APP2}:7711"
PHARMACY, INTAKE, CLAIMS, PORTAL = f"{APP3}:9390", f"{APP3}:7622", f"{APP3}:6443", f"{APP2}:4443"
TRIAGE, KIOSK = "unix:/run/triage/uvicorn.sock", "unix:/run/kiosk/kiosk.sock"

N_LABS, N_IMAGING = ng("laboratory", LABS), ng("pacs_viewer", IMAGING)
N_PHARMACY, N_INTAKE, N_CLAIMS, N_PORTAL = ng("rx-starman", PHARMACY), ng("intake_desk", INTAKE), ng("claims_secure", CLAIMS), ng("portal_secure", PORTAL)
N_TRIAGE, N_RECORDS1, N_RECORDS2 = ng("triage_uds", TRIAGE), ng("records_jvm", RECORDS1), ng("records_jvm", RECORDS2)
H_SLOTS, H_SLOT1 = ha("app_slots", **{"s-21": SLOTS[0], "s-22": SLOTS[1], "s-23": SLOTS[2]}), ha("app_slots", **{"s-21": SLOTS[0]})
H_RECORDS, H_RECORDS1 = ha("app_records", jvm1=RECORDS1, jvm2=RECORDS2), ha("app_records", jvm1=RECORDS1)
H_LABS, H_IMAGING, H_PHARMACY, H_INTAKE = ha("app_labs", lab01=LABS), ha("app_viewer", pacs2=IMAGING), ha("app_rx", rx1=PHARMACY), ha("app_intake", **{"desk-c": INTAKE})
H_CLAIMS, H_PORTAL, H_KIOSK = ha("app_claims", gw3=CLAIMS), ha("app_portal", www2=PORTAL), ha("app_kiosk", local=KIOSK)

NO, COMBINED, TIMED, KV, JSON = {"checks": False}, {"log": "combined"}, {"log": "timed"}, {"log": "kv"}, {"log": "json"}
ADELAIDE, NEWFOUNDLAND, LISBON = "Australia/Adelaide", "America/St_Johns", "Europe/Lisbon"
NO_RETRY = {"server": "    proxy_next_upstream off;\n"}
EACH_SLOT = {"upstreams": {"slots-api": [f"server {a} max_fails=0" for a in SLOTS]}, **NO_RETRY}  # a third of the requests fails with a third of the servers
SLOT1, RECORDS1_ONLY, RECORDS2_ONLY = {"upstreams": {"slots-api": [f"server {SLOTS[0]}"]}}, {"upstreams": {"records_jvm": [f"server {RECORDS1}"]}}, {"upstreams": {"records_jvm": [f"server {RECORDS2}"]}}
H_ONE_SLOT, H_ONE_RECORDS = {"backends": {"app_slots": {"s-21": SLOTS[0]}}}, {"backends": {"app_records": {"jvm1": RECORDS1}}}
APP1_HAS, APP2_HAS, APP3_HAS = ("slots", "records", "labs"), ("slots", "records", "imaging", "portal"), ("slots", "pharmacy", "intake", "claims")
SLOW_START = "[Service]\nRestartSec=40\n"  # a unit that does not start is tried once


def nft(host, hook, *rules):
    """Rules of nftables, in a table of their own."""
    chain = f"nft add table inet ward; nft add chain inet ward {hook} '{{ type filter hook {hook} priority 0; policy accept; }}'; "
    return do(host, chain + "; ".join(f"nft add rule inet ward {hook} {rule}" for rule in rules))


def no_nft(host):
    return do(host, "nft delete table inet ward")


def on_all(unit, **how):
    return both(*(behave(host, unit, **how) for host in HOSTS))


def calm_all(unit):
    return both(*(calm(host, unit) for host in HOSTS))


def again(host, unit):
    """The environment of before, and a start."""
    return both(environment(host, unit), do(host, f"systemctl reset-failed {unit}; systemctl restart {unit}"))


def logins(host):
    """Somebody tries names on that host."""
    return do("edge1", f"for u in admin oracle ubuntu; do timeout 3 ssh -o StrictHostKeyChecking=no -o BatchMode=yes -o ConnectTimeout=2 $u@{host} true; done")


def logins_and_cron(host):
    return both(do(host, "echo '* * * * * root test -d /var/backups || true' > /etc/cron.d/backups; systemctl start ssh cron"), logins(host))


def archiver_killed(host):
    return both(limit(host, "archiver", 40), behave(host, "archiver", leak=5))


def archiver_spared(host):
    return both(calm(host, "archiver"), unlimit)


def bridge_fails(host):
    """A unit that no proxy asks for ends and is started, again and again."""
    return do(host, "systemd-run --quiet --unit=hl7-bridge -p Restart=always -p RestartSec=3 -p StartLimitBurst=50 /bin/sh -c 'echo partner hung up; exit 3'")


def bridge_stopped(host):
    return do(host, "systemctl stop hl7-bridge; systemctl reset-failed hl7-bridge")


def fault(name, cause, sub_cause, upstreams, culprit, how, repair, rates, **more):
    """A scenario with one incident; the culprit is HOST or HOST/UNIT."""
    FOURTH.add(name, how, repair, [incident(cause, sub_cause, upstreams, *culprit.split("/"))], rates, **{"healthy": 16, "span": 15, "tail": 10, **more})


# ---- backend_down

fault("labs-stopped-after-idle-reload", "backend_down", "clean_stop", N_LABS, "app1/labs", stop("app1", "labs"), start("app1", "labs"), at1("labs", 6), nginx=KV, zone=LISBON, healthy=34,
      steps=[(-28, nginx_with(**KV)), (-9, restart("app1", "archiver"))], notes="systemctl stop; nginx was reloaded without a change 28 s before, another unit of that host restarted 9 s before")
fault("records-both-stopped", "backend_down", "clean_stop", H_RECORDS, "app1/records", both(stop("app2", "records"), pause(3), stop("app1", "records")), both(start("app1", "records"), start("app2", "records")), at2("records", 6),
      haproxy={"log": "kv"}, span=18, notes="two Java servers stopped 3 s apart; health checks on")
fault("imaging-stopped-both-proxies", "backend_down", "clean_stop", [N_IMAGING, H_IMAGING], "app2/imaging", stop("app2", "imaging"), start("app2", "imaging"), {**at1("imaging", 2), **at2("imaging", 3)}, nginx=COMBINED,
      haproxy={**NO, "log": "clf"}, notes="node stopped, in front of it nginx and haproxy")
fault("kiosk-stopped", "backend_down", "clean_stop", H_KIOSK, "edge2/kiosk", stop("edge2", "kiosk"), start("edge2", "kiosk"), at2("kiosk", 4), haproxy={"socket": "/dev/log"}, notes="a service behind a unix socket on haproxy's own host stopped; uvicorn takes its socket away")
fault("slots-one-of-three-stopped-seldom-asked", "backend_down", "clean_stop", ng("slots-api", SLOTS[2]), "app3/slots", stop("app3", "slots"), start("app3", "slots"), at1("slots", 2), nginx={**EACH_SLOT, **JSON}, span=30,
      notes="one of three servers stopped, no retries, two requests a second")
fault("labs-stopped-at-a-hundred", "backend_down", "clean_stop", N_LABS, "app1/labs", stop("app1", "labs"), start("app1", "labs"), at1("labs", 100), nginx=COMBINED, notes="stopped while a hundred requests a second come")
fault("records-stopped-other-in-maintenance", "backend_down", "clean_stop", ha("app_records", jvm2=RECORDS2), "app2/records", stop("app2", "records"), both(start("app2", "records"), runtime("set server app_records/jvm1 state ready")),
      at2("records", 5), steps=[(-10, runtime("set server app_records/jvm1 state maint"))], healthy=22, notes="one server had been set to maintenance, without a failure; then the other one is stopped by mistake")
fault("records-deploy-loads-long", "backend_down", "deploy_restart", N_RECORDS2, "app2/records", deploy("app2", "records", LOADING=7), nothing, at1("records", 5), nginx={**RECORDS2_ONLY, **TIMED}, span=12,
      notes="systemctl restart of a Java server that loads for 7 s before it listens")
fault("slots-deployed-all-at-once", "backend_down", "deploy_restart", H_SLOTS, "app1/slots", both(*(dropin(h, "slots", "[Service]\nExecStartPre=/usr/bin/sleep 6\n", True) for h in HOSTS), *(do(h, "systemctl --no-block restart slots") for h in HOSTS)),
      nothing, at2("slots", 10), haproxy={"log": "long"}, zone=NEWFOUNDLAND, span=12, notes="a deploy restarts all three servers together; each migrates for 6 s before it starts")
fault("labs-library-missing", "backend_down", "never_started", N_LABS, "app1/labs", both(dropin("app1", "labs", "[Service]\nExecStart=\nExecStart=/opt/clinic/labs-hl7\nRestartSec=40\n", True), restart("app1", "labs")),
      unconfigure("app1", "labs"), at1("labs", 4), nginx=KV, notes="the new program misses a shared library: exit 127")
fault("imaging-module-missing", "backend_down", "never_started", H_IMAGING, "app2/imaging", deploy("app2", "imaging", VIEWER="dicom-parser"), again("app2", "imaging"), at2("imaging", 4), setup=dropin("app2", "imaging", SLOW_START), haproxy=NO,
      notes="node: Cannot find module, exit 1")
fault("slots-variable-missing-on-one", "backend_down", "never_started", ng("slots-api", SLOTS[1]), "app2/slots", both(dropin("app2", "slots", "[Service]\nUnsetEnvironment=DIRECTORY_URL\nRestartSec=40\n", True), restart("app2", "slots")),
      unconfigure("app2", "slots"), at1("slots", 12), nginx={**EACH_SLOT, **COMBINED}, notes="one of three deployed without an environment variable: KeyError, exit 1; no retries")
fault("portal-configuration-broken", "backend_down", "never_started", H_PORTAL, "app2/portal", configure("app2", PORTAL_FILE, lighttpd(more='server.modules += ("mod_magnet")'), "portal", "restart"),
      configure("app2", PORTAL_FILE, lighttpd(), "portal", "restart"), at2("portal", 4), setup=dropin("app2", "portal", SLOW_START), notes="the new configuration wants a module that is not installed, ExecStartPre fails")
fault("intake-port-taken", "backend_down", "never_started", N_INTAKE, "app3/intake", both(stop("app3", "intake"), do("app3", "setsid socat TCP-LISTEN:7622,bind=127.0.0.1,fork /dev/null >/dev/null 2>&1 & sleep 0.5"), start("app3", "intake")),
      both(do("app3", "kill $(pidof socat)"), again("app3", "intake")), at1("intake", 5), setup=dropin("app3", "intake", SLOW_START), nginx=JSON, notes="another program has the port on loopback: address already in use")
fault("claims-key-unreadable", "backend_down", "never_started", H_CLAIMS, "app3/claims", both(do("app3", f"chmod 600 {CERTIFICATES}/claims/server.key"), restart("app3", "claims")),
      both(do("app3", f"chmod 644 {CERTIFICATES}/claims/server.key"), again("app3", "claims")), at2("claims", 3), setup=dropin("app3", "claims", SLOW_START), haproxy={**NO, "log": "kv"}, notes="the key is root's alone now: permission denied at the restart")
fault("slots-all-in-maintenance", "backend_down", "maintenance", H_SLOTS, "edge2/haproxy", both(*(runtime(f"set server app_slots/s-2{n} state maint") for n in (1, 2, 3))),
      both(*(runtime(f"set server app_slots/s-2{n} state ready") for n in (1, 2, 3))), at2("slots", 9), haproxy={"log": "clf"}, notes="all servers set to maintenance through the stats socket")
fault("slots-healthz-fails", "backend_down", "health_check_failing", H_SLOTS, "app1/slots", on_all("slots", health=500), calm_all("slots"), at2("slots", 12), haproxy={"log": "kv", "socket": "/dev/log"}, notes="/healthz answers 500 on all three, everything else works")
fault("intake-not-open", "backend_down", "health_check_failing", H_INTAKE, "app3/intake", behave("app3", "intake", state="closed for training"), calm("app3", "intake"), at2("intake", 5), notes="/state answers 200 without the word that haproxy expects")
fault("triage-socket-renamed", "backend_down", "unix_socket_missing", N_TRIAGE, "edge1/triage", deploy("edge1", "triage", SOCKET="/run/triage/api.sock"), deploy("edge1", "triage"), at1("triage", 5), nginx=TIMED, acceptable=["wrong_upstream"],
      notes="restarted with another socket path, nginx asks for the old one; acceptable: the two disagree, either side may be called wrong")
fault("kiosk-socket-deleted", "backend_down", "unix_socket_missing", H_KIOSK, "edge2/kiosk", do("edge2", "rm /run/kiosk/kiosk.sock"), restart("edge2", "kiosk"), at2("kiosk", 6), haproxy={"log": "long"}, notes="somebody cleans up under /run; the service runs on")

# ---- wrong_upstream

fault("labs-wrong-port-after-other-deploy", "wrong_upstream", "wrong_port", ng("laboratory", f"{APP1}:5060"), "edge1/nginx", nginx_with(upstreams={"laboratory": [f"server {APP1}:5060"]}, **KV), nginx_with(**KV), {**at1("labs", 6), ("edge2", "records"): 0},
      nginx=KV, healthy=28, steps=[(-21, restart("app1", "archiver")), (-12, nginx_with(**KV))], notes="5060 instead of 5600 after a reload; a reload without effect 12 s before, another unit of that host restarted 21 s before")
fault("records-wrong-port", "wrong_upstream", "wrong_port", ha("app_records", jvm1=f"{APP1}:8740", jvm2=f"{APP2}:8740"), "edge2/haproxy", haproxy_with(backends={"app_records": {"jvm1": f"{APP1}:8740", "jvm2": f"{APP2}:8740"}}, log="clf"),
      haproxy_with(log="clf"), at2("records", 7), haproxy={"log": "clf"}, notes="8740 instead of 8470 for both servers after a reload; health checks on")
fault("imaging-listens-on-another-port", "wrong_upstream", "wrong_port", H_IMAGING, "app2/imaging", deploy("app2", "imaging", PORT=7171), deploy("app2", "imaging"), at2("imaging", 6), haproxy=NO, acceptable=["backend_down"],
      notes="the application restarted with PORT=7171, haproxy asks 7711; acceptable: nothing serves the port that is asked for")
fault("pharmacy-wrong-host", "wrong_upstream", "wrong_host", ng("rx-starman", f"{APP1}:9390"), "edge1/nginx", nginx_with(upstreams={"rx-starman": [f"server {APP1}:9390"]}, **COMBINED), nginx_with(**COMBINED), at1("pharmacy", 5), nginx=COMBINED,
      notes="the right port on a host that does not serve it, after a reload")
NAMES = {"labs.clinic.internal": APP1}
BY_NAME = {"locations": {"/labs/": "set $labs labs.clinic.internal; proxy_pass http://$labs:5600"}, "server": f"    resolver {CLIENTS[0]} valid=2s ipv6=off;\n    resolver_timeout 2s;\n"}
fault("labs-name-points-elsewhere", "wrong_upstream", "wrong_host", ng("labs.clinic.internal", f"{APP3}:5600", "labs.clinic.internal:5600", "labs.clinic.internal"), "edge1/nginx", name_table({"labs.clinic.internal": APP3}), name_table(NAMES), at1("labs", 5),
      nginx={**BY_NAME, **JSON}, setup=name_server(NAMES), notes="the name of the server leads to a host that does not serve it; no reload")
fault("labs-name-gone", "wrong_upstream", "name_resolution", ng("labs.clinic.internal", "labs.clinic.internal:5600", "labs.clinic.internal"), "edge1/nginx", name_table({}), name_table(NAMES), at1("labs", 4), nginx={**BY_NAME, **KV}, setup=name_server(NAMES),
      notes="proxy_pass with a variable; the name server answers NXDOMAIN")
RESOLVED = {"more": f"\nresolvers ward\n  nameserver ns {CLIENTS[0]}:53\n  resolve_retries 2\n  timeout resolve 1s\n  timeout retry 1s\n  hold valid 1s\n  hold other 2s\n",
            "backends": {"app_labs": {"lab01": "labs.clinic.internal:5600 resolvers ward resolve-prefer ipv4 init-addr last,none"}}}
fault("labs-name-server-fails", "wrong_upstream", "name_resolution", ha("app_labs", lab01="labs.clinic.internal:5600"), "edge2/haproxy", name_table({"labs.clinic.internal": None}), name_table(NAMES), at2("labs", 5), haproxy=RESOLVED, setup=name_server(NAMES), span=22,
      notes="a server by name in haproxy; the name server answers SERVFAIL")
fault("slots-only-on-loopback", "wrong_upstream", "bound_to_loopback", ng("slots-api", SLOTS[0]), "app1/slots", deploy("app1", "slots", HOST="127.0.0.1"), deploy("app1", "slots"), at1("slots", 7), nginx={**SLOT1, **TIMED}, notes="uvicorn restarted with --host 127.0.0.1")
fault("pharmacy-only-on-loopback", "wrong_upstream", "bound_to_loopback", H_PHARMACY, "app3/pharmacy", deploy("app3", "pharmacy", LISTEN="127.0.0.1:9390"), deploy("app3", "pharmacy"), at2("pharmacy", 4), haproxy={"log": "long"}, notes="starman restarted with --listen 127.0.0.1:9390; health checks on")
fault("triage-socket-closed-to-nginx", "wrong_upstream", "unix_socket_permission", N_TRIAGE, "edge1/triage", both(dropin("edge1", "triage", "[Service]\nExecStartPost=/bin/sh -c 'sleep 1.5; chmod 600 ${SOCKET}'\n", True), restart("edge1", "triage")),
      unconfigure("edge1", "triage"), at1("triage", 6), nginx=COMBINED, notes="a deploy leaves the socket with mode 600")
fault("kiosk-folder-closed", "wrong_upstream", "unix_socket_permission", H_KIOSK, "edge2/kiosk", do("edge2", "chmod 700 /run/kiosk"), do("edge2", "chmod 755 /run/kiosk"), at2("kiosk", 5), haproxy={"log": "clf"}, notes="chmod 700 of the socket's folder, which is not haproxy's; health checks on")
fault("imaging-fastcgi-to-http", "wrong_upstream", "wrong_protocol", N_IMAGING, "edge1/nginx", nginx_with(locations={"/studies": "include /etc/nginx/fastcgi_params; fastcgi_pass pacs_viewer;"}, **JSON), nginx_with(**JSON), at1("imaging", 5), nginx=JSON,
      notes="fastcgi_pass to node, which speaks HTTP, after a reload")
fault("labs-route-forgotten", "wrong_upstream", "no_backend", ha("www-in"), "edge2/haproxy", haproxy_with(routes={"app_labs": None, "app_viewer": "/studies"}, default=False), haproxy_with(), at2("labs", 6), notes="after a reload no rule leads to the laboratory and there is no default backend")

# ---- backend_timeout

fault("pharmacy-waits-for-lock", "backend_timeout", "slow_response", N_PHARMACY, "app3/pharmacy", behave("app3", "pharmacy", delay=14, lock=True), calm("app3", "pharmacy"), at1("pharmacy", 2), setup=environment("app3", "pharmacy", WORKERS=40),
      nginx={"read": "4s", **TIMED}, span=22, notes="each page waits 14 s for a lock in the database, as the application says; workers are left")
fault("slots-one-page-slow", "backend_timeout", "slow_response", H_SLOTS, "app1/slots", on_all("slots", delay=12, only="/slots/7"), calm_all("slots"), at2("slots", 30), haproxy={"server": "3s", "log": "long"}, span=18, notes="one page in nine takes 12 s on all three servers")
fault("imaging-starved-of-processor", "backend_timeout", "slow_response", N_IMAGING, "app2/imaging", behave("app2", "imaging", spin=250), calm("app2", "imaging"), at1("imaging", 3), setup=dropin("app2", "imaging", "[Service]\nCPUQuota=12%\n"),
      nginx={"read": "4s", **COMBINED}, span=22, notes="each page needs 250 ms of a processor of which the unit may use an eighth")
SLOWER = [(t, both(behave("app1", "records", delay=d), behave("app2", "records", delay=d))) for t, d in ((5, 1.2), (10, 2.4), (15, 5), (21, 11))]
fault("records-slower-and-slower", "backend_timeout", "slow_response", H_RECORDS, "app1/records", both(behave("app1", "records", delay=0.5), behave("app2", "records", delay=0.5)), both(calm("app1", "records"), calm("app2", "records")), at2("records", 4), steps=SLOWER,
      setup=both(*(environment(h, "records", THREADS=200, POOL=500) for h in ("app1", "app2"))), haproxy={"server": "3s", "log": "clf"}, span=32, zone=ADELAIDE, notes="answers take 0.5, 1.2, 2.4, 5 and at last 11 s; timeout server 3 s")
fault("intake-read-timeout-too-short", "backend_timeout", "slow_response", N_INTAKE, "edge1/nginx", nginx_with(read="1s", **KV), nginx_with(**KV), at1("intake", 4), setup=behave("app3", "intake", delay=1.7), nginx=KV,
      notes="answers always take 1.7 s; after a reload proxy_read_timeout is 1 s")
fault("records-server-timeout-too-short", "backend_timeout", "slow_response", H_RECORDS, "edge2/haproxy", haproxy_with(server="800ms"), haproxy_with(), at2("records", 6), setup=both(behave("app1", "records", delay=1.5), behave("app2", "records", delay=1.5)),
      notes="answers always take 1.5 s; after a reload timeout server is 800 ms")
fault("intake-database-pool-empty", "backend_timeout", "pool_exhausted", N_INTAKE, "app3/intake", behave("app3", "intake", delay=3), calm("app3", "intake"), at1("intake", 4), setup=environment("app3", "intake", POOL=2), nginx={"read": "4s", **JSON}, span=20,
      notes="two connections to the database, each request holds one for 3 s, four requests a second")
fault("records-hikari-pool-empty", "backend_timeout", "pool_exhausted", H_RECORDS1, "app1/records", behave("app1", "records", delay=2, patience=4), calm("app1", "records"), at2("records", 6), setup=environment("app1", "records", POOL=3),
      haproxy={**H_ONE_RECORDS, "server": "3s", "log": "kv"}, span=20, notes="three connections to the database, each request holds one for 2 s, six requests a second; health checks are fine")
fault("slots-wait-in-haproxy", "backend_timeout", "pool_exhausted", H_SLOTS, "app1/slots", on_all("slots", delay=2), calm_all("slots"), at2("slots", 8),
      haproxy={"queue": "1500ms", "backends": {"app_slots": {f"s-2{n + 1}": f"{a} maxconn 2" for n, a in enumerate(SLOTS)}}}, span=18, notes="maxconn 2 for each server, each request takes 2 s, eight requests a second: sQ")
fault("intake-accept-queue-full", "backend_timeout", "accept_queue_full", H_INTAKE, "app3/intake", behave("app3", "intake", delay=3), calm("app3", "intake"), at2("intake", 6), setup=environment("app3", "intake", THREADS="no", BACKLOG=1),
      haproxy={**NO, "connect": "1s", "server": "10s"}, kernel={"SYN flooding": "app3"}, span=20, notes="one connection after the other, 3 s each, backlog 1")
fault("triage-accept-queue-full", "backend_timeout", "accept_queue_full", N_TRIAGE, "edge1/triage", behave("edge1", "triage", block=4), calm("edge1", "triage"), at1("triage", 8), setup=environment("edge1", "triage", MORE='"--backlog 1"'), nginx=COMBINED,
      notes="a unix socket with a backlog of 1 and an event loop that is blocked for 4 s at a time: resource temporarily unavailable")
GUNICORN = "[Service]\nExecStart=\nExecStart=/usr/bin/gunicorn --chdir /opt/clinic --bind 0.0.0.0:7401 --workers 2 --timeout 3 --worker-class uvicorn.workers.UvicornWorker slots:slots\n"
fault("slots-worker-timeout", "backend_timeout", "worker_timeout", H_SLOT1, "app1/slots", behave("app1", "slots", block=20), calm("app1", "slots"), at2("slots", 4), setup=dropin("app1", "slots", GUNICORN), haproxy={**H_ONE_SLOT, **NO, "server": "12s"}, span=20,
      notes="gunicorn with workers of uvicorn: a call blocks them for 20 s, gunicorn aborts them after 3 s")
fault("records-deadlocked", "backend_timeout", "unresponsive", N_RECORDS1, "app1/records", behave("app1", "records", deadlock=1), both(calm("app1", "records"), restart("app1", "records")), at1("records", 8), setup=environment("app1", "records", THREADS=10),
      nginx={**RECORDS1_ONLY, "read": "3s", **JSON}, span=18, notes="threads wait for each other's locks for ever; nothing is logged")
fault("labs-frozen", "backend_timeout", "unresponsive", H_LABS, "app1/labs", do("app1", "systemctl kill -s STOP labs"), do("app1", "systemctl kill -s CONT labs"), at2("labs", 5), haproxy={"server": "3s", "log": "clf", "socket": "/dev/log"}, notes="SIGSTOP; health checks, which only connect, are fine")
fault("imaging-loop-blocked", "backend_timeout", "unresponsive", N_IMAGING, "app2/imaging", behave("app2", "imaging", block=18), calm("app2", "imaging"), at1("imaging", 5), nginx={"read": "3s", **KV}, notes="one request blocks node's event loop for 18 s, and the next one again")

# ---- firewall

fault("labs-nft-drop-with-log", "firewall", "drop", N_LABS, "app1", nft("app1", "input", "tcp dport 5600 log prefix '\"ward-in-drop \"' drop"), no_nft("app1"), at1("labs", 5), nginx={"connect": "2s", **TIMED}, zone=NEWFOUNDLAND, notes="nftables: log and drop")
fault("pharmacy-nft-reject-with-log", "firewall", "reject", N_PHARMACY, "app3", nft("app3", "input", "tcp dport 9390 log prefix '\"reject:\"' reject with icmpx type admin-prohibited"), no_nft("app3"), at1("pharmacy", 5), nginx=KV, notes="nftables: log, then reject with admin-prohibited")
fault("records-reset-among-other-lines", "firewall", "reject", H_RECORDS, "app1", both(*(do(h, "iptables -I INPUT -p tcp --dport 8470 -j REJECT --reject-with tcp-reset") for h in ("app1", "app2"))), both(no_firewall("app1"), no_firewall("app2")), at2("records", 8), haproxy=NO,
      setup=do("app1", "iptables -A INPUT -p tcp --dport 23 -j LOG --log-prefix 'TELNET '; iptables -A INPUT -p tcp --dport 23 -j DROP"), steps=[(t, do("edge1", "timeout 1 socat - TCP:10.85.0.21:23,connect-timeout=1")) for t in (-5, 2, 6)],
      notes="tcp-reset on both hosts, no log; the firewall logs probes of another port meanwhile")
fault("pharmacy-egress-dropped", "firewall", "drop", N_PHARMACY, "edge1", rules("edge1", "iptables -A OUTPUT -p tcp --dport 9390 -j LOG --log-prefix 'OUT-BLOCK: '", "iptables -A OUTPUT -p tcp --dport 9390 -j DROP"), no_firewall("edge1"), at1("pharmacy", 5),
      nginx={"connect": "2s", **COMBINED}, kernel={"OUT-BLOCK: ": "edge1"}, notes="the proxy's own firewall logs and drops what goes out to 9390")
fault("claims-egress-rejected", "firewall", "reject", H_CLAIMS, "edge2", nft("edge2", "output", "tcp dport 6443 reject with tcp reset"), no_nft("edge2"), at2("claims", 4), haproxy=NO, notes="nftables on the proxy's own host rejects what goes out to 6443, without a log")
fault("slots-subnet-dropped-on-one", "firewall", "drop", ng("slots-api", SLOTS[1]), "app2", rules("app2", "iptables -I INPUT -s 10.85.0.8/29 -p tcp --dport 7401 -j DROP"), no_firewall("app2"), at1("slots", 9), nginx={**EACH_SLOT, "connect": "2s", **JSON},
      notes="one of three hosts drops what comes from the proxies' subnet, without a log; no retries")
fault("intake-conntrack-full", "firewall", "conntrack_full", N_INTAKE, "app3", connections_tracked(7), connections_tracked(262144), {**silent("slots", "pharmacy", "claims"), **at1("intake", 12)},
      setup=both(behave("app3", "intake", delay=1), do("app3", "iptables -A INPUT -m conntrack --ctstate ESTABLISHED,NEW -j ACCEPT")), nginx={"connect": "2s", **TIMED}, kernel={"nf_conntrack: table full": "app3"}, notes="nf_conntrack_max 7, felt by the only host whose firewall tracks connections")

# ---- tls_mismatch

fault("imaging-https-to-http", "tls_mismatch", "https_to_http", N_IMAGING, "edge1/nginx", nginx_with(locations={"/studies": "proxy_pass https://pacs_viewer;"}, **TIMED), nginx_with(**TIMED), at1("imaging", 6), nginx=TIMED, notes="https:// towards plain node after a reload")
fault("pharmacy-https-to-http", "tls_mismatch", "https_to_http", H_PHARMACY, "edge2/haproxy", haproxy_with(backends={"app_rx": {"rx1": PHARMACY + " ssl verify none"}}), haproxy_with(), at2("pharmacy", 4), notes="ssl towards plain starman after a reload; health checks on")
fault("claims-http-to-https", "tls_mismatch", "http_to_https", N_CLAIMS, "edge1/nginx", nginx_with(locations={"/claims": "proxy_pass http://claims_secure;"}, **COMBINED), nginx_with(**COMBINED), at1("claims", 5), nginx=COMBINED, notes="http:// towards a server with TLS after a reload")
fault("portal-http-to-https", "tls_mismatch", "http_to_https", H_PORTAL, "edge2/haproxy", haproxy_with(backends={"app_portal": {"www2": PORTAL}}, checks=False, log="long"), haproxy_with(checks=False, log="long"), at2("portal", 5), haproxy={**NO, "log": "long"},
      notes="the ssl words are gone after a reload, lighttpd speaks TLS")
fault("claims-expired", "tls_mismatch", "certificate_expired", N_CLAIMS, "app3/claims", deploy("app3", "claims", CERTIFICATE=f"{CERTIFICATES}/claims-expired"), deploy("app3", "claims"), at1("claims", 4), nginx=KV, zone=ADELAIDE, notes="restarted with a certificate that expired yesterday")
fault("portal-expired", "tls_mismatch", "certificate_expired", H_PORTAL, "app2/portal", configure("app2", PORTAL_FILE, lighttpd("portal-expired"), "portal", "restart"), configure("app2", PORTAL_FILE, lighttpd(), "portal", "restart"), at2("portal", 5),
      notes="lighttpd restarted with an expired certificate; health checks on")
fault("portal-other-authority", "tls_mismatch", "certificate_untrusted", N_PORTAL, "app2/portal", configure("app2", PORTAL_FILE, lighttpd("portal-other"), "portal", "restart"), configure("app2", PORTAL_FILE, lighttpd(), "portal", "restart"), at1("portal", 4), nginx=JSON,
      notes="lighttpd restarted with a certificate of an authority that nginx does not trust")
fault("claims-trust-file-replaced", "tls_mismatch", "certificate_untrusted", H_CLAIMS, "edge2/haproxy", haproxy_with(backends={"app_claims": {"gw3": CLAIMS + tls("claims", "/etc/ssl/lab/other.pem")}}, checks=False), haproxy_with(checks=False), at2("claims", 4), haproxy=NO,
      notes="haproxy's ca-file has another authority after a reload")
fault("claims-name-of-other-house", "tls_mismatch", "certificate_name", N_CLAIMS, "app3/claims", deploy("app3", "claims", CERTIFICATE=f"{CERTIFICATES}/claims-wrong"), deploy("app3", "claims"), at1("claims", 6), nginx=TIMED, notes="restarted with a certificate for claims.hospital.lab")
fault("portal-name-changed-in-haproxy", "tls_mismatch", "certificate_name", H_PORTAL, "edge2/haproxy", haproxy_with(backends={"app_portal": {"www2": PORTAL + tls("patients")}}), haproxy_with(), at2("portal", 4), notes="verifyhost patients.clinic.lab after a reload; health checks on")
fault("claims-too-new", "tls_mismatch", "protocol_version", N_CLAIMS, "app3/claims", deploy("app3", "claims", TLS_FROM="TLSv1_3"), deploy("app3", "claims"), at1("claims", 5),
      nginx={"locations": {"/claims": f"proxy_pass https://claims_secure; {verified('claims', 'proxy_ssl_protocols TLSv1.2;')}"}, **COMBINED}, notes="restarted for TLS 1.3 only, nginx speaks 1.2")
fault("portal-too-old", "tls_mismatch", "protocol_version", H_PORTAL, "edge2/haproxy", haproxy_with(backends={"app_portal": {"www2": PORTAL + tls("portal", more=" ssl-min-ver TLSv1.3")}}, checks=False), haproxy_with(checks=False), at2("portal", 5), haproxy=NO,
      setup=configure("app2", PORTAL_FILE, lighttpd(more='ssl.openssl.ssl-conf-cmd = ("MinProtocol" => "TLSv1.2", "MaxProtocol" => "TLSv1.2")'), "portal", "restart"), notes="haproxy wants at least TLS 1.3 after a reload, lighttpd speaks 1.2")
fault("claims-client-certificate", "tls_mismatch", "client_certificate_required", H_CLAIMS, "app3/claims", deploy("app3", "claims", CLIENTS_SIGNED_BY="/etc/ssl/lab/ca.pem"), deploy("app3", "claims"), at2("claims", 4), haproxy={**NO, "log": "kv"},
      notes="restarted with a demand for client certificates, haproxy has none")
fault("portal-client-certificate", "tls_mismatch", "client_certificate_required", N_PORTAL, "app2/portal",
      configure("app2", PORTAL_FILE, lighttpd(more='ssl.verifyclient.activate = "enable"\nssl.verifyclient.enforce = "enable"\nssl.verifyclient.ca-file = "/etc/ssl/lab/ca.pem"'), "portal", "restart"), configure("app2", PORTAL_FILE, lighttpd(), "portal", "restart"), at1("portal", 5),
      nginx=KV, notes="lighttpd restarted with ssl.verifyclient, nginx has no certificate")

# ---- app_crash

fault("labs-panic", "app_crash", "exit_error", N_LABS, "app1/labs", behave("app1", "labs", panic=1), nothing, at1("labs", 7), steps=[(2, calm("app1", "labs"))], setup=dropin("app1", "labs", "[Service]\nRestartSec=8\n"), span=12, nginx=TIMED, notes="a panic with a trace of goroutines, exit 2")
fault("imaging-uncaught-type-error", "app_crash", "exit_error", H_IMAGING, "app2/imaging", behave("app2", "imaging", throws=True), nothing, at2("imaging", 9), steps=[(2, calm("app2", "imaging"))], setup=dropin("app2", "imaging", "[Service]\nRestartSec=7\n"), span=12,
      haproxy={**NO, "log": "clf"}, notes="an uncaught TypeError ends node")
fault("labs-segfault-busy", "app_crash", "segfault", N_LABS, "app1/labs", behave("app1", "labs", null=1, delay=0.3), nothing, at1("labs", 40), steps=[(2, calm("app1", "labs"))], setup=dropin("app1", "labs", "[Service]\nRestartSec=8\n"), span=12, nginx=COMBINED,
      notes="a write to address 24; forty requests a second")
fault("records-jvm-fatal-error", "app_crash", "segfault", H_RECORDS1, "app1/records", behave("app1", "records", wild=1), nothing, at2("records", 6), steps=[(2, calm("app1", "records"))], setup=dropin("app1", "records", "[Service]\nRestartSec=8\n"), span=13,
      haproxy={**H_ONE_RECORDS, **NO}, notes="Java writes to address 64: a fatal error has been detected, SIGSEGV in its report, then abort")
fault("pharmacy-killed", "app_crash", "killed", N_PHARMACY, "app3/pharmacy", kill_main("app3", "pharmacy"), nothing, at1("pharmacy", 6), setup=dropin("app3", "pharmacy", "[Service]\nRestartSec=9\nTimeoutStopSec=1\n"), span=13, nginx=KV, notes="kill -9 of starman's master")
fault("labs-assertion", "app_crash", "killed", H_LABS, "app1/labs", behave("app1", "labs", abort=1), nothing, at2("labs", 6), steps=[(2, calm("app1", "labs"))], setup=dropin("app1", "labs", "[Service]\nRestartSec=8\n"), span=12, haproxy={"log": "long"},
      notes="an assertion fails, SIGABRT: ended by a signal that is no memory fault; health checks on")
fault("intake-watchdog", "app_crash", "killed", N_INTAKE, "app3/intake", behave("app3", "intake", deadlock=1), nothing, at1("intake", 6), steps=[(2, calm("app3", "intake"))], setup=dropin("app3", "intake", "[Service]\nWatchdogSec=4\nRestartSec=8\n"), span=17, nginx=JSON,
      acceptable=["backend_timeout"], notes="a lock is never given back, the service no longer tells systemd that it lives: watchdog, SIGABRT, restarted after 8 s; acceptable: it hung before it was killed")
LOOP = "[Service]\nRestartSec=400ms\n"
fault("slots-import-error-loop", "app_crash", "crash_loop", H_SLOT1, "app1/slots", deploy("app1", "slots", PYTHONPATH="/opt/clinic/lib"), again("app1", "slots"), at2("slots", 6), setup=dropin("app1", "slots", LOOP), haproxy={**H_ONE_SLOT, "log": "kv"},
      notes="ModuleNotFoundError at each start until systemd gives up")
fault("labs-panic-loop", "app_crash", "crash_loop", N_LABS, "app1/labs", deploy("app1", "labs", CONFIG="/etc/labs/racks.yaml"), again("app1", "labs"), at1("labs", 5), setup=dropin("app1", "labs", LOOP), nginx=KV, notes="a file of the configuration is missing: panic at each start, exit 2, until systemd gives up")
fault("imaging-oom", "app_crash", "oom_kill", N_IMAGING, "app2/imaging", both(limit("app2", "imaging", 100), behave("app2", "imaging", buffer=10)), both(calm("app2", "imaging"), unlimit, start("app2", "imaging")), at1("imaging", 5), nginx=TIMED, span=18,
      notes="node keeps buffers in a memory limit and is killed by the kernel")
fault("records-oom", "app_crash", "oom_kill", H_RECORDS1, "app1/records", both(limit("app1", "records", 110), behave("app1", "records", leak=7)), both(calm("app1", "records"), unlimit, start("app1", "records")), at2("records", 6), setup=environment("app1", "records", HEAP="400m"),
      haproxy={**H_ONE_RECORDS, **NO, "log": "clf"}, span=18, notes="a Java heap that is greater than the memory limit: killed by the kernel")
fault("imaging-heap-limit", "app_crash", "heap_exhausted", N_IMAGING, "app2/imaging", behave("app2", "imaging", leak=6), calm("app2", "imaging"), at1("imaging", 6), setup=environment("app2", "imaging", NODE_FLAGS="--max-old-space-size=32"), nginx=COMBINED, span=18,
      notes="node reaches its heap limit: abort, again and again")
fault("records-heap-crash", "app_crash", "heap_exhausted", H_RECORDS1, "app1/records", behave("app1", "records", leak=5), calm("app1", "records"), at2("records", 6), setup=environment("app1", "records", HEAP="40m", JVM="-XX:+CrashOnOutOfMemoryError"), haproxy={**H_ONE_RECORDS, **NO}, span=18,
      notes="OutOfMemoryError with CrashOnOutOfMemoryError: the JVM aborts, systemd starts it again")

# ---- bad_response

fault("imaging-cookies", "bad_response", "header_too_big", N_IMAGING, "app2/imaging", behave("app2", "imaging", cookies=3), calm("app2", "imaging"), at1("imaging", 6), nginx=JSON, notes="11 kB of cookies")
fault("records-cookies", "bad_response", "header_too_big", H_RECORDS, "app1/records", both(behave("app1", "records", cookies=6), behave("app2", "records", cookies=6)), both(calm("app1", "records"), calm("app2", "records")), at2("records", 5), haproxy={"log": "kv"}, notes="24 kB of cookies from both servers")
fault("labs-header-with-blanks", "bad_response", "invalid_response", N_LABS, "app1/labs", behave("app1", "labs", header=1, share=0.5), calm("app1", "labs"), at1("labs", 8), nginx=TIMED, notes="every other answer has a header whose name has blanks")
fault("labs-hangs-up", "bad_response", "closed_early", H_LABS, "app1/labs", behave("app1", "labs", hang_up=1, share=0.5), calm("app1", "labs"), at2("labs", 10), haproxy={"log": "long"}, notes="every other connection ends without an answer")
fault("intake-keepalive-race", "bad_response", "keepalive_race", N_INTAKE, "app3/intake", deploy("app3", "intake", KEEP=140, PAUSE=12), deploy("app3", "intake"), {("edge1", "intake"): 0}, streams=["edge1,10.85.0.11,/intake/form,10,30,POST"],
      nginx={"upstreams": {"intake_desk": [f"server {INTAKE}", "keepalive 8"]}, "locations": {"/intake/": 'proxy_pass http://intake_desk; proxy_set_header Connection ""'}, **TIMED}, span=40, notes="deployed with keep-alive: the server closes what idled for 140 ms 12 ms later, nginx posts into some of these")

# ---- host_unreachable

fault("imaging-host-gone", "host_unreachable", "host_down", H_IMAGING, "app2", host_down("app2"), host_up("app2"), {**silent(*APP2_HAS), **at2("imaging", 5)}, haproxy={"connect": "1s", "log": "long"}, span=20, tail=14, notes="the machine gone at once, booted again after 20 s; health checks on")
fault("pharmacy-network-off", "host_unreachable", "link_down", N_PHARMACY, "app3", do("app3", "ip link set eth0 down"), do("app3", "ip link set eth0 up"), {**silent(*APP3_HAS), **at1("pharmacy", 4)}, nginx={"connect": "2s", **KV}, notes="the host's network card is set down")
fault("labs-cut-off-from-nginx", "host_unreachable", "partition", N_LABS, "app1", isolate("edge1", "app1"), isolate("edge1", "app1", False), {**silent(*APP1_HAS), **at1("labs", 5), **at2("labs", 2)}, nginx={"connect": "2s", **JSON},
      notes="the switch no longer forwards between nginx' host and app1; haproxy's host still reaches it")

# ---- app_error

fault("imaging-store-refuses", "app_error", "passed_through", N_IMAGING, "app2/imaging", behave("app2", "imaging", store=APP1), calm("app2", "imaging"), at1("imaging", 5), nginx=COMBINED, notes="the application's own database refuses it (ECONNREFUSED), it answers 503")

# ---- proxy_exhausted

fault("imaging-haproxy-local-ports", "proxy_exhausted", "ephemeral_ports", H_IMAGING, "edge2/haproxy", both(local_ports("edge2", "43100 43109"), behave("app2", "imaging", delay=4)), both(local_ports("edge2", "32768 60999"), calm("app2", "imaging")), at2("imaging", 8), haproxy={**NO, "log": "clf"},
      notes="ten local ports and a page that takes 4 s")
BEHIND = {"backends": {"app_viewer": {"web1": "10.85.0.11:80"}}, **NO}
IDLE = "import socket, time; held = [socket.create_connection((\"10.85.0.11\", 80)) for _ in range(60)]; time.sleep(17)"
fault("chain-nginx-descriptors", "proxy_exhausted", "file_descriptors", [ha("app_viewer", web1="10.85.0.11:80"), N_IMAGING], "edge1/nginx", do("app1", f"setsid python3 -c '{IDLE}' >/dev/null 2>&1 &"), nothing, {**at2("imaging", 8), **{("edge1", s): 0 for s in CLINIC.paths}},
      haproxy={**BEHIND, "server": "4s"}, nginx={"main": "worker_rlimit_nofile 40;\n", **JSON}, span=17, tail=14, notes="haproxy, nginx, node: sixty clients connect to nginx and say nothing, of its forty descriptors none is left")
fault("chain-nginx-connections", "proxy_exhausted", "worker_connections", [ha("app_viewer", web1="10.85.0.11:80"), N_IMAGING], "edge1/nginx", behave("app2", "imaging", delay=5), calm("app2", "imaging"), {**at2("imaging", 10), **{("edge1", s): 0 for s in CLINIC.paths}},
      haproxy={**BEHIND, "log": "kv"}, nginx={"connections": 34, **TIMED}, span=18, notes="haproxy, nginx, node: 34 worker_connections and a page that takes 5 s, nginx hangs up on haproxy")
ABORTS = do("edge1", "setsid sh -c 'for n in $(seq 60); do pkill -ABRT -P $(cat /run/nginx.pid); sleep 0.25; done' >/dev/null 2>&1 &")
fault("chain-nginx-workers-abort", "proxy_exhausted", "proxy_crash", [ha("app_viewer", web1="10.85.0.11:80"), N_IMAGING], "edge1/nginx", both(behave("app2", "imaging", delay=0.5), ABORTS), calm("app2", "imaging"), {**at2("imaging", 8), **{("edge1", s): 0 for s in CLINIC.paths}},
      haproxy=BEHIND, nginx=COMBINED, span=18, acceptable=["app_crash"], notes="haproxy, nginx, node: nginx' workers end by SIGABRT four times a second; acceptable: to haproxy it is a backend that crashes")

# ---- several faults

SEVERAL = {"healthy": 16, "tail": 10}
FOURTH.add("two-stopped-and-expired", both(stop("app1", "labs"), configure("app2", PORTAL_FILE, lighttpd("portal-expired"), "portal", "restart")), both(start("app1", "labs"), configure("app2", PORTAL_FILE, lighttpd(), "portal", "restart")),
           [incident("backend_down", "clean_stop", N_LABS, "app1", "labs"), incident("tls_mismatch", "certificate_expired", N_PORTAL, "app2", "portal")], {**at1("labs", 5), **at1("portal", 4)}, nginx=COMBINED, **SEVERAL,
           notes="one service stopped, another restarted with an expired certificate")
FOURTH.add("crash-during-a-slow-one", behave("app3", "pharmacy", delay=12), calm("app3", "pharmacy"), [incident("backend_timeout", "slow_response", H_PHARMACY, "app3", "pharmacy"), incident("app_crash", "exit_error", H_LABS, "app1", "labs")],
           {**at2("pharmacy", 3), **at2("labs", 6)}, steps=[(12, behave("app1", "labs", panic=1)), (14, calm("app1", "labs"))], span=28, healthy=16, tail=10, haproxy={"server": "3s", **NO},
           setup=both(environment("app3", "pharmacy", WORKERS=60), dropin("app1", "labs", "[Service]\nRestartSec=9\n")), notes="one service is slow for half a minute; 12 s into that another one on another host panics")
FOURTH.add("two-on-two-proxies", both(nginx_with(upstreams={"intake_desk": [f"server {APP3}:7262"]}, **KV), on_all("slots", health=500)), both(nginx_with(**KV), calm_all("slots")),
           [incident("wrong_upstream", "wrong_port", ng("intake_desk", f"{APP3}:7262"), "edge1", "nginx"), incident("backend_down", "health_check_failing", H_SLOTS, "app1", "slots")], {**at1("intake", 5), **at2("slots", 8)}, nginx=KV, **SEVERAL,
           notes="7262 instead of 7622 in nginx after a reload, and failing health pages behind haproxy")

# ---- faults among other events

fault("slow-while-others-crash", "backend_timeout", "slow_response", H_PHARMACY, "app3/pharmacy", both(behave("app3", "pharmacy", delay=9), behave("app3", "labelprint", now=1)), both(calm("app3", "pharmacy"), calm("app3", "labelprint")), at2("pharmacy", 3),
      setup=environment("app3", "pharmacy", WORKERS=50), prepare=logins_and_cron("app3"), steps=[(6, logins("app3"))], haproxy={"server": "3s", **NO}, span=20, notes="pages take 9 s; a label printer on that host ends by segmentation faults, somebody tries to log in")
fault("drop-among-logins", "firewall", "drop", N_INTAKE, "app3", rules("app3", "iptables -I INPUT -p tcp --dport 7622 -j DROP"), no_firewall("app3"), at1("intake", 5), prepare=both(logins_and_cron("app3"), bridge_fails("app3")), steps=[(-6, logins("app3")), (16, bridge_stopped("app3"))],
      nginx={"connect": "2s", **COMBINED}, notes="dropped without a log; a unit that no proxy asks for fails every 3 s, somebody tries to log in")
fault("wrong-port-while-archiver-oom", "wrong_upstream", "wrong_port", ha("app_viewer", pacs2=f"{APP2}:7117"), "edge2/haproxy", both(archiver_killed("app2"), haproxy_with(backends={"app_viewer": {"pacs2": f"{APP2}:7117"}}, checks=False)),
      both(haproxy_with(checks=False), archiver_spared("app2")), at2("imaging", 5), haproxy=NO, notes="7117 instead of 7711 after a reload; another unit of that host is OOM-killed meanwhile")
fault("stopped-while-archiver-oom", "backend_down", "clean_stop", N_IMAGING, "app2/imaging", stop("app2", "imaging"), both(start("app2", "imaging"), archiver_spared("app2")), at1("imaging", 4), steps=[(-6, archiver_killed("app2"))], nginx=TIMED,
      notes="stopped; another unit of that host is OOM-killed before and meanwhile")
fault("panic-among-firewall-lines", "app_crash", "exit_error", N_LABS, "app1/labs", behave("app1", "labs", panic=1), no_nft("app1"), at1("labs", 5), setup=dropin("app1", "labs", "[Service]\nRestartSec=9\n"), steps=[(2, calm("app1", "labs")), *((t, do("edge2", "timeout 1 socat - TCP:10.85.0.21:3306,connect-timeout=1")) for t in (-7, -1, 3, 6))],
      prepare=nft("app1", "input", "tcp dport 3306 log prefix '\"ward-in-drop \"' drop"), nginx=JSON, notes="a panic; the firewall of that host logs and drops probes of another port, from haproxy's host")

# ---- controls


def control(name, sub_cause, how, repair, rates, **more):
    FOURTH.add(name, how, repair, [], rates, sub_cause=sub_cause, **{"healthy": 16, "span": 15, "tail": 10, **more})


def rolled(n):
    return both(runtime(f"set server app_slots/s-2{n} state drain"), pause(1.5), restart(f"app{n}", "slots"), pause(3), runtime(f"set server app_slots/s-2{n} state ready"), pause(1))


control("control-rolling-deploy", "graceful_deploy", both(rolled(1), rolled(2), rolled(3)), nothing, {**at2("slots", 12), ("edge1", "slots"): 0}, span=21, notes="three servers drained, restarted and set to ready, one after the other; no request fails")
control("control-reloads", "plain_reload", both(nginx_with(read="7s", **KV), haproxy_with(queue="5s"), pause(4), nginx_with(**KV), haproxy_with()), nothing, {**at1("records", 6), **at2("records", 6), **at1("labs", 20)}, nginx=KV, notes="nginx and haproxy reloaded twice")
control("control-scanner", "client_errors", do("app1", "for h in 10.85.0.11 10.85.0.12; do for p in .git/config wp-admin/setup.php staff staff/1 vendor/phpunit solr/admin; do curl -s -o /dev/null http://$h/$p; done; done"), nothing, {**at1("labs", 5), **at2("labs", 5)}, nginx=COMBINED,
        streams=["edge1,10.85.0.11,/staff,6", "edge1,10.85.0.11,/old-site,10"], notes="401 and 404 all the time, a scanner asks both proxies")
control("control-application-500", "app_500", both(behave("app2", "imaging", status=500), behave("app3", "pharmacy", status=500)), both(calm("app2", "imaging"), calm("app3", "pharmacy")), {**at1("imaging", 5), **at2("pharmacy", 5)}, nginx=JSON, haproxy={"log": "long"},
        notes="two applications answer 500")
control("control-clients-leave", "clients_give_up", both(behave("app3", "intake", delay=2.5), behave("app2", "imaging", delay=2.5)), both(calm("app3", "intake"), calm("app2", "imaging")), {**at1("intake", 4), **at2("imaging", 4)}, patience=0.9, nginx=TIMED, haproxy={"log": "kv"},
        notes="answers take 2.5 s, clients go after 0.9 s")
control("control-others-crash", "unrelated_oom", both(archiver_killed("app1"), behave("app3", "labelprint", now=1), logins("app1")), both(archiver_spared("app1"), calm("app3", "labelprint")), {**at1("labs", 6), **at2("pharmacy", 5)}, prepare=logins_and_cron("app1"), nginx=KV,
        notes="an archiver is OOM-killed, a label printer ends by segmentation faults, somebody tries to log in; no request fails")
control("control-unused-backend-in-maintenance", "maintenance", runtime("set server app_old/old1 state maint"), runtime("set server app_old/old1 state ready"), {**at2("labs", 5), **at2("records", 5)}, haproxy={"backends": {"app_old": {"old1": f"{APP3}:7622"}}},
        notes="the only server of a backend that nobody asks is set to maintenance: has no server available")
control("control-slow-but-in-time", "slow_but_fine", both(behave("app3", "intake", delay=4), behave("app1", "labs", delay=3)), both(calm("app3", "intake"), calm("app1", "labs")), {**at1("intake", 4), **at2("labs", 4)}, nginx=COMBINED, haproxy={"log": "clf"}, notes="answers take 4 and 3 s and are all 200")
control("control-retries-save-all", "masked_by_retry", both(kill_main("app2", "records"), do("app3", "systemctl stop slots")), start("app3", "slots"), {**at1("slots", 10), **at1("records", 5)}, setup=dropin("app2", "records", "[Service]\nRestartSec=10\n"), nginx=TIMED,
        notes="one of two servers killed, one of three stopped; nginx' retries save each request")
control("control-drops-elsewhere", "port_scan", nft("app1", "input", "tcp dport 1-1023 log prefix '\"low ports \"' drop"), no_nft("app1"), {**at1("labs", 5), **at2("labs", 5)}, steps=[(t, do("edge1", "for p in 22 25 110; do timeout 1 socat - TCP:10.85.0.21:$p,connect-timeout=1; done")) for t in (2, 8)],
        nginx=KV, notes="a firewall drops and logs a scan of other ports, from nginx' host")
