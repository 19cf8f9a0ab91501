"""The second set: faults of the mart, kept apart from the first to measure on. Causes have the names that incidents have."""

from hosts import CLIENTS
from mart import MART, POOL, POOL_FILE, TLS, VERIFY
from scenario import Catalogue, at1, at2, ha, incident, ng
from verbs import (behave, both, calm, connections_tracked, deploy, do, dropin, environment, firewall, haproxy_with, host_down, host_up, isolate, kill_main, limit,
                   local_ports, name_server, name_table, nginx_with, no_firewall, nothing, pause, restart, runtime, start, stop, unlimit, write)

SECOND = Catalogue(MART)
STOCK1, STOCK2, STOCK3 = "10.85.0.21:9101", "10.85.0.22:9101", "10.85.0.23:9101"
BILLING, SEARCH, MIRROR, AUTH, VAULT, PORTAL_FPM = "10.85.0.21:7070", "10.85.0.22:9200", "10.85.0.22:8600", "10.85.0.23:9443", "10.85.0.23:9553", "10.85.0.23:9000"
N_STOCK, N_STOCK1 = ng("stock_pool", STOCK1, STOCK2, STOCK3), ng("stock_pool", STOCK1)
N_BILLING, N_SEARCH, N_MIRROR = ng("billing_backend", BILLING), ng("search-nodes", SEARCH), ng("mirror_files", MIRROR)
N_AUTH, N_VAULT, N_PORTAL = ng("auth_tls", AUTH), ng("vault_tls", VAULT), ng("portal_fpm", PORTAL_FPM)
N_SESSIONS = ng("sessions_sock", "unix:/run/sessions/gunicorn.sock")
H_STOCK, H_STOCK1 = ha("bk_stock", stock1=STOCK1, stock2=STOCK2, stock3=STOCK3), ha("bk_stock", stock1=STOCK1)
H_BILLING, H_SEARCH, H_MIRROR = ha("bk_billing", **{"bill-a": BILLING}), ha("bk_search", srv1=SEARCH), ha("bk_mirror", m1=MIRROR)
H_AUTH, H_VAULT = ha("bk_auth", auth01=AUTH), ha("bk_vault", v1=VAULT)

NO, COMBINED, MAIN, JSON = {"checks": False}, {"log": "combined"}, {"log": "main"}, {"log": "json"}
INDIA, NEW_YORK = "Asia/Kolkata", "America/New_York"
NO_RETRY = "\t\tproxy_next_upstream off;\n"
ALL_STOCK = {"upstreams": {"stock_pool": [f"{server} max_fails=0" for server in (STOCK1, STOCK2, STOCK3)]}, "server": NO_RETRY}  # a third of the requests fails with a third of the servers
QUIET = {("edge2", "stock"): 0}  # haproxy does not try another server: stock would fail too when one of its hosts is gone
ONE_STOCK = {"upstreams": {"stock_pool": [STOCK1]}}
ONLY_STOCK1 = {"backends": {"bk_stock": {"stock1": STOCK1}}}
CERTIFICATES = "/etc/ssl/lab/mart"
MANY_THREADS = both(*(environment(host, "stock", THREADS=60) for host in ("app1", "app2", "app3")))


def remove_dropin(host, unit):
    return do(host, f"rm -r /etc/systemd/system/{unit}.service.d; systemctl daemon-reload; systemctl reset-failed {unit}; systemctl restart {unit}")


def fault(name, cause, sub_cause, upstreams, culprit, how, repair, rates, **more):
    """A scenario with one incident; the culprit is HOST or HOST/UNIT."""
    SECOND.add(name, how, repair, [incident(cause, sub_cause, upstreams, *culprit.split("/"))], rates, **more)


# ---- backend_down

fault("stock-one-of-three-stopped", "backend_down", "clean_stop", ng("stock_pool", STOCK2), "app2/stock", stop("app2", "stock"), start("app2", "stock"), at1("stock", 20),
      nginx={**ALL_STOCK, **JSON}, notes="one of three servers stopped, no retries: a third of the requests fails")
fault("billing-stopped-seldom-asked", "backend_down", "clean_stop", H_BILLING, "app1/billing", stop("app1", "billing"), start("app1", "billing"), at2("billing", 0.5),
      haproxy=NO, span=45, notes="stopped; a request every two seconds; the application logs nothing when it ends")
fault("mirror-stopped-both-proxies", "backend_down", "clean_stop", [N_MIRROR, H_MIRROR], "app2/mirror", stop("app2", "mirror"), start("app2", "mirror"), {**at1("mirror", 3), **at2("mirror", 3)},
      nginx=MAIN, notes="python -m http.server stopped")
fault("portal-fpm-stopped", "backend_down", "clean_stop", N_PORTAL, "app3/php8.2-fpm", stop("app3", "php8.2-fpm"), start("app3", "php8.2-fpm"), at1("portal", 2),
      nginx=JSON, zone=INDIA, notes="php-fpm, reached by TCP, stopped")
fault("search-deploy-with-slow-prestart", "backend_down", "deploy_restart", H_SEARCH, "app2/search",
      both(dropin("app2", "search", "[Service]\nExecStartPre=/usr/bin/sleep 7\n", True), restart("app2", "search")), nothing, at2("search", 8), span=12,
      notes="systemctl restart; an ExecStartPre takes 7 s")
fault("billing-deploy", "backend_down", "deploy_restart", N_BILLING, "app1/billing", both(stop("app1", "billing"), pause(6), start("app1", "billing")), nothing, at1("billing", 4),
      nginx=MAIN, span=10, notes="stop, six seconds of copying files, start")
fault("vault-user-missing", "backend_down", "never_started", N_VAULT, "app3/vault", both(dropin("app3", "vault", "[Service]\nUser=vaultd\nRestartSec=30\n", True), restart("app3", "vault")),
      remove_dropin("app3", "vault"), at1("vault"), nginx=COMBINED, notes="a deploy with a user that does not exist: 217/USER")
fault("billing-prestart-check-fails", "backend_down", "never_started", H_BILLING, "app1/billing",
      both(write("app1", "/etc/billing.json", '{"bank": "gateway.example"\n'), dropin("app1", "billing", "[Service]\nExecStartPre=/usr/bin/python3 -m json.tool /etc/billing.json\nRestartSec=30\n", True),
           restart("app1", "billing")), remove_dropin("app1", "billing"), at2("billing"), haproxy=NO, notes="a deploy with a damaged configuration that ExecStartPre refuses")
fault("stock-disabled-by-operator", "backend_down", "maintenance", H_STOCK, "edge2/haproxy", both(*(runtime(f"disable server bk_stock/stock{n}") for n in (1, 2, 3))),
      both(*(runtime(f"enable server bk_stock/stock{n}") for n in (1, 2, 3))), at2("stock", 6), notes="disable server for all three through the stats socket")
fault("mirror-disabled-in-configuration", "backend_down", "maintenance", H_MIRROR, "edge2/haproxy", haproxy_with(backends={"bk_mirror": {"m1": MIRROR + " disabled"}}), haproxy_with(),
      at2("mirror", 4), acceptable=["wrong_upstream"], notes="the word disabled behind the only server, after a reload")
fault("billing-draining", "backend_down", "health_check_failing", H_BILLING, "app1/billing", behave("app1", "billing", ready=False), calm("app1", "billing"), at2("billing", 6),
      notes="/status answers 200 and DRAINING, haproxy expects READY; everything else works")
fault("stock-not-ready", "backend_down", "health_check_failing", H_STOCK1, "app1/stock", behave("app1", "stock", ready=500), calm("app1", "stock"), at2("stock", 12), haproxy=ONLY_STOCK1,
      zone=NEW_YORK, notes="/ready answers 500, everything else works")
fault("sessions-socket-gone", "backend_down", "unix_socket_missing", N_SESSIONS, "edge1/sessions", do("edge1", "mv /run/sessions/gunicorn.sock /run/sessions/.old"), do("edge1", "mv /run/sessions/.old /run/sessions/gunicorn.sock"), at1("sessions", 4),
      nginx=MAIN, notes="the socket's file gone while gunicorn runs on")

# ---- wrong_upstream

fault("search-wrong-port", "wrong_upstream", "wrong_port", ng("search-nodes", "10.85.0.22:9220"), "edge1/nginx", nginx_with(upstreams={"search-nodes": ["10.85.0.22:9220"]}, **MAIN), nginx_with(**MAIN),
      at1("search", 10), nginx=MAIN, notes="port 9220 instead of 9200 after a reload")
fault("billing-moved-to-another-port", "wrong_upstream", "wrong_port", H_BILLING, "app1/billing", deploy("app1", "billing", PORT=7071), deploy("app1", "billing", PORT=7070), at2("billing"),
      haproxy=NO, acceptable=["backend_down"], notes="the application restarted with PORT=7071, the proxy still asks 7070")
fault("mirror-wrong-host", "wrong_upstream", "wrong_host", ng("mirror_files", "10.85.0.21:8600"), "edge1/nginx", nginx_with(upstreams={"mirror_files": ["10.85.0.21:8600"]}, **COMBINED), nginx_with(**COMBINED),
      at1("mirror", 3), nginx=COMBINED, notes="app1 instead of app2 after a reload: the right port on a host that does not serve it")
fault("stock-wrong-host-one-of-three", "wrong_upstream", "wrong_host", ha("bk_stock", stock2="10.85.0.122:9101"), "edge2/haproxy",
      haproxy_with(backends={"bk_stock": {"stock1": STOCK1, "stock2": "10.85.0.122:9101", "stock3": STOCK3}}, connect="1s", checks=False), haproxy_with(connect="1s", checks=False), at2("stock", 6),
      haproxy={"connect": "1s", **NO}, notes="one of three servers has an address that nobody has, after a reload")
fault("search-bound-to-loopback", "wrong_upstream", "bound_to_loopback", N_SEARCH, "app2/search", deploy("app2", "search", HOST="127.0.0.1"), deploy("app2", "search"), at1("search"),
      nginx=COMBINED, notes="restarted with HOST=127.0.0.1")
fault("billing-bound-to-loopback", "wrong_upstream", "bound_to_loopback", H_BILLING, "app1/billing", deploy("app1", "billing", BIND="localhost"), deploy("app1", "billing"), at2("billing", 2),
      notes="restarted with BIND=localhost")
NAMES = {"billing.mart.internal": "10.85.0.21"}
BY_NAME = {"locations": {"/billing/": "set $billing billing.mart.internal; proxy_pass http://$billing:7070"}, "server": f"\t\tresolver {CLIENTS[0]} valid=2s ipv6=off;\n\t\tresolver_timeout 2s;\n"}
N_NAME = ng("billing.mart.internal", "billing.mart.internal:7070", "billing.mart.internal")
fault("billing-name-deleted", "wrong_upstream", "name_resolution", N_NAME, "edge1/nginx", name_table({}), name_table(NAMES), at1("billing", 4), nginx={**BY_NAME, **JSON}, setup=name_server(NAMES),
      notes="proxy_pass with a variable; the name server answers NXDOMAIN")
fault("billing-name-server-fails", "wrong_upstream", "name_resolution", N_NAME, "edge1/nginx", name_table({"billing.mart.internal": None}), name_table(NAMES), at1("billing", 4),
      nginx={**BY_NAME, **MAIN}, setup=name_server(NAMES), notes="proxy_pass with a variable; the name server answers SERVFAIL")
RESOLVED = {"sections": f"\nresolvers lab\n\tnameserver dns1 {CLIENTS[0]}:53\n\thold valid 2s\n\thold nx 2s\n\ttimeout resolve 1s\n\ttimeout retry 1s\n",
            "backends": {"bk_billing": {"bill-a": "billing.mart.internal:7070 resolvers lab init-addr none"}}}
fault("billing-name-deleted-haproxy", "wrong_upstream", "name_resolution", ha("bk_billing", **{"bill-a": "billing.mart.internal:7070"}), "edge2/haproxy", name_table({}), name_table(NAMES),
      at2("billing", 4), haproxy=RESOLVED, setup=name_server(NAMES), notes="a server by name with a resolvers section; the name server answers NXDOMAIN")
fault("sessions-folder-permission", "wrong_upstream", "unix_socket_permission", N_SESSIONS, "edge1/sessions", do("edge1", "chmod 700 /run/sessions"), do("edge1", "chmod 755 /run/sessions"),
      at1("sessions", 6), nginx=COMBINED, notes="chmod 700 of the socket's folder")
fault("portal-http-to-fastcgi", "wrong_upstream", "wrong_protocol", N_PORTAL, "edge1/nginx", nginx_with(locations={"/portal/": "proxy_pass http://portal_fpm;"}), nginx_with(), at1("portal", 4),
      notes="proxy_pass to a server that speaks FastCGI, after a reload")
fault("search-http2-to-http1", "wrong_upstream", "wrong_protocol", H_SEARCH, "edge2/haproxy", haproxy_with(backends={"bk_search": {"srv1": SEARCH + " proto h2"}}, checks=False), haproxy_with(checks=False),
      at2("search"), haproxy=NO, notes="proto h2 towards a server that speaks HTTP/1.1, after a reload")
fault("search-backend-without-servers", "wrong_upstream", "no_backend", ha("bk_search"), "edge2/haproxy", haproxy_with(backends={"bk_search": {}}), haproxy_with(), at2("search", 3),
      notes="the backend's only server line is gone after a reload: bk_search/<NOSRV>")

# ---- backend_timeout

fault("stock-one-path-slow", "backend_timeout", "slow_response", N_STOCK, "app1/stock", both(*(behave(host, "stock", delay=25, only="/v2/stock/9") for host in ("app1", "app2", "app3"))),
      both(*(calm(host, "stock") for host in ("app1", "app2", "app3"))), at1("stock", 12), setup=MANY_THREADS, nginx={**ALL_STOCK, "read": "3s", **MAIN}, span=22,
      notes="one page in nine takes 25 s, on all three servers")
fault("stock-one-of-three-slow", "backend_timeout", "slow_response", ha("bk_stock", stock3=STOCK3), "app3/stock", behave("app3", "stock", delay=15), calm("app3", "stock"), at2("stock", 9),
      setup=MANY_THREADS, haproxy={"server": "3s"}, zone=NEW_YORK, notes="one of three servers answers after 15 s; its health check is fine")
fault("stock-slow-until-none-is-live", "backend_timeout", "slow_response", N_STOCK, "app1/stock", both(*(behave(host, "stock", delay=25, only="/v2/stock/8") for host in ("app1", "app2", "app3"))),
      both(*(calm(host, "stock") for host in ("app1", "app2", "app3"))), at1("stock", 9), setup=MANY_THREADS, nginx={"read": "3s", **JSON}, span=25,
      notes="one page in nine takes 25 s; after a timeout of each server nginx takes none for alive and refuses all pages")
fault("billing-slow", "backend_timeout", "slow_response", N_BILLING, "app1/billing", behave("app1", "billing", delay=20), calm("app1", "billing"), at1("billing", 1), nginx={"read": "4s", **COMBINED}, span=30,
      notes="answers after 20 s; one request a second")
fault("search-slow-much-asked", "backend_timeout", "slow_response", N_SEARCH, "app2/search", behave("app2", "search", delay=12), calm("app2", "search"), at1("search", 40), nginx={"read": "2s", **COMBINED},
      notes="answers after 12 s; forty requests a second")
fault("stock-threads-exhausted", "backend_timeout", "pool_exhausted", N_STOCK1, "app1/stock", behave("app1", "stock", delay=1.5), calm("app1", "stock"), at1("stock", 7),
      setup=environment("app1", "stock", THREADS=2), nginx={**ONE_STOCK, "read": "3s", **JSON}, notes="two threads, each request takes 1.5 s, seven requests a second")
fault("portal-children-exhausted", "backend_timeout", "pool_exhausted", N_PORTAL, "app3/php8.2-fpm", behave("app3", "portal", delay=2), calm("app3", "portal"),
      at1("portal", 5), setup=write("app3", POOL_FILE, POOL.format(children=2, more="")), nginx=COMBINED, notes="pm.max_children 2, each request takes 2 s, five requests a second")
fault("billing-queue-in-haproxy", "backend_timeout", "pool_exhausted", H_BILLING, "app1/billing", behave("app1", "billing", delay=1), calm("app1", "billing"), at2("billing", 8),
      haproxy={"queue": "2s", "backends": {"bk_billing": {"bill-a": BILLING + " maxconn 3"}}}, notes="maxconn 3, each request takes 1 s, eight requests a second: sQ")
fault("billing-accept-queue", "backend_timeout", "accept_queue_full", N_BILLING, "app1/billing", behave("app1", "billing", delay=3), calm("app1", "billing"), at1("billing", 6),
      setup=environment("app1", "billing", THREADS="no", BACKLOG=1), nginx={"connect": "2s", "read": "5s"}, kernel={"SYN flooding": "app1"}, acceptable=[],
      notes="a server that answers one connection after the other, 3 s each, backlog 1: connects time out")
fault("stock-sync-worker-timeout", "backend_timeout", "worker_timeout", H_STOCK1, "app1/stock", behave("app1", "stock", delay=30), calm("app1", "stock"), at2("stock", 3),
      setup=environment("app1", "stock", CLASS="sync", THREADS=1, TIMEOUT=3), haproxy={**ONLY_STOCK1, **NO}, notes="requests take 30 s, gunicorn kills its worker after 3 s")
fault("portal-request-terminated", "backend_timeout", "worker_timeout", N_PORTAL, "app3/php8.2-fpm", behave("app3", "portal", delay=20), calm("app3", "portal"), at1("portal", 3),
      setup=write("app3", POOL_FILE, POOL.format(children=12, more="request_terminate_timeout = 3s")), nginx=MAIN, notes="requests take 20 s, php-fpm ends its children after 3 s")
fault("search-event-loop-blocked", "backend_timeout", "unresponsive", N_SEARCH, "app2/search", behave("app2", "search", block=22), calm("app2", "search"), at1("search", 6), nginx={"read": "3s", **JSON},
      acceptable=[], notes="a request blocks node's event loop for 22 s: nothing else is answered")
fault("auth-tls-frozen", "backend_timeout", "unresponsive", N_AUTH, "app3/auth-tls", do("app3", "systemctl kill -s STOP auth-tls"), do("app3", "systemctl kill -s CONT auth-tls"), at1("auth", 4),
      nginx={"connect": "3s", "read": "3s", **COMBINED}, notes="SIGSTOP of the TLS terminator: the kernel accepts, no handshake")
fault("mirror-frozen", "backend_timeout", "unresponsive", H_MIRROR, "app2/mirror", do("app2", "systemctl kill -s STOP mirror"), do("app2", "systemctl kill -s CONT mirror"), at2("mirror", 3),
      haproxy={"server": "3s"}, notes="SIGSTOP; health checks are on")

# ---- firewall

fault("billing-drop-with-log", "firewall", "drop", N_BILLING, "app1", firewall("app1", 7070, 'LOG --log-prefix "IN-DROP: "', "DROP"), no_firewall("app1"), at1("billing", 4),
      nginx={"connect": "3s", **JSON}, zone=INDIA, notes="iptables: LOG, then DROP")
fault("search-drop-for-one-proxy", "firewall", "drop", H_SEARCH, "app2", do("app2", "iptables -A INPUT -s 10.85.0.12 -p tcp --dport 9200 -j DROP"), no_firewall("app2"), {**at1("search", 3), **at2("search", 6)},
      haproxy={"connect": "1s", **NO}, notes="iptables drops what comes from haproxy's host, without a log; nginx still reaches the same server")
fault("stock-drop-one-of-three", "firewall", "drop", ng("stock_pool", STOCK3), "app3", firewall("app3", 9101, "DROP"), no_firewall("app3"), at1("stock", 9), nginx={**ALL_STOCK, "connect": "2s", **COMBINED},
      notes="iptables: DROP without a log on one of three hosts")
fault("stock-drop-most-connections", "firewall", "drop", H_STOCK1, "app1", do("app1", "iptables -A INPUT -p tcp --dport 9101 --syn -m statistic --mode random --probability 0.8 -j DROP"), no_firewall("app1"),
      at2("stock", 8), haproxy={**ONLY_STOCK1, "connect": "1s", **NO}, notes="iptables drops four in five of the packets that open a connection, without a log")
fault("mirror-reject-reset-with-log", "firewall", "reject", H_MIRROR, "app2", firewall("app2", 8600, 'LOG --log-prefix "fw-reject "', "REJECT --reject-with tcp-reset"), no_firewall("app2"), at2("mirror", 4),
      haproxy=NO, notes="iptables: LOG, then REJECT with tcp-reset")
fault("vault-reject-admin-prohibited", "firewall", "reject", N_VAULT, "app3", firewall("app3", 9553, "REJECT --reject-with icmp-admin-prohibited"), no_firewall("app3"), at1("vault", 5), nginx=MAIN,
      notes="iptables: REJECT with icmp-admin-prohibited, no log")
fault("search-reject-reset", "firewall", "reject", N_SEARCH, "app2", firewall("app2", 9200, "REJECT --reject-with tcp-reset"), no_firewall("app2"), at1("search", 15), nginx=JSON,
      notes="iptables: REJECT with tcp-reset, no log; the service runs on")
fault("billing-conntrack-full", "firewall", "conntrack_full", N_BILLING, "app1", connections_tracked(6), connections_tracked(262144), {**at1("billing", 12), **QUIET},
      setup=both(behave("app1", "billing", delay=1), do("app1", "iptables -A INPUT -m conntrack --ctstate ESTABLISHED,NEW -j ACCEPT")), nginx={"connect": "2s"},
      kernel={"nf_conntrack: table full": "app1"}, notes="nf_conntrack_max 6 on the application's host, whose firewall tracks connections")

# ---- tls_mismatch

fault("search-https-to-http", "tls_mismatch", "https_to_http", N_SEARCH, "edge1/nginx", nginx_with(locations={"/find": "proxy_pass https://search-nodes;"}, **JSON), nginx_with(**JSON), at1("search", 7),
      nginx=JSON, notes="https:// instead of http:// after a reload")
fault("billing-https-to-http", "tls_mismatch", "https_to_http", H_BILLING, "edge2/haproxy", haproxy_with(backends={"bk_billing": {"bill-a": BILLING + " ssl verify none"}}, checks=False),
      haproxy_with(checks=False), at2("billing", 2), haproxy=NO, notes="ssl towards a plain server after a reload")
fault("auth-http-to-https", "tls_mismatch", "http_to_https", H_AUTH, "edge2/haproxy", haproxy_with(backends={"bk_auth": {"auth01": AUTH}}, checks=False), haproxy_with(checks=False), at2("auth", 4), haproxy=NO,
      notes="the ssl words are gone after a reload; socat speaks TLS")
fault("vault-http-to-https", "tls_mismatch", "http_to_https", N_VAULT, "edge1/nginx", nginx_with(locations={"/secrets": "proxy_pass http://vault_tls;"}, **COMBINED), nginx_with(**COMBINED), at1("vault", 3),
      nginx=COMBINED, notes="http:// instead of https:// after a reload; openssl s_server speaks TLS")


def certificate(unit, kind):
    return deploy("app3", unit, CERTIFICATE=f"{CERTIFICATES}/{kind}")


fault("auth-certificate-expired-both-proxies", "tls_mismatch", "certificate_expired", [N_AUTH, H_AUTH], "app3/auth-tls", certificate("auth-tls", "expired"), certificate("auth-tls", "good"),
      {**at1("auth", 3), **at2("auth", 3)}, nginx=COMBINED, notes="nginx and haproxy in front of the same server with an expired certificate")
for name, sub, ups, unit, kind, rates, options in (
        ("auth-certificate-expired", "certificate_expired", N_AUTH, "auth-tls", "expired", at1("auth", 6), {"nginx": MAIN, "zone": NEW_YORK}),
        ("vault-certificate-expired", "certificate_expired", H_VAULT, "vault", "expired", at2("vault", 4), {"haproxy": NO}),
        ("vault-certificate-selfsigned", "certificate_untrusted", N_VAULT, "vault", "selfsigned", at1("vault", 4), {"nginx": COMBINED}),
        ("auth-certificate-untrusted", "certificate_untrusted", H_AUTH, "auth-tls", "untrusted", at2("auth", 5), {}),
        ("auth-certificate-name", "certificate_name", N_AUTH, "auth-tls", "wrongname", at1("auth", 2), {"nginx": JSON}),
        ("vault-certificate-name", "certificate_name", H_VAULT, "vault", "wrongname", at2("vault", 5), {"haproxy": NO})):
    fault(name, "tls_mismatch", sub, ups, f"app3/{unit}", certificate(unit, kind), certificate(unit, "good"), rates, notes=f"restarted with a certificate of another kind: {kind}", **options)
fault("vault-protocol-version", "tls_mismatch", "protocol_version", H_VAULT, "app3/vault", deploy("app3", "vault", MORE="-tls1_3"), deploy("app3", "vault"), at2("vault", 4),
      haproxy={"backends": {"bk_vault": {"v1": VAULT + TLS + " ssl-max-ver TLSv1.2"}}, **NO}, notes="openssl s_server -tls1_3, haproxy may only speak 1.2")
fault("auth-protocol-version", "tls_mismatch", "protocol_version", N_AUTH, "app3/auth-tls", deploy("app3", "auth-tls", MORE="verify=0,openssl-min-proto-version=TLS1.3"), deploy("app3", "auth-tls"),
      at1("auth", 5), nginx={"locations": {"/login": "proxy_pass https://auth_tls; proxy_ssl_protocols TLSv1.2; " + VERIFY}}, notes="socat now wants TLS 1.3, nginx may only speak 1.2")
fault("auth-client-certificate", "tls_mismatch", "client_certificate_required", H_AUTH, "app3/auth-tls", deploy("app3", "auth-tls", MORE="verify=1,cafile=/etc/ssl/lab/ca.pem"), deploy("app3", "auth-tls"),
      at2("auth", 4), haproxy=NO, notes="socat now asks for a client certificate that haproxy does not have")
fault("vault-client-certificate", "tls_mismatch", "client_certificate_required", N_VAULT, "app3/vault", deploy("app3", "vault", MORE="-Verify 1 -verify_return_error -CAfile /etc/ssl/lab/ca.pem"),
      deploy("app3", "vault"), at1("vault", 5), nginx=MAIN, notes="openssl s_server now asks for a client certificate that nginx does not have")

# ---- app_crash

fault("billing-exit", "app_crash", "exit_error", N_BILLING, "app1/billing", behave("app1", "billing", exit=True), nothing, at1("billing", 3), steps=[(2, calm("app1", "billing"))], span=10, nginx=COMBINED,
      notes="an exception, then exit status 70; systemd starts it again after 6 s")
fault("search-unhandled-rejection", "app_crash", "exit_error", H_SEARCH, "app2/search", behave("app2", "search", reject=True), nothing, at2("search", 12), steps=[(2, calm("app2", "search"))], span=10,
      haproxy=NO, notes="an unhandled rejection ends node with status 1; systemd starts it again after 6 s")
fault("stock-worker-segfault", "app_crash", "segfault", N_STOCK1, "app1/stock", behave("app1", "stock", segfault=True, share=0.3), calm("app1", "stock"), at1("stock", 6), nginx={**ONE_STOCK, **MAIN},
      notes="a third of the requests kills gunicorn's only worker; the master starts another")
fault("billing-segfault", "app_crash", "segfault", H_BILLING, "app1/billing", behave("app1", "billing", delay=0.8, segfault=True), nothing, at2("billing", 5), steps=[(2, calm("app1", "billing"))], span=11,
      setup=dropin("app1", "billing", "[Service]\nRestartSec=7\n"), notes="a write to address 8, 0.8 s into a request; systemd starts it again after 7 s")
fault("search-killed", "app_crash", "killed", N_SEARCH, "app2/search", kill_main("app2", "search"), nothing, at1("search", 4), setup=dropin("app2", "search", "[Service]\nRestartSec=10\n"), span=13,
      nginx=JSON, zone=INDIA, notes="kill -9 of the main process; restarted after 10 s")
fault("sessions-killed", "app_crash", "killed", N_SESSIONS, "edge1/sessions", kill_main("edge1", "sessions"), nothing, at1("sessions", 6), setup=dropin("edge1", "sessions", "[Service]\nRestartSec=9\nTimeoutStopSec=1\n"), span=13,
      nginx=MAIN, notes="kill -9 of gunicorn's master behind a unix socket; restarted after 9 s")
fault("mirror-killed", "app_crash", "killed", H_MIRROR, "app2/mirror", kill_main("app2", "mirror"), nothing, at2("mirror", 2), setup=dropin("app2", "mirror", "[Service]\nRestartSec=12\n"), span=15, haproxy=NO,
      notes="kill -9 of the main process; restarted after 12 s")
LOOP = "[Service]\nRestartSec=400ms\n"
fault("search-crash-loop", "app_crash", "crash_loop", H_SEARCH, "app2/search", deploy("app2", "search", NODE_FLAGS="--require=/opt/mart/tracing.js"),
      both(environment("app2", "search"), do("app2", "systemctl reset-failed search; systemctl start search")), at2("search", 5), setup=dropin("app2", "search", LOOP),
      notes="a module that does not exist: exit 1 at each start until systemd gives up")
fault("stock-crash-loop", "app_crash", "crash_loop", N_STOCK1, "app1/stock", deploy("app1", "stock", CLASS="gtread"), both(environment("app1", "stock"), do("app1", "systemctl reset-failed stock; systemctl start stock")),
      at1("stock", 10), setup=dropin("app1", "stock", LOOP), nginx={**ONE_STOCK, **JSON}, notes="a worker class that does not exist: exit 1 at each start until systemd gives up")
fault("billing-oom", "app_crash", "oom_kill", N_BILLING, "app1/billing", both(limit("app1", "billing", 60), behave("app1", "billing", leak=6)), both(calm("app1", "billing"), unlimit, start("app1", "billing")),
      at1("billing", 5), nginx=MAIN, notes="memory limit for the unit; the application leaks and is killed")
fault("stock-worker-oom", "app_crash", "oom_kill", H_STOCK1, "app1/stock", both(limit("app1", "stock", 90), behave("app1", "stock", leak=20)), both(calm("app1", "stock"), unlimit), at2("stock", 5),
      haproxy={**ONLY_STOCK1, **NO}, notes="memory limit for the unit; gunicorn's worker leaks and is killed, again and again")
fault("search-heap-exhausted", "app_crash", "heap_exhausted", H_SEARCH, "app2/search", behave("app2", "search", leak=6), calm("app2", "search"), at2("search", 5),
      setup=environment("app2", "search", NODE_FLAGS="--max-old-space-size=32"), haproxy=NO, notes="node leaks until its heap limit: abort")

# ---- bad_response

fault("portal-header-too-big", "bad_response", "header_too_big", N_PORTAL, "app3/php8.2-fpm", behave("app3", "portal", cookies=9), calm("app3", "portal"), at1("portal", 4), nginx=JSON,
      notes="27 kB of cookies from php-fpm")
fault("stock-header-too-big", "bad_response", "header_too_big", H_STOCK1, "app1/stock", behave("app1", "stock", cookies=9), calm("app1", "stock"), at2("stock", 5), haproxy={**ONLY_STOCK1, **NO},
      notes="29 kB of cookies, more than haproxy's buffer")
fault("billing-header-name", "bad_response", "invalid_response", N_BILLING, "app1/billing", behave("app1", "billing", raw="header_name"), calm("app1", "billing"), at1("billing", 5), nginx=COMBINED,
      notes="a header whose name has spaces")
fault("billing-mail-banner", "bad_response", "invalid_response", H_BILLING, "app1/billing", behave("app1", "billing", raw="banner"), calm("app1", "billing"), at2("billing", 5), notes="the answer is a mail server's greeting")
fault("billing-half-header", "bad_response", "closed_early", N_BILLING, "app1/billing", behave("app1", "billing", raw="half_header"), calm("app1", "billing"), at1("billing", 5), nginx=MAIN,
      notes="the connection ends within the header")
fault("search-hangs-up", "bad_response", "closed_early", H_SEARCH, "app2/search", behave("app2", "search", destroy=True), calm("app2", "search"), at2("search", 40), haproxy=NO,
      notes="the connection ends without an answer; forty requests a second")

# ---- host_unreachable

fault("billing-host-down", "host_unreachable", "host_down", N_BILLING, "app1", host_down("app1"), host_up("app1"), {**at1("billing", 5), **at1("stock", 1), **QUIET}, nginx={"connect": "2s", **JSON}, span=20, tail=14,
      notes="the machine gone at once, booted again after 20 s; nginx asks another server for stock")
fault("search-link-down", "host_unreachable", "link_down", H_SEARCH, "app2", do("app2", "ip link set eth0 down"), do("app2", "ip link set eth0 up"),
      {**at2("search", 4), **QUIET, ("edge1", "mirror"): 0, ("edge2", "mirror"): 0}, haproxy={"connect": "1s", **NO}, nginx={"connect": "2s"}, notes="ip link set eth0 down on the host")
fault("auth-partition", "host_unreachable", "partition", N_AUTH, "app3", isolate("edge1", "app3"), isolate("edge1", "app3", False),
      {**at1("auth", 5), **at2("auth", 2), ("edge1", "vault"): 0, ("edge1", "portal"): 0}, nginx={"connect": "2s", **MAIN}, notes="the switch no longer forwards between nginx' host and app3; haproxy's host still reaches it")

# ---- app_error

fault("search-makes-503", "app_error", "passed_through", H_SEARCH, "app2/search", behave("app2", "search", status=503, share=0.5), calm("app2", "search"), at2("search", 10),
      notes="the application itself answers every other request with 503")
fault("portal-makes-502", "app_error", "passed_through", N_PORTAL, "app3/php8.2-fpm", behave("app3", "portal", status=502), calm("app3", "portal"), at1("portal", 4), nginx=MAIN,
      notes="the application itself answers 502")

# ---- proxy_exhausted

fault("search-haproxy-local-ports", "proxy_exhausted", "ephemeral_ports", H_SEARCH, "edge2/haproxy", both(local_ports("edge2", "42000 42009"), behave("app2", "search", delay=5)),
      both(local_ports("edge2", "32768 60999"), calm("app2", "search")), at2("search", 8), haproxy=NO, notes="ten local ports and a slow page")
fault("search-nginx-descriptors", "proxy_exhausted", "file_descriptors", N_SEARCH, "edge1/nginx", behave("app2", "search", delay=6), calm("app2", "search"), at1("search", 10),
      nginx={"main": "worker_rlimit_nofile 45;\n", "workers": 1, **MAIN}, patience=12, notes="45 descriptors and a slow page: nginx has none left")

# ---- one proxy behind another: the fault is where it arises

BEHIND_HAPROXY = {"inner_lb": ["10.85.0.12:80"]}
N_INNER = ng("inner_lb", "10.85.0.12:80")


def through_haproxy(path):
    return {"upstreams": BEHIND_HAPROXY, "locations": {path: "proxy_pass http://inner_lb;"}}


def through_nginx(backend):
    return {"backends": {backend: {"web1": "10.85.0.11:80"}}}


def crash_workers(lab):
    """Each worker of nginx ends by a segmentation fault, as soon as it has begun to work."""
    lab.edge1.do("setsid sh -c 'for n in $(seq 80); do pkill -SEGV -P $(cat /run/nginx.pid); sleep 0.2; done' >/dev/null 2>&1 &")


fault("chain-nginx-haproxy-stopped-backend", "backend_down", "clean_stop", H_BILLING, "app1/billing", stop("app1", "billing"), start("app1", "billing"), at1("billing", 6),
      nginx={**through_haproxy("/billing/"), **MAIN}, haproxy=NO, notes="nginx, haproxy, application: the application is stopped")
fault("chain-nginx-haproxy-maintenance", "backend_down", "maintenance", H_BILLING, "edge2/haproxy", runtime("set server bk_billing/bill-a state maint"), runtime("set server bk_billing/bill-a state ready"),
      at1("billing", 5), nginx={**through_haproxy("/billing/"), **JSON}, notes="nginx, haproxy, application: the only server in maintenance")
fault("chain-haproxy-nginx-slow", "backend_timeout", "slow_response", N_SEARCH, "app2/search", behave("app2", "search", delay=20), calm("app2", "search"), at2("search", 5),
      haproxy=through_nginx("bk_search"), nginx={"read": "3s", **COMBINED}, notes="haproxy, nginx, application: the application answers after 20 s")
fault("chain-haproxy-nginx-app-503", "app_error", "passed_through", N_SEARCH, "app2/search", behave("app2", "search", status=503), calm("app2", "search"), at2("search", 5),
      haproxy={**through_nginx("bk_search"), **NO}, nginx=MAIN, notes="haproxy, nginx, application: the application itself answers 503")
fault("chain-haproxy-nginx-certificate", "tls_mismatch", "certificate_expired", N_AUTH, "app3/auth-tls", certificate("auth-tls", "expired"), certificate("auth-tls", "good"), at2("auth", 4),
      haproxy={**through_nginx("bk_auth"), **NO}, nginx=JSON, notes="haproxy, nginx, TLS: the certificate is expired")
fault("chain-nginx-haproxy-proxy-stopped", "backend_down", "clean_stop", N_INNER, "edge2/haproxy", stop("edge2", "haproxy"), start("edge2", "haproxy"), {**at1("billing", 5), **{("edge2", s): 0 for s in MART.paths}},
      nginx={**through_haproxy("/billing/"), **COMBINED}, notes="nginx, haproxy, application: haproxy is stopped")
fault("chain-haproxy-nginx-workers-crash", "proxy_exhausted", "proxy_crash", [ha("bk_search", web1="10.85.0.11:80"), N_SEARCH], "edge1/nginx", both(behave("app2", "search", delay=0.5), crash_workers),
      calm("app2", "search"), {**at2("search", 8), **{("edge1", s): 0 for s in MART.paths}}, haproxy={**through_nginx("bk_search"), **NO}, nginx=MAIN, acceptable=["app_crash"],
      notes="haproxy, nginx, application: nginx' workers end by segmentation faults, some five a second, answers take 0.5 s")

fault("chain-haproxy-nginx-connections", "proxy_exhausted", "worker_connections", [ha("bk_billing", web1="10.85.0.11:80"), N_BILLING], "edge1/nginx", behave("app1", "billing", delay=6), calm("app1", "billing"),
      at2("billing", 9), haproxy={**through_nginx("bk_billing"), **NO}, nginx={"connections": 36, "workers": 1, **JSON}, patience=20,
      notes="haproxy, nginx, application: 36 worker_connections and a slow page, nginx hangs up on haproxy")

# ---- two faults at once

SECOND.add("two-billing-drop-and-search-killed", both(firewall("app1", 7070, "DROP"), kill_main("app2", "search")), no_firewall("app1"),
           [incident("firewall", "drop", N_BILLING, "app1"), incident("app_crash", "killed", N_SEARCH, "app2", "search")], {**at1("billing", 4), **at1("search", 4)},
           setup=dropin("app2", "search", "[Service]\nRestartSec=12\n"), nginx={"connect": "2s", **MAIN}, notes="one host drops without a log, on another a process is killed")
SECOND.add("two-on-one-host", both(certificate("auth-tls", "expired"), stop("app3", "php8.2-fpm")), both(certificate("auth-tls", "good"), start("app3", "php8.2-fpm")),
           [incident("tls_mismatch", "certificate_expired", N_AUTH, "app3", "auth-tls"), incident("backend_down", "clean_stop", N_PORTAL, "app3", "php8.2-fpm")], {**at1("auth", 4), **at1("portal", 3)},
           nginx=JSON, notes="an expired certificate and a stopped service on one host")
SECOND.add("two-behind-haproxy", both(runtime("disable server bk_mirror/m1"), behave("app1", "billing", delay=20)), both(runtime("enable server bk_mirror/m1"), calm("app1", "billing")),
           [incident("backend_down", "maintenance", H_MIRROR, "edge2", "haproxy"), incident("backend_timeout", "slow_response", H_BILLING, "app1", "billing")], {**at2("mirror", 4), **at2("billing", 4)},
           haproxy={"server": "3s", **NO}, notes="one backend in maintenance, another slow")

# ---- faults among other events

fault("wrong-port-among-restarts", "wrong_upstream", "wrong_port", ng("billing_backend", "10.85.0.21:7007"), "edge1/nginx", nginx_with(upstreams={"billing_backend": ["10.85.0.21:7007"]}, **COMBINED), nginx_with(**COMBINED),
      {**at1("billing", 5), **QUIET}, nginx=COMBINED, healthy=30, steps=[(-24, restart("app1", "stock")), (-15, restart("app1", "indexer")), (-3, restart("app2", "indexer"))],
      notes="port 7007 instead of 7070 after a reload; stock and indexer on that host restarted 24 and 15 s before")
fault("slow-among-firewall-lines", "backend_timeout", "slow_response", N_SEARCH, "app2/search", behave("app2", "search", delay=20), calm("app2", "search"), at1("search", 4), nginx={"read": "3s", **JSON},
      setup=firewall("app2", 23, 'LOG --log-prefix "SCAN-DROP: "', "DROP"), steps=[(t, do("edge1", "timeout 1 socat - TCP:10.85.0.22:23,connect-timeout=1")) for t in (-9, -1, 3, 7)],
      notes="the page takes 20 s; the same host's firewall logs and drops probes of another port")

# ---- controls

SECOND.add("control-neighbour-oom", both(limit("app1", "indexer", 40), behave("app1", "indexer", leak=4)), both(calm("app1", "indexer"), unlimit), [], {**at1("billing", 5), **at2("stock", 8)},
           sub_cause="unrelated_oom", nginx=JSON, notes="indexer is OOM-killed on the host of billing and stock; no request fails")
SECOND.add("control-reload-other-settings", both(nginx_with(read="15s", level="warn", **MAIN), haproxy_with(queue="8s")), both(nginx_with(**MAIN), haproxy_with()), [], {**at1("search", 12), **at2("search", 12)},
           nginx=MAIN, sub_cause="plain_reload", notes="both proxies reloaded with other timeouts that matter to nobody")
SECOND.add("control-deploy-then-404", restart("app2", "stock"), nothing, [], {**at1("stock", 6), **QUIET}, nginx=COMBINED, sub_cause="client_errors", span=30,
           steps=[(30 - 5, do("edge1", "for n in $(seq 60); do curl -s -o /dev/null http://10.85.0.11/nothing/$n; done"))],
           notes="one of three servers restarted, nginx asks the others meanwhile; half a minute later a burst of 404")
SECOND.add("control-404-and-499", behave("app2", "search", delay=3), calm("app2", "search"), [], {**at1("search", 4), **at2("search", 4)}, patience=1, nginx=JSON, sub_cause="client_errors",
           streams=["edge1,10.85.0.11,/nothing,20", "edge2,10.85.0.12,/nothing,20"], notes="404 all the time, and clients that go after 1 s while answers take 3 s")
SECOND.add("control-slow-but-fine", both(behave("app2", "search", delay=4), behave("app1", "billing", delay=6)), both(calm("app2", "search"), calm("app1", "billing")), [],
           {**at1("search", 5), **at2("billing", 3)}, nginx=MAIN, sub_cause="slow_but_fine", notes="answers take 4 and 6 s and are all 200")
SECOND.add("control-one-of-three-down", kill_main("app3", "stock"), nothing, [], {**at1("stock", 15), **QUIET}, nginx=JSON, setup=dropin("app3", "stock", "[Service]\nRestartSec=12\n"),
           sub_cause="masked_by_retry", notes="one of three servers killed; nginx' retries save each request")
SECOND.add("control-app-500-and-429", both(behave("app1", "stock", status=500, share=0.4), behave("app2", "stock", status=429, share=0.4)), both(calm("app1", "stock"), calm("app2", "stock")), [],
           {**at1("stock", 9), **at2("stock", 9)}, nginx=COMBINED, sub_cause="app_500", notes="one server answers 500, another 429, for four in ten requests")
SECOND.add("control-one-server-not-ready", behave("app3", "stock", ready=503), calm("app3", "stock"), [], {**at1("stock", 4), **at2("stock", 10)}, sub_cause="health_check_failing", zone=NEW_YORK,
           notes="haproxy takes one of three servers out of service in time; no request fails")
SECOND.add("control-port-scan", firewall("app1", "1:1023", 'LOG --log-prefix "SCAN-DROP: "', "DROP"), no_firewall("app1"), [], {**at1("billing", 5), **at2("billing", 5)}, nginx=MAIN, sub_cause="port_scan",
           steps=[(t, do("edge2", "for p in 21 22 23 25; do timeout 1 socat - TCP:10.85.0.21:$p,connect-timeout=1; done")) for t in (2, 8)],
           notes="the firewall of an application's host drops and logs a scan of other ports")
