"""The third set: faults of the railway, written without a look at the rules, to measure how far they reach. Causes have the names that incidents have."""

from hosts import CLIENTS
from rail import BOARDS_FILE, CREW_FILE, CREW_NAME, KEPT, PASSES_FILE, RAIL, VERIFY, VOUCHERS_NAME, apache, boards, stunnel, tls
from scenario import Catalogue, at1, at2, ha, incident, ng
from verbs import (behave, both, calm, connections_tracked, deploy, do, dropin, environment, haproxy_with, host_down, host_up, isolate, kill_main, limit, local_ports,
                   name_server, name_table, nginx_with, nothing, pause, power_off, restart, runtime, start, stop, unlimit, write)

THIRD = Catalogue(RAIL)
APP1, APP2, APP3 = "10.85.0.21", "10.85.0.22", "10.85.0.23"
SEATS = [f"{host}:5150" for host in (APP1, APP2, APP3)]
FARES1, FARES2, TICKETS, TIMETABLE, LOYALTY, PRINTER, PASSES = f"{APP1}:6090", f"{APP2}:6090", f"{APP1}:9292", f"{APP2}:3031", f"{APP2}:50051", f"{APP1}:4000", f"{APP2}:8070"
VOUCHERS, CREW, BOARDS, CONSENT, LIVE = f"{APP3}:8543", f"{APP3}:9943", f"{APP3}:8180", "unix:/run/consent/uwsgi.sock", "unix:/run/live/http.sock"

N_SEATS, N_FARES, N_TICKETS, N_LOYALTY = ng("seats_ring", *SEATS), ng("fares.rail", FARES1, FARES2), ng("tickets-puma", TICKETS), ng("loyalty_grpc", LOYALTY)
N_TIMETABLE, N_PRINTER, N_PASSES = ng(TIMETABLE, TIMETABLE), ng("app1.lab:4000", PRINTER, "app1.lab:4000"), ng("passes", PASSES, "app2.lab:8070")
N_BOARDS, N_VOUCHERS, N_CREW, N_CONSENT = ng("departure_boards", BOARDS), ng("vouchers_tls", VOUCHERS), ng(CREW, CREW), ng(CONSENT, CONSENT, "/run/consent/uwsgi.sock")
N_LIVE = {"proxy": "app3", "kind": "nginx", "name": "live_socket", "servers": [LIVE]}
H_SEATS, H_FARES, H_TICKETS, H_LOYALTY = ha("be-seats", carriage1=SEATS[0], carriage2=SEATS[1], carriage3=SEATS[2]), ha("be-fares", f1=FARES1, f2=FARES2), ha("be-tickets", puma=TICKETS), ha("be-loyalty", points=LOYALTY)
H_VOUCHERS, H_CREW, H_PASSES, H_RAW = ha("be-vouchers", gw3=VOUCHERS), ha("be-crew", stunnel=CREW), ha("be-passes", season=PASSES), ha("raw-boards", gw3=BOARDS)

NO, COMBINED, MAIN, LOGFMT, PIPE, JSON = {"checks": False}, {"log": "combined"}, {"log": "main"}, {"log": "logfmt"}, {"log": "pipe"}, {"log": "json"}
TOKYO, SAO_PAULO = "Asia/Tokyo", "America/Sao_Paulo"
NO_RETRY = {"server": "        proxy_next_upstream off;\n"}
FARES1_ONLY, FARES2_ONLY = {"upstreams": {"fares.rail": [f"server {FARES1}"]}}, {"backends": {"be-fares": {"f2": FARES2}}}
N_FARES1, H_FARES2 = ng("fares.rail", FARES1), ha("be-fares", f2=FARES2)
HOSTS = ("app1", "app2", "app3")
APP1_HAS, APP2_HAS, APP3_HAS = ("seats", "fares", "tickets", "printer"), ("seats", "fares", "timetable", "loyalty", "passes"), ("seats", "departures", "vouchers", "crew")


def configure(host, file, text, unit, how="reload"):
    return both(write(host, file, text), do(host, f"systemctl {how} {unit}"))


def unconfigure(host, unit):
    return do(host, f"rm -rf /etc/systemd/system/{unit}.service.d; systemctl daemon-reload; systemctl reset-failed {unit}; systemctl restart {unit}")


def rules(host, *commands):
    return do(host, "; ".join(commands))


def no_rules(host):
    return do(host, "iptables -F; iptables -t raw -F; ip6tables -F")


def silent(*services):
    """Nobody asks for these: they would fail too."""
    return {(proxy, service): 0 for service in services for proxy in ("edge1", "edge2")}


def on_all(unit, **how):
    return both(*(behave(host, unit, **how) for host in HOSTS))


def calm_all(unit):
    return both(*(calm(host, unit) for host in HOSTS))


def fault(name, cause, sub_cause, upstreams, culprit, how, repair, rates, **more):
    """A scenario with one incident; the culprit is HOST or HOST/UNIT."""
    THIRD.add(name, how, repair, [incident(cause, sub_cause, upstreams, *culprit.split("/"))], rates, **more)


# ---- backend_down

fault("seats-stopped-one-after-the-other", "backend_down", "clean_stop", N_SEATS, "app1/seats", both(stop("app2", "seats"), pause(4), stop("app3", "seats"), pause(4), stop("app1", "seats")),
      both(start("app1", "seats"), start("app2", "seats"), start("app3", "seats")), at1("seats", 25), nginx=COMBINED, span=28,
      notes="the servers of a zone with least_conn, weights and a backup are stopped 4 s apart; until the last one nginx' retries save the requests")
fault("fares-jvm-stopped-exits-143", "backend_down", "clean_stop", H_FARES2, "app2/fares", stop("app2", "fares"), start("app2", "fares"), at2("fares", 6), haproxy={**FARES2_ONLY, "log": "captures"},
      notes="systemctl stop of a Java server, which exits with 143: systemd calls it failed")
fault("consent-socket-left-behind", "backend_down", "clean_stop", N_CONSENT, "edge1/consent", stop("edge1", "consent"), start("edge1", "consent"), at1("consent", 3), nginx=LOGFMT,
      notes="uwsgi stopped; its socket's file stays: refused, not missing")
fault("seats-ends-by-itself-with-0", "backend_down", "clean_stop", ng("seats_ring", SEATS[0]), "app1/seats", behave("app1", "seats", ends=1), start("app1", "seats"), at1("seats", 8), steps=[(2, calm("app1", "seats"))],
      nginx={"upstreams": {"seats_ring": [f"server {SEATS[0]}"]}, **PIPE}, acceptable=["app_crash"], notes="the only server ends with status 0 though nobody asked it to; acceptable: it was no operator's stop, so one may call it the application's fault")
fault("crew-terminator-masked", "backend_down", "clean_stop", H_CREW, "app3/crew-tls", do("app3", "systemctl mask --runtime --now crew-tls"), do("app3", "systemctl unmask --runtime crew-tls; systemctl start crew-tls"),
      at2("crew", 3), zone=TOKYO, notes="systemctl mask --now of the TLS terminator, the service behind it runs on")
fault("tickets-deployed-twice", "backend_down", "deploy_restart", N_TICKETS, "app1/tickets",
      both(do("app1", "systemctl stop tickets; sleep 3; systemctl start tickets"), pause(3), do("app1", "systemctl stop tickets; sleep 4; systemctl start tickets")), nothing,
      {("edge1", "tickets"): 0}, streams=["edge1,10.85.0.11,/tickets/order,8,30,POST"], span=14, nginx=MAIN, notes="puma deployed, and 3 s later again; POST only")
fault("fares-jvm-loads-long", "backend_down", "deploy_restart", H_FARES2, "app2/fares", deploy("app2", "fares", LOADING=9), nothing, at2("fares", 3), span=14, haproxy={**FARES2_ONLY, **NO, "log": "clf"},
      notes="systemctl restart of a Java server that loads tables for 9 s before it listens; access log as clf")
fault("loyalty-rolling-without-overlap", "backend_down", "deploy_restart", [N_LOYALTY, H_LOYALTY], "app2/loyalty",
      do("app2", "systemctl stop loyalty; sleep 5; systemctl start loyalty"), nothing, {**at1("loyalty", 4), **at2("loyalty", 4)}, span=10, nginx=LOGFMT, haproxy=NO, notes="an HTTP/2 server deployed: stop, 5 s, start; both proxies")
fault("passes-apache-syntax-error", "backend_down", "never_started", H_PASSES, "app2/passes", configure("app2", PASSES_FILE, apache(more="Requestheader set X-Deploy 41\n"), "passes", "restart"),
      both(write("app2", PASSES_FILE, apache()), do("app2", "systemctl restart passes")), at2("passes", 4), setup=dropin("app2", "passes", "[Service]\nRestartSec=40\n"),
      notes="a directive whose module is not loaded: Apache does not start any more")
fault("printer-working-directory-missing", "backend_down", "never_started", N_PRINTER, "app1/printer", both(dropin("app1", "printer", "[Service]\nWorkingDirectory=/srv/printer/releases/58\nRestartSec=40\n", True), restart("app1", "printer")),
      unconfigure("app1", "printer"), at1("printer", 2), nginx=COMBINED, notes="a deploy with a working directory that does not exist: 200/CHDIR; SCGI")
fault("tickets-environment-file-missing", "backend_down", "never_started", H_TICKETS, "app1/tickets",
      both(dropin("app1", "tickets", "[Service]\nEnvironmentFile=/etc/tickets/secrets.env\nRestart=no\n", True), restart("app1", "tickets")), unconfigure("app1", "tickets"), at2("tickets", 5), haproxy=NO,
      notes="a deploy with an environment file that is not there: result resources")
fault("loyalty-dependency-failed", "backend_down", "never_started", N_LOYALTY, "app2/loyalty",
      both(write("app2", "/etc/systemd/system/points-store.service", "[Unit]\nDescription=Store of loyalty points\n[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo \"cannot mount /srv/points: stale file handle\" >&2; exit 32'\n"),
           dropin("app2", "loyalty", "[Unit]\nRequires=points-store.service\nAfter=points-store.service\n", True), restart("app2", "loyalty")),
      both(do("app2", "rm /etc/systemd/system/points-store.service"), unconfigure("app2", "loyalty")), at1("loyalty", 4), nginx=JSON, notes="restarted; a unit that it requires fails, so it is not started; grpc_pass")
fault("passes-drained", "backend_down", "maintenance", H_PASSES, "edge2/haproxy", runtime("set server be-passes/season state drain"), runtime("set server be-passes/season state ready"), at2("passes", 6), haproxy={"log": "extended"},
      notes="the only server set to drain through the stats socket")
fault("fares-marked-down-in-nginx", "backend_down", "maintenance", N_FARES, "edge1/nginx", nginx_with(upstreams={"fares.rail": [f"server {FARES1} down", f"server {FARES2} down"]}, **PIPE), nginx_with(**PIPE), at1("fares", 9), nginx=PIPE,
      acceptable=["wrong_upstream"], notes="both servers marked down in nginx.conf, reload: no live upstreams; acceptable: a wrong configuration as well as maintenance")
fault("seats-agent-says-down", "backend_down", "health_check_failing", ha("be-seats", carriage1=SEATS[0]), "app1", behave("app1", "agent", says="down #disk full"), behave("app1", "agent", says="up"), at2("seats", 15),
      haproxy={"backends": {"be-seats": {"carriage1": SEATS[0] + " agent-check agent-port 7788 agent-inter 1s"}}}, notes="the load agent beside the only server tells haproxy: down, disk full; the server itself is fine")
fault("fares-health-page-slow", "backend_down", "health_check_failing", H_FARES, "app1/fares", both(behave("app1", "fares", ping_delay=5), behave("app2", "fares", ping_delay=5)), both(calm("app1", "fares"), calm("app2", "fares")), at2("fares", 5),
      haproxy={"log": "captures"}, notes="/ping takes 5 s on both servers and checks wait 1.5 s; everything else is fine")
fault("consent-socket-moved", "backend_down", "unix_socket_missing", N_CONSENT, "edge1/consent", both(do("edge1", "rm /run/consent/uwsgi.sock"), deploy("edge1", "consent", SOCKET="/run/consent/consent.sock")),
      deploy("edge1", "consent", SOCKET="/run/consent/uwsgi.sock"), at1("consent", 5), nginx=MAIN, acceptable=["wrong_upstream"], notes="restarted with another socket path, nginx asks for the old one; acceptable: the two disagree, either side may be called wrong")

# ---- wrong_upstream

fault("seats-wrong-port-for-one-server", "wrong_upstream", "wrong_port", ng("seats_ring", f"{APP2}:5105"), "edge1/nginx",
      nginx_with(upstreams={"seats_ring": [f"server {SEATS[0]} weight=2", f"server {APP2}:5105 max_fails=0", f"server {SEATS[2]}"]}, **NO_RETRY, **LOGFMT), nginx_with(**NO_RETRY, **LOGFMT), at1("seats", 20),
      nginx={**NO_RETRY, **LOGFMT}, notes="5105 instead of 5150 for one of three servers after a reload, no retries")
fault("tickets-wrong-port-for-partners", "wrong_upstream", "wrong_port", ha("be-partners", puma=f"{APP1}:9229"), "edge2/haproxy",
      haproxy_with(partner="    default_backend be-partners\n", backends={"be-partners": {"puma": f"{APP1}:9229"}}, checks=False), haproxy_with(checks=False), {},
      streams=["edge2,10.85.0.12:8088,/tickets/order,6"], haproxy=NO, acceptable=[], notes="after a reload one of two frontends leads to 9229 instead of 9292; the other one is fine")
fault("passes-hosts-file-stale", "wrong_upstream", "wrong_host", ng("passes", f"{APP2[:-1]}9:8070", "app2.lab:8070"), "edge1/nginx",
      both(do("edge1", "sed 's/10.85.0.22 app2.lab/10.85.0.29 app2.lab/' /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts; systemctl reload nginx")),
      do("edge1", "sed 's/10.85.0.29 app2.lab/10.85.0.22 app2.lab/' /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts; systemctl reload nginx"), at1("passes", 4), nginx={"connect": "2s", **COMBINED},
      notes="/etc/hosts of the proxy gets a wrong address for the server's name, then a reload; nginx.conf itself is unchanged")
fault("fares-wrong-host-both-names", "wrong_upstream", "wrong_host", ha("be-fares", f1=f"{APP3}:6090", f2=f"{APP3}:6090"), "edge2/haproxy",
      haproxy_with(backends={"be-fares": {"f1": f"{APP3}:6090", "f2": f"{APP3}:6090"}}, log="extended"), haproxy_with(log="extended"), at2("fares", 7), haproxy={"log": "extended"},
      notes="both servers on app3, which does not serve fares, after a reload; health checks on")
fault("tickets-bound-to-loopback", "wrong_upstream", "bound_to_loopback", H_TICKETS, "app1/tickets", deploy("app1", "tickets", BIND="127.0.0.1"), deploy("app1", "tickets", BIND="0.0.0.0"), at2("tickets", 4), haproxy={"log": "clf"},
      notes="puma restarted with --bind tcp://127.0.0.1:9292; health checks on")
fault("passes-listen-loopback", "wrong_upstream", "bound_to_loopback", N_PASSES, "app2/passes", configure("app2", PASSES_FILE, apache("127.0.0.1:8070"), "passes", "restart"), configure("app2", PASSES_FILE, apache(), "passes", "restart"),
      at1("passes", 5), nginx=JSON, notes="Apache restarted with Listen 127.0.0.1:8070")
fault("seats-v6-loopback", "wrong_upstream", "bound_to_loopback", ng("seats_ring", "[fd85::21]:5150"), "app1/seats", deploy("app1", "seats", BIND="::1"), deploy("app1", "seats", BIND="::"), at1("seats", 7),
      prepare=both(do("edge1", "ip -6 addr replace fd85::11/64 dev eth0 nodad"), do("app1", "ip -6 addr replace fd85::21/64 dev eth0 nodad"), do("edge1", "systemctl reload nginx")),
      nginx={"upstreams": {"seats_ring": ["server [fd85::21]:5150", "keepalive 4"]}}, notes="an IPv6 upstream; the server restarted with BIND=::1")
NAMES = {"tickets.rail.internal": APP1}
RESOLVER = {"server": f"        resolver {CLIENTS[0]} valid=2s ipv6=off;\n        resolver_timeout 2s;\n"}
BY_NAME = {"locations": {"/tickets": "set $shop tickets.rail.internal; proxy_pass http://$shop:9292"}}
N_NAME = ng("tickets.rail.internal", "tickets.rail.internal:9292", "tickets.rail.internal")


def stop_name_server(lab):
    server = lab.__dict__.pop("name_server")
    server.terminate()
    server.wait()


fault("tickets-name-server-gone", "wrong_upstream", "name_resolution", N_NAME, "edge1/nginx", stop_name_server, name_server(NAMES), at1("tickets", 5), nginx={**BY_NAME, **RESOLVER, **LOGFMT}, setup=name_server(NAMES),
      notes="the name server's process ends: its port answers with port unreachable")
fault("tickets-resolver-line-lost", "wrong_upstream", "name_resolution", N_NAME, "edge1/nginx", nginx_with(**BY_NAME, **COMBINED), nginx_with(**BY_NAME, **RESOLVER, **COMBINED), at1("tickets", 4),
      nginx={**BY_NAME, **RESOLVER, **COMBINED}, setup=name_server(NAMES), notes="the resolver directive is gone after a reload: no resolver defined")
SLOW_NAMES = {"more": f"\nresolvers internal\n    nameserver ns1 {CLIENTS[0]}:53\n    resolve_retries 2\n    timeout resolve 1s\n    timeout retry 1s\n    hold valid 1s\n    hold timeout 2s\n    hold other 2s\n",
              "backends": {"be-tickets": {"puma": "tickets.rail.internal:9292 resolvers internal resolve-prefer ipv4 init-addr last,none"}}}
fault("tickets-name-server-silent-haproxy", "wrong_upstream", "name_resolution", ha("be-tickets", puma="tickets.rail.internal:9292"), "edge2/haproxy", name_table(None), name_table(NAMES), at2("tickets", 6), haproxy=SLOW_NAMES,
      setup=name_server(NAMES), span=22, notes="a server by name; the name server no longer answers")
fault("consent-other-user", "wrong_upstream", "unix_socket_permission", N_CONSENT, "edge1/nginx", nginx_with(user="nobody nogroup", **PIPE), nginx_with(**PIPE), at1("consent", 6), nginx=PIPE,
      notes="nginx.conf has another user after a reload, to whom the socket (660) is closed")
fault("timetable-http-to-uwsgi", "wrong_upstream", "wrong_protocol", N_TIMETABLE, "edge1/nginx", nginx_with(locations={"/timetable": "proxy_pass http://10.85.0.22:3031;"}, **MAIN), nginx_with(**MAIN), at1("timetable", 4), nginx=MAIN,
      notes="proxy_pass instead of uwsgi_pass after a reload")
fault("tickets-grpc-to-http1", "wrong_upstream", "wrong_protocol", N_TICKETS, "edge1/nginx", nginx_with(locations={"/tickets": "grpc_pass grpc://tickets-puma;"}), nginx_with(), at1("tickets", 6),
      notes="grpc_pass to a server that speaks HTTP/1.1, after a reload")
fault("seats-proxy-protocol", "wrong_upstream", "wrong_protocol", H_SEATS, "edge2/haproxy",
      haproxy_with(backends={"be-seats": {f"carriage{n + 1}": f"{address} send-proxy" for n, address in enumerate(SEATS)}}, checks=False), haproxy_with(checks=False), at2("seats", 10), haproxy=NO,
      notes="send-proxy towards servers that do not know the PROXY protocol, after a reload")
fault("partner-frontend-without-backend", "wrong_upstream", "no_backend", ha("partner-api"), "edge2/haproxy", haproxy_with(partner="    use_backend be-seats if { path_beg /partner/seats }\n"), haproxy_with(), {},
      streams=["edge2,10.85.0.12:8088,/tickets/order,3"], notes="after a reload the second frontend has no default backend; the first one is fine")

# ---- backend_timeout

SLOWER = [(t, both(behave("app1", "fares", delay=d), behave("app2", "fares", delay=d))) for t, d in ((5, 1.5), (10, 2.5), (15, 6), (22, 20))]
fault("fares-slower-and-slower", "backend_timeout", "slow_response", N_FARES, "app1/fares", both(behave("app1", "fares", delay=0.6), behave("app2", "fares", delay=0.6)), both(calm("app1", "fares"), calm("app2", "fares")), at1("fares", 4),
      steps=SLOWER, setup=both(*(environment(h, "fares", THREADS=200) for h in ("app1", "app2"))), nginx={"read": "4s", **COMBINED}, span=34, notes="answers take 0.6, 1.5, 2.5, 6 and at last 20 s; read timeout 4 s")
fault("seats-one-path-slow-busy", "backend_timeout", "slow_response", H_SEATS, "app1/seats", on_all("seats", delay=9, only="/seats/free/7"), calm_all("seats"), at2("seats", 60), setup=both(*(environment(h, "seats", THREADS=120) for h in HOSTS)),
      haproxy={"server": "2500ms", "log": "captures"}, notes="one page in nine takes 9 s on all three servers, sixty requests a second")
fault("timetable-slow-uwsgi", "backend_timeout", "slow_response", N_TIMETABLE, "app2/timetable", behave("app2", "timetable", delay=14), calm("app2", "timetable"), at1("timetable", 1), setup=environment("app2", "timetable", PROCESSES=25),
      nginx={"read": "5s", **JSON}, span=26, notes="uwsgi answers after 14 s, one request a second, processes are left")
fault("loyalty-slow-grpc", "backend_timeout", "slow_response", N_LOYALTY, "app2/loyalty", behave("app2", "loyalty", delay=20), calm("app2", "loyalty"), at1("loyalty", 5), nginx={"read": "3s", **LOGFMT}, zone=SAO_PAULO,
      notes="HTTP/2 answers take 20 s, grpc_read_timeout 3 s")
fault("passes-apache-workers-exhausted", "backend_timeout", "pool_exhausted", H_PASSES, "app2/passes", behave("app2", "passes", delay=3), calm("app2", "passes"), at2("passes", 6), setup=write("app2", PASSES_FILE, apache(threads=4)),
      haproxy={"server": "4s", **NO}, notes="four Apache workers, each request takes 3 s, six requests a second: AH00484")
fault("tickets-puma-threads-exhausted", "backend_timeout", "pool_exhausted", N_TICKETS, "app1/tickets", behave("app1", "tickets", delay=1), calm("app1", "tickets"), at1("tickets", 9), setup=environment("app1", "tickets", THREADS=3),
      nginx={"read": "3s", **MAIN}, span=22, notes="three puma threads, each request takes 1 s, nine requests a second; puma logs nothing")
fault("consent-listen-queue-full", "backend_timeout", "accept_queue_full", N_CONSENT, "edge1/consent", behave("edge1", "consent", delay=4), calm("edge1", "consent"), at1("consent", 8), setup=environment("edge1", "consent", LISTEN=2, PROCESSES=2),
      nginx=COMBINED, notes="a unix socket with a listen queue of 2 and slow answers: resource temporarily unavailable")
fault("timetable-harakiri", "backend_timeout", "worker_timeout", N_TIMETABLE, "app2/timetable", behave("app2", "timetable", delay=20), calm("app2", "timetable"), at1("timetable", 3),
      setup=environment("app2", "timetable", PROCESSES=12, MORE="--harakiri=3"), nginx=PIPE, notes="answers take 20 s, uwsgi's harakiri kills its workers after 3 s")
fault("tickets-puma-worker-timeout", "backend_timeout", "worker_timeout", H_TICKETS, "app1/tickets", behave("app1", "tickets", native=15), calm("app1", "tickets"), at2("tickets", 4),
      setup=both(write("app1", "/etc/tickets/puma.rb", "workers 2\nworker_timeout 6\nworker_check_interval 2\n"), environment("app1", "tickets", MORE="--config /etc/tickets/puma.rb")), span=24,
      haproxy={"server": "12s", **NO}, acceptable=[], notes="a native call of 15 s holds the interpreter's lock, puma's master ends such workers after 6 s")
fault("fares-jvm-deadlocked", "backend_timeout", "unresponsive", H_FARES2, "app2/fares", behave("app2", "fares", deadlock=1), both(calm("app2", "fares"), restart("app2", "fares")), at2("fares", 10), setup=environment("app2", "fares", THREADS=10),
      haproxy={**FARES2_ONLY, "server": "3s"}, notes="each request waits for a lock for ever; after ten requests all threads hang, health checks too")
fault("live-frozen-behind-gateway", "backend_timeout", "unresponsive", N_LIVE, "app3/live", do("app3", "systemctl kill -s STOP live"), do("app3", "systemctl kill -s CONT live"), at1("departures", 4), nginx=JSON,
      notes="nginx, nginx on app3, uwsgi behind a unix socket: SIGSTOP; the inner nginx gives up after 3 s")

# ---- firewall

fault("seats-v6-drop-with-log", "firewall", "drop", ng("seats_ring", "[fd85::21]:5150"), "app1", rules("app1", "ip6tables -A INPUT -p tcp --dport 5150 -j LOG --log-prefix 'ip6-in-denied: '", "ip6tables -A INPUT -p tcp --dport 5150 -j DROP"),
      no_rules("app1"), at1("seats", 6), prepare=both(do("edge1", "ip -6 addr replace fd85::11/64 dev eth0 nodad"), do("app1", "ip -6 addr replace fd85::21/64 dev eth0 nodad"), do("edge1", "systemctl reload nginx")),
      nginx={"upstreams": {"seats_ring": ["server [fd85::21]:5150"]}, "connect": "2s", **PIPE}, notes="ip6tables: LOG, then DROP; an IPv6 upstream")
fault("tickets-egress-reject", "firewall", "reject", N_TICKETS, "edge1", rules("edge1", "iptables -A OUTPUT -p tcp --dport 9292 -j LOG --log-prefix 'egress denied '", "iptables -A OUTPUT -p tcp --dport 9292 -j REJECT"), no_rules("edge1"), at1("tickets", 5),
      nginx=MAIN, kernel={"egress denied": "edge1"}, notes="the proxy's own firewall rejects and logs what goes out to 9292")
fault("fares-egress-drop", "firewall", "drop", H_FARES, "edge2", rules("edge2", "iptables -A OUTPUT -p tcp --dport 6090 -m comment --comment 'egress policy 7' -j DROP"), no_rules("edge2"), at2("fares", 4), haproxy={"connect": "1s", **NO},
      notes="the proxy's own firewall drops what goes out to 6090, without a log")
fault("passes-answers-dropped", "firewall", "drop", N_PASSES, "app2", rules("app2", "iptables -A OUTPUT -p tcp --sport 8070 -j DROP"), no_rules("app2"), {**at1("passes", 5), **at2("passes", 0)}, nginx={"connect": "2s", **COMBINED},
      notes="the server's host drops its answers (OUTPUT), without a log")
fault("seats-connection-limit", "firewall", "reject", H_SEATS, "app1", both(*(do(h, "iptables -A INPUT -p tcp --syn --dport 5150 -m connlimit --connlimit-above 2 --connlimit-mask 32 -j LOG --log-prefix 'too many: ';"
      "iptables -A INPUT -p tcp --syn --dport 5150 -m connlimit --connlimit-above 2 --connlimit-mask 32 -j REJECT --reject-with tcp-reset") for h in HOSTS)), both(*(no_rules(h) for h in HOSTS)), at2("seats", 20),
      setup=on_all("seats", delay=0.7), haproxy={**NO, "retries": 0}, notes="connlimit: each client at most two connections, LOG and tcp-reset beyond; answers take 0.7 s: a part of the requests fails")
fault("tickets-rate-limited-by-firewall", "firewall", "drop", N_TICKETS, "app1", rules("app1", "iptables -A INPUT -p tcp --syn --dport 9292 -m limit --limit 2/s --limit-burst 3 -j ACCEPT", "iptables -A INPUT -p tcp --syn --dport 9292 -j LOG --log-prefix '[FW LIMIT] '",
      "iptables -A INPUT -p tcp --syn --dport 9292 -j DROP"), no_rules("app1"), at1("tickets", 10), nginx={"upstreams": {"tickets-puma": [f"server {TICKETS}"]}, "connect": "2s", **JSON}, notes="two new connections a second pass, the others are logged and dropped")
fault("loyalty-new-ruleset-rejects", "firewall", "reject", N_LOYALTY, "app2",
      both(write("app2", "/etc/iptables.rules", "*filter\n-A INPUT -i lo -j ACCEPT\n" + "".join(f"-A INPUT -p tcp --dport {port} -j ACCEPT\n" for port in (5150, 6090, 3031, 8070))
                 + "-A INPUT -p icmp -j ACCEPT\n-A INPUT -p tcp --syn -j REJECT --reject-with icmp-net-unreachable\nCOMMIT\n"),
           do("app2", "systemd-cat -t packet-filter iptables-restore --verbose /etc/iptables.rules")),
      no_rules("app2"), at1("loyalty", 5), nginx=COMBINED, notes="a script loads new rules that forgot a port: icmp-net-unreachable, no log of packets")
fault("printer-seldom-asked-reject", "firewall", "reject", N_PRINTER, "app1", rules("app1", "iptables -A INPUT -p tcp --dport 4000 -j REJECT --reject-with icmp-host-unreachable"), no_rules("app1"), at1("printer", 0.6), nginx=LOGFMT, span=45,
      notes="icmp-host-unreachable, no log; a request every two seconds; SCGI")
fault("fares-conntrack-full-on-proxy", "firewall", "conntrack_full", H_FARES, "edge2", connections_tracked(14), connections_tracked(262144), {**at2("fares", 12), **silent("seats", "tickets", "loyalty", "passes", "vouchers", "crew"), ("edge2", "fares"): 12},
      setup=both(*(behave(h, "fares", delay=1.5) for h in ("app1", "app2")), do("edge2", "iptables -t raw -A PREROUTING -p tcp --dport 80 -j NOTRACK; iptables -t raw -A OUTPUT -p tcp --sport 80 -j NOTRACK;"
      "iptables -A OUTPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT")), haproxy={"connect": "1s", **NO}, kernel={"nf_conntrack: table full": "edge2"}, notes="nf_conntrack_max 14, felt on haproxy's host, which tracks what goes out")

# ---- tls_mismatch

fault("passes-https-to-http", "tls_mismatch", "https_to_http", N_PASSES, "edge1/nginx", nginx_with(locations={"/season": "proxy_pass https://passes;"}, **LOGFMT), nginx_with(**LOGFMT), at1("passes", 5), nginx=LOGFMT,
      notes="https:// towards Apache without TLS, after a reload")
fault("seats-https-to-http-checked", "tls_mismatch", "https_to_http", H_SEATS, "edge2/haproxy", haproxy_with(backends={"be-seats": {f"carriage{n + 1}": f"{a} ssl verify none" for n, a in enumerate(SEATS)}}), haproxy_with(), at2("seats", 12),
      notes="ssl towards servers that hang up on it, after a reload; health checks on")
fault("crew-http-to-https", "tls_mismatch", "http_to_https", N_CREW, "edge1/nginx", nginx_with(locations={"/crew": "proxy_pass http://10.85.0.23:9943;"}, **JSON), nginx_with(**JSON), at1("crew", 4), nginx=JSON,
      notes="http:// towards stunnel after a reload")
fault("vouchers-expired-by-reload", "tls_mismatch", "certificate_expired", H_VOUCHERS, "app3/boards", configure("app3", BOARDS_FILE, boards("expired"), "boards"), configure("app3", BOARDS_FILE, boards(), "boards"), at2("vouchers", 5), haproxy={"log": "extended"},
      notes="the gateway reloaded with an expired certificate")
fault("vouchers-not-yet-valid", "tls_mismatch", "certificate_expired", N_VOUCHERS, "app3/boards", configure("app3", BOARDS_FILE, boards("notyet"), "boards"), configure("app3", BOARDS_FILE, boards(), "boards"), at1("vouchers", 5), nginx=COMBINED,
      notes="the gateway reloaded with a certificate that is not valid before 2030: outside its time, as an expired one")
fault("crew-chain-incomplete", "tls_mismatch", "certificate_untrusted", N_CREW, "app3/crew-tls", configure("app3", CREW_FILE, stunnel("nochain"), "crew-tls", "restart"), configure("app3", CREW_FILE, stunnel(), "crew-tls", "restart"), at1("crew", 3), nginx=MAIN,
      notes="stunnel restarted with a certificate of an intermediate authority that it does not send along")
fault("crew-other-trust-in-haproxy", "tls_mismatch", "certificate_untrusted", H_CREW, "edge2/haproxy", haproxy_with(backends={"be-crew": {"stunnel": CREW + tls("crew.rail.lab", "/etc/ssl/lab/other.pem")}}, checks=False), haproxy_with(checks=False), at2("crew", 5),
      haproxy=NO, notes="another authority in ca-file after a reload")
fault("vouchers-without-server-name", "tls_mismatch", "certificate_name", N_VOUCHERS, "edge1/nginx", nginx_with(locations={"/vouchers": f"proxy_pass https://vouchers_tls; {VOUCHERS_NAME} {VERIFY.replace('proxy_ssl_server_name on; ', '')}"}, **PIPE), nginx_with(**PIPE),
      at1("vouchers", 6), nginx=PIPE, notes="proxy_ssl_server_name is gone after a reload; the gateway refuses handshakes without a name it knows")
fault("crew-name-misspelt-in-haproxy", "tls_mismatch", "certificate_name", H_CREW, "edge2/haproxy", haproxy_with(backends={"be-crew": {"stunnel": CREW + tls("crews.rail.lab")}}), haproxy_with(), at2("crew", 4),
      notes="another name in sni and verifyhost after a reload; health checks on")
fault("crew-protocol-of-the-proxy", "tls_mismatch", "protocol_version", N_CREW, "edge1/nginx", nginx_with(locations={"/crew": f"proxy_pass https://10.85.0.23:9943; {CREW_NAME} {VERIFY} proxy_ssl_protocols TLSv1.3"}), nginx_with(), at1("crew", 5),
      setup=write("app3", CREW_FILE, stunnel(more="sslVersionMax = TLSv1.2")), notes="nginx may only speak TLS 1.3 after a reload, stunnel speaks at most 1.2")
fault("crew-client-certificate", "tls_mismatch", "client_certificate_required", H_CREW, "app3/crew-tls", configure("app3", CREW_FILE, stunnel(more="CAfile = /etc/ssl/lab/ca.pem\nverifyChain = yes"), "crew-tls", "restart"), configure("app3", CREW_FILE, stunnel(), "crew-tls", "restart"),
      at2("crew", 4), haproxy={"log": "captures", **NO}, notes="stunnel restarted with verifyChain: it asks for a client certificate that haproxy does not have")

# ---- app_crash

fault("fares-jvm-gives-up", "app_crash", "exit_error", N_FARES1, "app1/fares", behave("app1", "fares", give_up=1), nothing, at1("fares", 5), steps=[(2, calm("app1", "fares"))], span=12, nginx={**FARES1_ONLY, **PIPE},
      notes="an exception, then Runtime.halt(12); systemd starts it again after 5 s")
fault("loyalty-uncaught-error", "app_crash", "exit_error", H_LOYALTY, "app2/loyalty", behave("app2", "loyalty", throws=True), nothing, at2("loyalty", 7), steps=[(2, calm("app2", "loyalty"))], span=12, haproxy=NO,
      notes="an uncaught RangeError ends node; HTTP/2 behind haproxy; systemd starts it again after 5 s")
fault("seats-divide-error", "app_crash", "segfault", ng("seats_ring", SEATS[0]), "app1/seats", behave("app1", "seats", divide=1, delay=0.8), nothing, at1("seats", 10), steps=[(2, calm("app1", "seats"))], span=11,
      nginx={"upstreams": {"seats_ring": [f"server {SEATS[0]}", "keepalive 8"]}, **MAIN}, notes="a division by zero: trap divide error, SIGFPE")
fault("seats-segfault-one-of-three-busy", "app_crash", "segfault", ha("be-seats", carriage2=SEATS[1]), "app2/seats", behave("app2", "seats", null=1, delay=0.4), nothing, at2("seats", 45), steps=[(4, calm("app2", "seats"))], span=14,
      setup=dropin("app2", "seats", "[Service]\nRestartSec=8\n"), haproxy={**NO, "retries": 0, "lines": {"be-seats": ["no option redispatch"]}}, notes="one of three servers writes to address 16 and dies; no checks, no redispatch; forty-five requests a second")
fault("timetable-all-processes-killed", "app_crash", "killed", N_TIMETABLE, "app2/timetable", do("app2", "systemctl kill -s KILL timetable"), nothing, at1("timetable", 5), setup=dropin("app2", "timetable", "[Service]\nRestartSec=11\n"), span=14, nginx=JSON,
      notes="SIGKILL for uwsgi's master and workers; restarted after 11 s")
fault("tickets-worker-killed-again-and-again", "app_crash", "killed", H_TICKETS, "app1/tickets", do("app1", "setsid sh -c 'for n in $(seq 30); do pkill -KILL -f \"[p]uma: cluster worker\"; sleep 0.5; done' >/dev/null 2>&1 &"), nothing, at2("tickets", 8),
      setup=both(behave("app1", "tickets", delay=0.5), write("app1", "/etc/tickets/puma.rb", "workers 2\n"), environment("app1", "tickets", MORE="--config /etc/tickets/puma.rb")), haproxy=NO, span=18,
      notes="a script kills puma's workers twice a second; the master starts others; the unit stays active")
LOOP = "[Service]\nRestartSec=300ms\n"
fault("fares-class-missing-loop", "app_crash", "crash_loop", H_FARES2, "app2/fares", deploy("app2", "fares", CLASSES="/opt/rail/lib"), both(environment("app2", "fares"), do("app2", "systemctl reset-failed fares; systemctl start fares")), at2("fares", 5),
      setup=dropin("app2", "fares", LOOP), haproxy=FARES2_ONLY, notes="a class path without the main class: exit 1 at each start until systemd gives up")
fault("timetable-application-missing-loop", "app_crash", "crash_loop", N_TIMETABLE, "app2/timetable", deploy("app2", "timetable", APP="timetable2:application"), both(environment("app2", "timetable"), do("app2", "systemctl reset-failed timetable; systemctl start timetable")),
      at1("timetable", 6), setup=dropin("app2", "timetable", LOOP), nginx=COMBINED, notes="uwsgi finds no application: exit 22 at each start until systemd gives up")
fault("seats-oom-one-of-three", "app_crash", "oom_kill", ha("be-seats", carriage1=SEATS[0]), "app1/seats", both(limit("app1", "seats", 50), behave("app1", "seats", leak=3)), both(calm("app1", "seats"), unlimit, start("app1", "seats")), at2("seats", 18),
      haproxy={**NO, "retries": 1, "lines": {"be-seats": ["no option redispatch"]}}, notes="one of three servers leaks in a memory limit and is killed by the kernel, twice and more; no checks")
fault("tickets-oom", "app_crash", "oom_kill", N_TICKETS, "app1/tickets", both(limit("app1", "tickets", 90), behave("app1", "tickets", leak=8)), both(calm("app1", "tickets"), unlimit, start("app1", "tickets")), at1("tickets", 6), nginx={"level": "crit", **JSON},
      notes="puma leaks in a memory limit and is killed by the kernel; nginx logs no errors below crit")
fault("fares-heap-exit", "app_crash", "heap_exhausted", H_FARES2, "app2/fares", behave("app2", "fares", leak=5), calm("app2", "fares"), at2("fares", 6), setup=environment("app2", "fares", HEAP="40m", JVM="-XX:+ExitOnOutOfMemoryError"), haproxy={**FARES2_ONLY, **NO},
      notes="the Java heap is used up; ExitOnOutOfMemoryError ends the process; systemd starts it again and again")
fault("fares-heap-stays", "app_crash", "heap_exhausted", N_FARES1, "app1/fares", behave("app1", "fares", leak=6), both(calm("app1", "fares"), restart("app1", "fares")), at1("fares", 5), setup=environment("app1", "fares", HEAP="40m"), nginx={**FARES1_ONLY, "read": "4s", **MAIN},
      notes="the Java heap is used up; threads end with OutOfMemoryError and connections without an answer, the process stays")

# ---- bad_response

fault("timetable-header-too-big-one-path", "bad_response", "header_too_big", N_TIMETABLE, "app2/timetable", behave("app2", "timetable", cookies=3, only="/timetable/3"), calm("app2", "timetable"), at1("timetable", 14), nginx=LOGFMT,
      notes="10 kB of cookies from uwsgi for one page in nine")
fault("printer-invalid-status", "bad_response", "invalid_response", N_PRINTER, "app1/printer", behave("app1", "printer", head="Status: printed\r\nX-Queue: 4"), calm("app1", "printer"), at1("printer", 3), nginx=JSON, notes="an SCGI answer whose Status is a word")
fault("seats-two-lengths", "bad_response", "invalid_response", H_SEATS, "app1/seats", on_all("seats", lengths=1, share=0.4), calm_all("seats"), at2("seats", 10), haproxy={"log": "captures"}, notes="four in ten answers have two different lengths")
fault("seats-hangs-up-on-posts", "bad_response", "closed_early", N_SEATS, "app1/seats", on_all("seats", hang_up=1, only="/seats/free/4"), calm_all("seats"), {("edge1", "seats"): 0}, streams=["edge1,10.85.0.11,/seats/free,16,30,POST"],
      nginx=COMBINED, notes="the servers hang up on one page in nine without an answer; POST, so nothing is tried again")
fault("loyalty-session-destroyed", "bad_response", "closed_early", N_LOYALTY, "app2/loyalty", behave("app2", "loyalty", destroy=True), calm("app2", "loyalty"), at1("loyalty", 6), nginx=PIPE, notes="the HTTP/2 connection ends without an answer")
fault("seats-keepalive-race", "bad_response", "keepalive_race", ng("seats_ring", SEATS[0]), "app1/seats", deploy("app1", "seats", KEEP=130, PAUSE=10, THREADS=60), deploy("app1", "seats"), {("edge1", "seats"): 0},
      streams=["edge1,10.85.0.11,/seats/free,9,30,POST"], nginx={"upstreams": {"seats_ring": [f"server {SEATS[0]}", "keepalive 6"]}}, span=40,
      notes="deployed with keep-alive: connections that idled for 130 ms are closed by the server 10 ms later, nginx keeps them for longer and posts into some of them")

# ---- host_unreachable

fault("tickets-host-reboots", "host_unreachable", "host_down", H_TICKETS, "app1", power_off("app1"), host_up("app1"), {**silent(*APP1_HAS), **at2("tickets", 5)}, haproxy={"connect": "1s"}, span=20, tail=16, acceptable=["backend_down"],
      notes="systemctl poweroff, booted again 20 s later; acceptable: the service was stopped in order before the machine went")
fault("fares-rack-cut-off", "host_unreachable", "partition", H_FARES, "app1", both(isolate("edge2", "app1"), isolate("edge2", "app2")), both(isolate("edge2", "app1", False), isolate("edge2", "app2", False)),
      {**silent(*APP1_HAS, *APP2_HAS), **at2("fares", 6), **at1("fares", 2)}, haproxy={"connect": "1s", **NO}, notes="the switch no longer forwards between haproxy's host and two hosts; nginx' host still reaches them")
fault("crew-link-flaps", "host_unreachable", "link_down", N_CREW, "app3", do("app3", "ip link set eth0 down; sleep 4; ip link set eth0 up; sleep 3; ip link set eth0 down; sleep 5; ip link set eth0 up"), nothing,
      {**silent(*APP3_HAS), **at1("crew", 5)}, nginx={"connect": "1500ms", **LOGFMT}, span=16, notes="the host's network card goes down twice, for 4 and for 5 s")
fault("seats-host-down-one-of-three", "host_unreachable", "host_down", ha("be-seats", carriage2=SEATS[1]), "app2", host_down("app2"), host_up("app2"), {**silent(*APP2_HAS), **at2("seats", 9)}, haproxy={"connect": "1s", **NO, "retries": 1, "lines": {"be-seats": ["no option redispatch"]}},
      span=20, tail=14, notes="the machine of one of three servers gone at once, booted again after 20 s; no checks, no redispatch")
fault("vouchers-unreachable-route", "host_unreachable", "partition", N_VOUCHERS, "edge1", do("edge1", "ip route add unreachable 10.85.0.23/32"), do("edge1", "ip route del unreachable 10.85.0.23/32"), {**silent(*APP3_HAS), **at1("vouchers", 5)}, nginx=MAIN,
      acceptable=["firewall"], notes="a route on the proxy makes one host unreachable; acceptable: no route to host at once, as with a firewall that rejects")

# ---- app_error

fault("fares-quota-503", "app_error", "passed_through", H_FARES, "app1/fares", both(*(behave(h, "fares", status=503, share=0.35) for h in ("app1", "app2"))), both(calm("app1", "fares"), calm("app2", "fares")), at2("fares", 12), haproxy={"log": "clf"},
      notes="the application itself answers a third of the requests with 503 and Retry-After; haproxy logs as clf")
fault("timetable-makes-502", "app_error", "passed_through", N_TIMETABLE, "app2/timetable", behave("app2", "timetable", status=502), calm("app2", "timetable"), at1("timetable", 4), nginx=JSON, notes="the application behind uwsgi itself answers 502")

# ---- proxy_exhausted

fault("seats-nginx-local-ports-busy", "proxy_exhausted", "ephemeral_ports", ng("seats_ring", SEATS[0]), "edge1/nginx", local_ports("edge1", "50000 50127"), local_ports("edge1", "32768 60999"), at1("seats", 70),
      setup=environment("app1", "seats", KEEP=8000, THREADS=100), nginx={"upstreams": {"seats_ring": [f"server {SEATS[0]}"]}, "locations": {"/seats": "proxy_pass http://seats_ring;"}, **COMBINED}, span=22, notes="128 local ports, seventy requests a second, each connection closed by nginx: all ports in TIME_WAIT; nothing is slow")

# ---- one proxy behind another

fault("chain-live-stopped-behind-gateway", "backend_down", "clean_stop", N_LIVE, "app3/live", stop("app3", "live"), start("app3", "live"), at1("departures", 5), nginx=MAIN, notes="nginx, nginx on app3, uwsgi behind a unix socket: uwsgi stopped")
VIA_TCP = {"upstreams": {"departure_boards": ["server 10.85.0.12:8180"]}}
fault("chain-gateway-stopped-behind-tcp", "backend_down", "clean_stop", [H_RAW, ng("departure_boards", "10.85.0.12:8180")], "app3/boards", stop("app3", "boards"), start("app3", "boards"), {**silent("departures", "vouchers"), **at1("departures", 5)},
      nginx={**VIA_TCP, **LOGFMT}, haproxy=NO, notes="nginx, haproxy in TCP mode, nginx on app3: the last one stopped")
fault("chain-haproxy-killed", "proxy_exhausted", "proxy_crash", ng("inner_haproxy", "10.85.0.12:80"), "edge2/haproxy", do("edge2", "kill -SEGV $(pgrep -P $(systemctl show -P MainPID haproxy))"), nothing,
      {**{("edge2", s): 0 for s in RAIL.paths}, **at1("tickets", 8)}, nginx={"upstreams": {"inner_haproxy": ["server 10.85.0.12:80"]}, "locations": {"/tickets": "proxy_pass http://inner_haproxy;"}, **PIPE},
      setup=dropin("edge2", "haproxy", "[Service]\nRestartSec=9\n"), span=13, acceptable=["app_crash"], notes="nginx, haproxy, puma: haproxy's worker ends by a segmentation fault, systemd starts it again after 9 s; acceptable: to nginx it is a backend that crashed")

# ---- several faults

THIRD.add("two-following-each-other", stop("app1", "tickets"), no_rules("app2"), [incident("backend_down", "clean_stop", N_TICKETS, "app1", "tickets"), incident("firewall", "reject", N_TIMETABLE, "app2")], {**at1("tickets", 5), **at1("timetable", 5)},
          steps=[(11, start("app1", "tickets")), (24, rules("app2", "iptables -A INPUT -p tcp --dport 3031 -j LOG --log-prefix 'in-rej '", "iptables -A INPUT -p tcp --dport 3031 -j REJECT --reject-with tcp-reset"))], span=38, nginx=COMBINED,
          notes="one service is stopped for 11 s; 13 s after its start another host's firewall rejects another service")
THIRD.add("three-at-once", both(stop("app2", "passes"), behave("app2", "loyalty", delay=20), configure("app3", CREW_FILE, stunnel("crew-expired"), "crew-tls", "restart")),
          both(start("app2", "passes"), calm("app2", "loyalty"), configure("app3", CREW_FILE, stunnel(), "crew-tls", "restart")),
          [incident("backend_down", "clean_stop", H_PASSES, "app2", "passes"), incident("backend_timeout", "slow_response", H_LOYALTY, "app2", "loyalty"), incident("tls_mismatch", "certificate_expired", H_CREW, "app3", "crew-tls")],
          {**at2("passes", 4), **at2("loyalty", 4), **at2("crew", 4)}, haproxy={"server": "3s", **NO}, notes="one service stopped, one slow, one with an expired certificate")

# ---- faults among other events

ROTATE = "mv /var/log/nginx/access.log /var/log/nginx/access.log.1; mv /var/log/nginx/error.log /var/log/nginx/error.log.1; kill -USR1 $(cat /run/nginx.pid)"
fault("rotation-at-the-moment-of-the-fault", "app_crash", "killed", N_PASSES, "app2/passes", both(kill_main("app2", "passes"), do("edge1", ROTATE)), nothing, at1("passes", 7), setup=dropin("app2", "passes", "[Service]\nRestartSec=10\n"), span=14, nginx=MAIN,
      notes="kill -9 of Apache's main process, and nginx' logs are rotated at that moment")
fault("deploy-just-before-wrong-port", "wrong_upstream", "wrong_port", ng("tickets-puma", f"{APP1}:9992"), "edge1/nginx", nginx_with(upstreams={"tickets-puma": [f"server {APP1}:9992"]}, **JSON), nginx_with(**JSON), {**silent("fares"), **at1("tickets", 6)}, nginx=JSON, healthy=34,
      steps=[(-16, restart("app1", "fares")), (-2, do("app1", "iptables -A INPUT -p tcp --dport 8080 -j DROP")), (1, restart("app1", "exporter"))],
      notes="port 9992 instead of 9292 after a reload; other units of that host restarted and a rule for another port added around that time")
fault("slow-while-neighbour-oom", "backend_timeout", "slow_response", H_PASSES, "app2/passes", both(behave("app2", "passes", delay=9), limit("app2", "exporter", 40), behave("app2", "exporter", leak=4)), both(calm("app2", "passes"), calm("app2", "exporter"), unlimit), at2("passes", 2),
      haproxy={"server": "3s", "log": "extended", **NO}, notes="passes take 9 s; the exporter of that host is OOM-killed meanwhile")
NOISE = do("app1", "systemd-run --quiet --unit=nightly-check --on-calendar='*:*:0/4' --timer-property=AccuracySec=100ms /bin/sh -c 'echo warning: backup target refused connection; exit 1'")
fault("drop-among-failing-timers", "firewall", "drop", N_PRINTER, "app1", rules("app1", "iptables -I INPUT -s 10.85.0.11 -p tcp --dport 4000 -j DROP"), no_rules("app1"), at1("printer", 5), prepare=NOISE, nginx={"connect": "2s", **COMBINED},
      tail=12, notes="dropped without a log; a timer's job fails every 4 s on that host")
fault("error-log-only", "backend_down", "clean_stop", N_FARES1, "app1/fares", stop("app1", "fares"), start("app1", "fares"), at1("fares", 6), nginx={**FARES1_ONLY, "log": "off", "level": "error"}, zone=TOKYO, notes="access_log off: nginx writes errors only; a Java server stopped")
fault("busy-one-of-three-killed", "app_crash", "killed", ng("seats_ring", SEATS[1]), "app2/seats", kill_main("app2", "seats"), nothing, at1("seats", 200), setup=dropin("app2", "seats", "[Service]\nRestartSec=10\n"), span=14,
      nginx={"upstreams": {"seats_ring": [f"server {a} max_fails=0" for a in SEATS]}, **NO_RETRY, **COMBINED}, notes="two hundred requests a second; kill -9 of one of three servers; no retries")

# ---- controls

THIRD.add("control-noise-of-4xx-and-500", both(behave("app1", "tickets", status=500), on_all("seats", status=409, share=0.3)), both(calm("app1", "tickets"), calm_all("seats")), [], {**at1("tickets", 4), **at2("seats", 10)}, sub_cause="app_500", nginx=LOGFMT,
          haproxy={"log": "captures"}, streams=["edge1,10.85.0.11,/favicon.ico,5"], notes="500 from puma, 409 from the seats, 404 from nginx")
SCAN = ("for p in .env wp-login.php cgi-bin/test phpmyadmin/index.php api/v1/../../etc/passwd actuator/health; do curl -s -o /dev/null --path-as-is http://{0}/$p; done;"
        " for n in 1 2 3; do printf '\\x16\\x03\\x01\\x02\\x00\\x01\\x00' | timeout 1 socat - TCP:{0}:80; printf 'GET / HTTP/9.9\\r\\n\\r\\n' | timeout 1 socat - TCP:{0}:80; printf 'OPTIONS sip:nm SIP/2.0\\r\\n\\r\\n' | timeout 1 socat - TCP:{0}:80; done")
THIRD.add("control-scanner", do("app3", SCAN.format("10.85.0.11") + ";" + SCAN.format("10.85.0.12")), nothing, [], {**at1("fares", 5), **at2("fares", 5)}, sub_cause="client_errors", nginx=MAIN, span=20,
          steps=[(8, do("app3", SCAN.format("10.85.0.12") + ";" + SCAN.format("10.85.0.11")))], notes="a scanner asks for what is not there and speaks TLS, SIP and nonsense to both proxies")
THIRD.add("control-slow-but-in-time", both(behave("app2", "timetable", delay=5), behave("app2", "passes", delay=4)), both(calm("app2", "timetable"), calm("app2", "passes")), [], {**at1("timetable", 1), **at2("passes", 2)}, sub_cause="slow_but_fine", nginx=PIPE,
          setup=environment("app2", "timetable", PROCESSES=15), notes="answers take 5 and 4 s and are all 200")
THIRD.add("control-deploy-drained-first", both(runtime("set server be-fares/f1 state drain"), pause(2), deploy("app1", "fares", THREADS=41), pause(4), runtime("set server be-fares/f1 state ready")), nothing, [], {**at2("fares", 10), ("edge1", "fares"): 0}, sub_cause="graceful_deploy",
          span=18, notes="one of two servers drained, restarted, set to ready again; no request fails")
THIRD.add("control-reload-of-all", both(do("app3", "systemctl reload boards"), do("app2", "systemctl reload passes"), nginx_with(read="9s", **JSON), haproxy_with(queue="6s")), both(nginx_with(**JSON), haproxy_with()), [],
          {**at1("departures", 6), **at2("passes", 4), **at1("vouchers", 4)}, sub_cause="plain_reload", nginx=JSON, notes="nginx, haproxy, the gateway and Apache reloaded, all graceful")
THIRD.add("control-clients-go-early", both(behave("app2", "timetable", delay=2), behave("app1", "tickets", delay=2)), both(calm("app2", "timetable"), calm("app1", "tickets")), [], {**at1("timetable", 3), **at2("tickets", 3)}, patience=0.8, sub_cause="clients_give_up", nginx=COMBINED,
          setup=environment("app2", "timetable", PROCESSES=15), notes="answers take 2 s, clients go after 0.8 s")
THIRD.add("control-one-client-limited", do("app3", "for n in $(seq 120); do curl -s -o /dev/null http://10.85.0.11/seats/free/$n & sleep 0.05; done; wait"), nothing, [], at1("seats", 5), sub_cause="rate_limited", span=18,
          nginx={"http": "    limit_req_zone $binary_remote_addr zone=each:1m rate=8r/s;\n", "server": "        limit_req zone=each burst=12 nodelay;\n", **LOGFMT}, notes="nginx limits one greedy client and answers it 503; nobody else is refused and no backend fails")
THIRD.add("control-backup-takes-over", both(kill_main("app1", "seats"), stop("app2", "seats")), start("app2", "seats"), [], {**at1("seats", 12), ("edge2", "seats"): 0}, sub_cause="masked_by_retry", nginx=PIPE, setup=dropin("app1", "seats", "[Service]\nRestartSec=11\n"),
          notes="two servers go, the backup answers; nginx' retries save each request")
THIRD.add("control-rotation-and-timers", both(do("edge1", ROTATE), do("edge2", "mv /var/log/haproxy.log /var/log/haproxy.log.1; systemctl kill -s HUP rsyslog"), NOISE), do("app1", "systemctl stop nightly-check.timer"), [], {**at1("tickets", 6), **at2("tickets", 6)},
          sub_cause="noise", nginx=MAIN, notes="logs rotated on both proxies; a timer's job fails every 4 s")
THIRD.add("control-rules-for-other-ports", both(rules("app1", "iptables -A INPUT -p tcp --dport 8080 -j LOG --log-prefix 'blocked: '", "iptables -A INPUT -p tcp --dport 8080 -j REJECT"), restart("app1", "exporter")), no_rules("app1"), [], {**at1("tickets", 5), **at2("fares", 5)}, sub_cause="port_scan", nginx=COMBINED,
          steps=[(t, do("edge1", "timeout 1 socat - TCP:10.85.0.21:8080,connect-timeout=1")) for t in (3, 7, 11)], notes="new rules for a port that no proxy asks; somebody on nginx' host does")
THIRD.add("control-two-of-three-checks-fail", both(stop("app3", "seats"), pause(4), start("app3", "seats"), pause(2), runtime("set server be-seats/carriage2 state maint")), runtime("set server be-seats/carriage2 state ready"), [], {**at2("seats", 15), ("edge1", "seats"): 0}, sub_cause="masked_by_retry",
          span=16, notes="one server stopped for 4 s, then another set to maintenance; haproxy's redispatch saves each request")
