"""The first set: faults of the shop."""
import time

from hosts import CLIENTS
from scenario import Catalogue, at1, at2, ha, incident, ng
from shop import SHOP, TLS_NAME
from verbs import (behave, both, calm, deploy, do, dropin, environment, firewall, haproxy_with, host_down, host_up, kill_main, limit, local_ports, name_server, name_table,
                   nginx_with, no_firewall, nothing, power_off, restart, runtime, switch, unlimit)

FIRST = Catalogue(SHOP)
ORDERS1, ORDERS2, CATALOG, PAYMENTS, WEB = "10.85.0.21:8081", "10.85.0.22:8081", "10.85.0.22:8082", "10.85.0.23:8443", "10.85.0.23:8083"
N_ORDERS, N_CATALOG, N_PAYMENTS, N_WEB = ng("orders_api", ORDERS1), ng("catalog_api", CATALOG), ng("payments_tls", PAYMENTS), ng("web_front", WEB)
N_ORDERS_BOTH = ng("orders_api", ORDERS1, ORDERS2)
H_ORDERS, H_CATALOG, H_PAYMENTS, H_WEB = ha("be_orders", app1=ORDERS1, app2=ORDERS2), ha("be_catalog", app2=CATALOG), ha("be_payments", app3=PAYMENTS), ha("be_web", app3=WEB)
H_ORDERS1 = ha("be_orders", app1=ORDERS1)
ONLY1 = {"be_orders": {"app1": ORDERS1}}  # be_orders with one server
NO = {"checks": False}
COMBINED = {"log": "combined"}
NAMES = {"orders.internal": "10.85.0.21"}

# ---- backend_down

for kind, name, ups, rates, options in (
        ("nginx", "nginx-all-servers-stopped", N_ORDERS_BOTH, at1("orders"), {"nginx": {"upstreams": {"orders_api": [ORDERS1, ORDERS2]}, **COMBINED}}),
        ("haproxy", "haproxy-all-servers-stopped", H_ORDERS, at2("orders"), {}),
        ("haproxy", "haproxy-all-servers-stopped-nochecks", H_ORDERS, at2("orders"), {"haproxy": NO})):
    FIRST.add(name, both(do("app1", "systemctl stop orders"), do("app2", "systemctl stop orders")),
              both(do("app1", "systemctl start orders"), do("app2", "systemctl start orders")),
              [incident("backend_down", "all_servers_stopped", ups, "app1", "orders")], rates, notes="systemctl stop of both servers of the upstream", **options)

for name, ups, rates, options in (("nginx-clean-stop-flapping", N_ORDERS, at1("orders"), {}),
                                  ("haproxy-clean-stop-flapping", H_CATALOG, at2("catalog"), {"haproxy": NO})):
    host, unit = ("app1", "orders") if "nginx" in name else ("app2", "catalog")
    FIRST.add(name, do(host, f"systemctl stop {unit}"), do(host, f"systemctl start {unit}"), [incident("backend_down", "clean_stop_flapping", ups, host, unit)], rates,
              steps=[(5, do(host, f"systemctl start {unit}")), (9, do(host, f"systemctl stop {unit}"))], notes="stop, start after 5 s, stop after 4 s, start after 8 s", **options)

FIRST.add("nginx-deploy-restart-slow", deploy("app1", "orders", START_DELAY=6), nothing, [incident("backend_down", "restart_deploy", N_ORDERS, "app1", "orders")],
          at1("orders"), nginx=COMBINED, span=10, notes="systemctl restart; the app binds its port 6 s after the start")
FIRST.add("haproxy-deploy-restart-slow", deploy("app3", "web", START_DELAY=8), nothing, [incident("backend_down", "restart_deploy", H_WEB, "app3", "web")],
          at2("web"), haproxy=NO, span=12, notes="systemctl restart; the app binds its port 8 s after the start")
FIRST.add("nginx-deploy-restart-gunicorn", both(do("app2", "systemctl stop catalog"), lambda lab: time.sleep(3), do("app2", "systemctl start catalog")), nothing,
          [incident("backend_down", "restart_deploy", N_CATALOG, "app2", "catalog")], at1("catalog"), span=8, notes="stop, 3 s of copying files, start")

FIRST.add("nginx-unit-path-missing", both(dropin("app1", "orders", "[Service]\nExecStart=\nExecStart=/opt/shop-2.1/bin/orders\n", True), restart("app1", "orders")),
          both(do("app1", "rm -r /etc/systemd/system/orders.service.d; systemctl daemon-reload"), restart("app1", "orders")),
          [incident("backend_down", "never_started", N_ORDERS, "app1", "orders")], at1("orders"), notes="a deploy with an ExecStart that does not exist: 203/EXEC")
FIRST.add("haproxy-port-in-use", both(do("app2", "systemctl stop catalog"), do("app2", "setsid socat TCP-LISTEN:8082,bind=127.0.0.1,fork /dev/null >/dev/null 2>&1 & sleep 0.5"),
                                     do("app2", "systemctl start catalog")),
         both(do("app2", "kill $(pidof socat)"), restart("app2", "catalog")),
         [incident("backend_down", "never_started", H_CATALOG, "app2", "catalog")], at2("catalog"), notes="gunicorn cannot bind: another process has the port; it tries five times and exits",
         setup=dropin("app2", "catalog", "[Service]\nRestartSec=2\n"))
FIRST.add("nginx-port-in-use", both(do("app1", "systemctl stop orders"), do("app1", "setsid socat TCP-LISTEN:8081,bind=127.0.0.1,fork /dev/null >/dev/null 2>&1 & sleep 0.5"),
                                   do("app1", "systemctl start orders")),
         both(do("app1", "kill $(pidof socat)"), restart("app1", "orders")),
         [incident("backend_down", "never_started", N_ORDERS, "app1", "orders")], at1("orders"), nginx=COMBINED, notes="the app cannot bind: another process has the port; exit 1, retried after 8 s")

FIRST.add("haproxy-operator-maintenance", runtime("set server be_catalog/app2 state maint"), runtime("set server be_catalog/app2 state ready"),
          [incident("backend_down", "operator_maintenance", H_CATALOG, "edge2", "haproxy")], at2("catalog"), notes="set server state maint through the stats socket")
FIRST.add("haproxy-operator-maintenance-nochecks", both(runtime("set server be_orders/app1 state maint"), runtime("set server be_orders/app2 state maint")),
          both(runtime("set server be_orders/app1 state ready"), runtime("set server be_orders/app2 state ready")),
          [incident("backend_down", "operator_maintenance", H_ORDERS, "edge2", "haproxy")], at2("orders"), haproxy=NO, notes="both servers set to maint through the stats socket")
FIRST.add("haproxy-health-check-failing", behave("app2", "catalog", health_status=503), calm("app2", "catalog"),
          [incident("backend_down", "health_check_failing", H_CATALOG, "app2", "catalog")], at2("catalog"), notes="/healthz answers 503, everything else works")
FIRST.add("haproxy-health-check-failing-both", both(behave("app1", "orders", health_status=500), behave("app2", "orders", health_status=500)), both(calm("app1", "orders"), calm("app2", "orders")),
          [incident("backend_down", "health_check_failing", H_ORDERS, "app1", "orders")], at2("orders"), notes="/healthz of both servers answers 500, everything else works")

FIRST.add("nginx-fpm-stopped", do("edge1", "systemctl stop php8.2-fpm"), do("edge1", "systemctl start php8.2-fpm"),
          [incident("backend_down", "clean_stop", ng("/run/php/php8.2-fpm.sock", "unix:/run/php/php8.2-fpm.sock"), "edge1", "php8.2-fpm")], at1("legacy"),
          notes="php-fpm stopped: its socket is gone")
FIRST.add("nginx-fpm-socket-removed", do("edge1", "mv /run/php/php8.2-fpm.sock /run/php/old.sock"), do("edge1", "mv /run/php/old.sock /run/php/php8.2-fpm.sock"),
          [incident("backend_down", "unix_socket_missing", ng("/run/php/php8.2-fpm.sock", "unix:/run/php/php8.2-fpm.sock"), "edge1", "php8.2-fpm")], at1("legacy"), nginx=COMBINED,
          notes="the socket file moved away while php-fpm runs on")

ACCOUNTS = "proxy_pass http://unix:/run/accounts/accounts.sock;"
ACCOUNTS_CONF = {"locations": {"/api/accounts": ACCOUNTS}}
FIRST.add("nginx-socket-path-wrong-after-reload", nginx_with(locations={"/api/accounts": "proxy_pass http://unix:/run/account/accounts.sock;"}), nginx_with(**ACCOUNTS_CONF),
          [incident("backend_down", "unix_socket_missing", ng("/run/account/accounts.sock", "unix:/run/account/accounts.sock"), "edge1", "nginx")], nginx=ACCOUNTS_CONF,
          prepare=do("edge1", "systemctl start accounts"), streams=["edge1,10.85.0.11,/api/accounts,5"], acceptable=["wrong_upstream"],
          notes="new nginx.conf with another socket path, reload")
FIRST.add("nginx-socket-permission", do("edge1", "chmod 600 /run/accounts/accounts.sock"), do("edge1", "chmod 666 /run/accounts/accounts.sock"),
          [incident("wrong_upstream", "unix_socket_permission", ng("/run/accounts/accounts.sock", "unix:/run/accounts/accounts.sock"), "edge1", "accounts")], nginx=ACCOUNTS_CONF,
          prepare=do("edge1", "systemctl start accounts"), streams=["edge1,10.85.0.11,/api/accounts,5"],
          notes="chmod 600 of the application's socket")
FIRST.add("nginx-socket-permission-restart", deploy("edge1", "accounts", SOCKET_MODE="600"), deploy("edge1", "accounts", SOCKET_MODE="666"),
          [incident("wrong_upstream", "unix_socket_permission", ng("/run/accounts/accounts.sock", "unix:/run/accounts/accounts.sock"), "edge1", "accounts")],
          nginx={**ACCOUNTS_CONF, **COMBINED}, prepare=do("edge1", "systemctl start accounts"),
          streams=["edge1,10.85.0.11,/api/accounts,5"], notes="restarted with a mask that leaves the socket to its owner only")

# ---- app_crash

LOOP = "[Service]\nRestartSec=300ms\n"
FIRST.add("nginx-crash-loop-start-limit", deploy("app1", "orders", EXIT_AT_START=1), both(environment("app1", "orders"), do("app1", "systemctl reset-failed orders; systemctl start orders")),
          [incident("app_crash", "crash_loop_start_limit", N_ORDERS, "app1", "orders")], at1("orders"), setup=dropin("app1", "orders", LOOP), nginx=COMBINED,
          notes="exit 1 at each start until systemd gives up")
FIRST.add("haproxy-crash-loop-start-limit", deploy("app2", "catalog", TIMEOUT="never"), both(environment("app2", "catalog"), do("app2", "systemctl reset-failed catalog; systemctl start catalog")),
          [incident("app_crash", "crash_loop_start_limit", H_CATALOG, "app2", "catalog")], at2("catalog"), setup=dropin("app2", "catalog", LOOP), haproxy=NO,
          notes="gunicorn with an option that it refuses: exit 2 at each start until systemd gives up")
for name, ups, rates, host, unit, options in (
        ("nginx-exception-exit", N_ORDERS, at1("orders"), "app1", "orders", {}),
        ("nginx-node-exception", N_WEB, at1("web"), "app3", "web", {"nginx": COMBINED}),
        ("haproxy-exception-exit", H_ORDERS1, at2("orders"), "app1", "orders", {"haproxy": {"backends": ONLY1, **NO}}),
        ("haproxy-node-exception-checks", H_WEB, at2("web"), "app3", "web", {})):
    FIRST.add(name, behave(host, unit, once="exit"), nothing, [incident("app_crash", "exception", ups, host, unit)], rates, steps=[(3, calm(host, unit))], span=11,
              notes="an uncaught error ends the process with status 1; systemd starts it again after 8 s", **options)
for name, ups, rates, host, unit, options in (("nginx-sigkill", N_ORDERS, at1("orders"), "app1", "orders", {}),
                                              ("haproxy-sigkill", H_CATALOG, at2("catalog"), "app2", "catalog", {"haproxy": NO}),
                                              ("haproxy-sigkill-checks", H_WEB, at2("web"), "app3", "web", {})):
    FIRST.add(name, kill_main(host, unit), nothing, [incident("app_crash", "sigkill", ups, host, unit)], rates, span=13,
              setup=dropin(host, unit, "[Service]\nRestartSec=10\n"), notes="kill -9 of the main process; restarted after 10 s", **options)
for name, ups, rates, options in (("nginx-segfault", N_ORDERS, at1("orders"), {"nginx": COMBINED}),
                                  ("haproxy-segfault", H_ORDERS1, at2("orders"), {"haproxy": {"backends": ONLY1, **NO}})):
    FIRST.add(name, behave("app1", "orders", once="segfault"), nothing, [incident("app_crash", "segfault", ups, "app1", "orders")], rates,
              steps=[(3, calm("app1", "orders"))], span=11, notes="ctypes.string_at(0) in a request; restarted after 8 s", **options)
for name, ups, rates, options in (("nginx-gunicorn-worker-segfault", N_CATALOG, at1("catalog"), {}), ("haproxy-gunicorn-worker-segfault", H_CATALOG, at2("catalog"), {})):
    FIRST.add(name, behave("app2", "catalog", once="segfault"), calm("app2", "catalog"), [incident("app_crash", "worker_segfault", ups, "app2", "catalog")], rates,
              notes="each request kills a gunicorn worker; the master starts another", **options)
for name, ups, rates, options in (("nginx-gunicorn-worker-oom", N_CATALOG, at1("catalog"), {}), ("haproxy-gunicorn-worker-oom", H_CATALOG, at2("catalog"), {"haproxy": NO})):
    FIRST.add(name, both(limit("app2", "catalog", 110), behave("app2", "catalog", leak=25)), both(calm("app2", "catalog"), unlimit),
              [incident("app_crash", "worker_oom_kill", ups, "app2", "catalog")], rates, notes="memory limit for the unit; workers leak and are killed one after the other", **options)
FIRST.add("haproxy-oom-kill", both(limit("app1", "orders", 60), behave("app1", "orders", leak=6)), both(calm("app1", "orders"), unlimit, do("app1", "systemctl start orders")),
          [incident("app_crash", "oom_kill", H_ORDERS1, "app1", "orders")], at2("orders"), haproxy={"backends": ONLY1, **NO}, notes="memory limit for the unit; the app leaks and is killed")
FIRST.add("nginx-node-heap", behave("app3", "web", leak=6), calm("app3", "web"), [incident("app_crash", "heap_out_of_memory", N_WEB, "app3", "web")], at1("web"),
          setup=dropin("app3", "web", "[Service]\nExecStart=\nExecStart=/usr/bin/node --max-old-space-size=30 /opt/web/web.js\nRestartSec=5\n"), notes="node leaks until its heap limit: abort")

# ---- backend_timeout

for name, ups, rates, options in (("nginx-gunicorn-worker-timeout", N_CATALOG, at1("catalog"), {"nginx": COMBINED}), ("haproxy-gunicorn-worker-timeout", H_CATALOG, at2("catalog"), {"haproxy": NO})):
    FIRST.add(name, behave("app2", "catalog", delay=20), calm("app2", "catalog"), [incident("backend_timeout", "gunicorn_worker_timeout", ups, "app2", "catalog")], rates,
              setup=environment("app2", "catalog", TIMEOUT=2), span=18, notes="requests take 20 s, gunicorn kills its workers after 2 s", **options)
for name, ups, rates, host, unit, options in (
        ("nginx-process-frozen", N_ORDERS, at1("orders"), "app1", "orders", {"nginx": {"read": "4s"}}),
        ("haproxy-process-frozen", H_WEB, at2("web"), "app3", "web", {"haproxy": {"server": "3s", **NO}}),
        ("haproxy-process-frozen-checks", H_WEB, at2("web"), "app3", "web", {"haproxy": {"server": "3s"}})):
    FIRST.add(name, do(host, f"systemctl kill -s STOP {unit}"), do(host, f"systemctl kill -s CONT {unit}"), [incident("backend_timeout", "process_frozen", ups, host, unit)], rates,
              notes="SIGSTOP: the kernel accepts, nobody answers", **options)
FIRST.add("nginx-read-timeout-one-of-two", behave("app2", "orders", delay=30), calm("app2", "orders"), [incident("backend_timeout", "read_timeout_one_of_two", N_ORDERS_BOTH, "app2", "orders")],
          at1("orders", 6), nginx={"upstreams": {"orders_api": [ORDERS1, ORDERS2]}, "read": "3s", "server": "\t\tproxy_next_upstream off;\n"}, notes="one of two servers answers after 30 s")
FIRST.add("haproxy-read-timeout-one-of-two", behave("app1", "orders", delay=30), calm("app1", "orders"), [incident("backend_timeout", "read_timeout_one_of_two", H_ORDERS1, "app1", "orders")],
          at2("orders", 6), haproxy={"server": "3s"}, notes="one of two servers answers after 30 s; its health check is fine")
FIRST.add("nginx-slow-backend-combined", behave("app3", "web", delay=30), calm("app3", "web"), [incident("backend_timeout", "read_timeout", N_WEB, "app3", "web")], at1("web"),
          nginx={"read": "4s", **COMBINED}, notes="the app answers after 30 s")
FIRST.add("haproxy-slow-backend-checks", behave("app3", "web", delay=12), calm("app3", "web"), [incident("backend_timeout", "read_timeout", H_WEB, "app3", "web")], at2("web"),
          haproxy={"server": "4s"}, notes="the app answers after 12 s, timeout server 4s")
FIRST.add("haproxy-queue-timeout", behave("app3", "web", delay=3), calm("app3", "web"), [incident("backend_timeout", "queue_timeout", H_WEB, "app3", "web")], at2("web"),
          haproxy={"queue": "2s", "backends": {"be_web": {"app3": WEB + " maxconn 1"}}}, acceptable=[], notes="maxconn 1 and answers after 3 s: requests wait in the queue, timeout queue 2s")
FIRST.add("haproxy-queue-timeout-nochecks", behave("app2", "catalog", delay=2), calm("app2", "catalog"), [incident("backend_timeout", "queue_timeout", H_CATALOG, "app2", "catalog")], at2("catalog"),
          haproxy={"queue": "3s", "backends": {"be_catalog": {"app2": CATALOG + " maxconn 2"}}, **NO}, notes="maxconn 2 and answers after 2 s, timeout queue 3s")
FPM = {"/legacy/": SHOP.locations["/legacy/"].replace("fastcgi_read_timeout 10s", "fastcgi_read_timeout 4s")}


def fpm_logs_to_journal(lab):
    conf = lab.edge1.path("/etc/php/8.2/fpm/php-fpm.conf")
    conf.write_text(conf.read_text().replace("error_log = /var/log/php8.2-fpm.log", "error_log = syslog"))


FIRST.add("nginx-fpm-saturated", do("edge1", "echo 9 > /var/lib/shop/legacy.delay"), do("edge1", "rm /var/lib/shop/legacy.delay; systemctl restart php8.2-fpm"),
          [incident("backend_timeout", "fpm_saturated", ng("/run/php/php8.2-fpm.sock", "unix:/run/php/php8.2-fpm.sock"), "edge1", "php8.2-fpm")], at1("legacy"),
          setup=fpm_logs_to_journal, nginx={"locations": FPM}, notes="each request takes 9 s, pm.max_children 5; fpm's own log goes to the journal")
FIRST.add("nginx-gunicorn-pool-saturated", behave("app2", "catalog", delay=1.5), calm("app2", "catalog"), [incident("backend_timeout", "pool_exhausted", N_CATALOG, "app2", "catalog")], at1("catalog", 6),
          nginx={"read": "3s", **COMBINED}, notes="two workers, each request takes 1.5 s, 6 requests/s: they wait in the accept queue")

# ---- firewall

DROP_LOG = ('LOG --log-prefix "[UFW BLOCK] "', "DROP")
for name, ups, rates, host, port, targets, sub, options in (
        ("nginx-drop-silent", N_ORDERS, at1("orders"), "app1", 8081, ("DROP",), "drop_silent", {"nginx": {"connect": "3s", **COMBINED}}),
        ("nginx-drop-with-log-web", N_WEB, at1("web"), "app3", 8083, ('LOG --log-prefix "FINAL_REJECT: "', "DROP"), "drop_with_log", {"nginx": {"connect": "2s", **COMBINED}}),
        ("haproxy-drop-with-log", H_CATALOG, at2("catalog"), "app2", 8082, DROP_LOG, "drop_with_log", {"haproxy": {"connect": "1s", **NO}}),
        ("haproxy-drop-with-log-checks", H_CATALOG, at2("catalog"), "app2", 8082, DROP_LOG, "drop_with_log", {"haproxy": {"connect": "1s"}}),
        ("haproxy-drop-silent", H_CATALOG, at2("catalog"), "app2", 8082, ("DROP",), "drop_silent", {"haproxy": {"connect": "1s", **NO}}),
        ("nginx-reject-port-unreachable", N_ORDERS, at1("orders"), "app1", 8081, ("REJECT",), "reject_port_unreachable", {}),
        ("nginx-reject-tcp-reset-log", N_ORDERS, at1("orders"), "app1", 8081, (DROP_LOG[0], "REJECT --reject-with tcp-reset"), "reject_tcp_reset", {"nginx": COMBINED}),
        ("nginx-reject-tcp-reset", N_CATALOG, at1("catalog"), "app2", 8082, ("REJECT --reject-with tcp-reset",), "reject_tcp_reset", {}),
        ("nginx-reject-host-prohibited", N_WEB, at1("web"), "app3", 8083, ("REJECT --reject-with icmp-host-prohibited",), "reject_host_prohibited", {"nginx": COMBINED}),
        ("haproxy-reject-port-unreachable", H_CATALOG, at2("catalog"), "app2", 8082, ("REJECT",), "reject_port_unreachable", {"haproxy": NO}),
        ("haproxy-reject-tcp-reset", H_WEB, at2("web"), "app3", 8083, ("REJECT --reject-with tcp-reset",), "reject_tcp_reset", {}),
        ("haproxy-reject-host-prohibited-log", H_CATALOG, at2("catalog"), "app2", 8082, (DROP_LOG[0], "REJECT --reject-with icmp-host-prohibited"), "reject_host_prohibited", {})):
    FIRST.add(name, firewall(host, port, *targets), no_firewall(host), [incident("firewall", sub, ups, host)], rates, notes="iptables: " + ", then ".join(targets), **options)

# ---- wrong_upstream

FIRST.add("nginx-wrong-port-combined-two", nginx_with(upstreams={"catalog_api": ["10.85.0.22:8080"]}), nginx_with(),
          [incident("wrong_upstream", "wrong_port", ng("catalog_api", "10.85.0.22:8080"), "edge1", "nginx")], at1("catalog"), notes="port 8080 instead of 8082 after a reload")
FIRST.add("haproxy-wrong-port-checks", haproxy_with(backends={"be_web": {"app3": "10.85.0.23:3000"}}), haproxy_with(),
          [incident("wrong_upstream", "wrong_port", ha("be_web", app3="10.85.0.23:3000"), "edge2", "haproxy")], at2("web"), notes="port 3000 instead of 8083 after a reload; health checks on")
FIRST.add("nginx-wrong-host-after-reload", nginx_with(upstreams={"orders_api": ["10.85.0.77:8081"]}), nginx_with(),
          [incident("wrong_upstream", "wrong_host", ng("orders_api", "10.85.0.77:8081"), "edge1", "nginx")], at1("orders"), notes="an address that nobody has, after a reload")
FIRST.add("haproxy-wrong-host-after-reload", haproxy_with(backends={"be_catalog": {"app2": "10.85.0.78:8082"}}, connect="1s", checks=False), haproxy_with(connect="1s", checks=False),
          [incident("wrong_upstream", "wrong_host", ha("be_catalog", app2="10.85.0.78:8082"), "edge2", "haproxy")], at2("catalog"), haproxy={"connect": "1s", **NO},
          notes="an address that nobody has, after a reload")
FIRST.add("nginx-bound-to-loopback", deploy("app1", "orders", BIND="127.0.0.1"), deploy("app1", "orders", BIND="0.0.0.0"),
          [incident("wrong_upstream", "bound_to_loopback", N_ORDERS, "app1", "orders")], at1("orders"), nginx=COMBINED, notes="restarted with BIND=127.0.0.1")
FIRST.add("haproxy-bound-to-loopback", deploy("app2", "catalog", BIND="127.0.0.1"), deploy("app2", "catalog", BIND="0.0.0.0"),
          [incident("wrong_upstream", "bound_to_loopback", H_CATALOG, "app2", "catalog")], at2("catalog"), haproxy=NO, notes="gunicorn restarted with --bind 127.0.0.1")
FIRST.add("haproxy-bound-to-loopback-checks", deploy("app3", "web", BIND="127.0.0.1"), deploy("app3", "web", BIND="0.0.0.0"),
          [incident("wrong_upstream", "bound_to_loopback", H_WEB, "app3", "web")], at2("web"), notes="restarted with BIND=127.0.0.1")


def by_name(name="orders.internal"):
    return {"locations": {"/api/orders": f"set $orders {name}; proxy_pass http://$orders:8081"},
            "server": f"\t\tresolver {CLIENTS[0]} valid=2s ipv6=off;\n\t\tresolver_timeout 3s;\n"}


FIRST.add("nginx-name-unresolvable", name_table({}), name_table(NAMES), [incident("wrong_upstream", "unresolvable_name", ng("orders.internal", "orders.internal:8081", "orders.internal"), "edge1", "nginx")],
          at1("orders"), nginx=by_name(), setup=name_server(NAMES), notes="proxy_pass with a variable; the name server answers NXDOMAIN")
FIRST.add("nginx-name-unresolvable-after-reload", nginx_with(**by_name("orders.intrenal")), nginx_with(**by_name()),
          [incident("wrong_upstream", "unresolvable_name", ng("orders.intrenal", "orders.intrenal:8081", "orders.intrenal"), "edge1", "nginx")],
          at1("orders"), nginx=by_name(), setup=name_server(NAMES), notes="a misspelt name in nginx.conf, reload: NXDOMAIN")
FIRST.add("nginx-resolver-timeout", name_table(None), name_table(NAMES), [incident("wrong_upstream", "resolver_timeout", ng("orders.internal", "orders.internal:8081", "orders.internal"), "edge1", "nginx")],
          at1("orders"), nginx={**by_name(), **COMBINED}, setup=name_server(NAMES), notes="proxy_pass with a variable; the name server is silent")

# ---- tls_mismatch

PLAIN_PAY, VERIFIED = {"locations": {"/api/payments": "proxy_pass http://payments_tls;"}}, {"locations": {"/api/payments": "proxy_pass https://payments_tls; " + TLS_NAME + " proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/lab/ca.pem;"}}
FIRST.add("nginx-http-to-https", nginx_with(**PLAIN_PAY), nginx_with(), [incident("tls_mismatch", "http_to_https_backend", N_PAYMENTS, "edge1", "nginx")], at1("payments"),
          notes="http:// instead of https:// after a reload", acceptable=[])
FIRST.add("haproxy-http-to-https", haproxy_with(backends={"be_payments": {"app3": PAYMENTS}}, checks=False), haproxy_with(checks=False),
          [incident("tls_mismatch", "http_to_https_backend", H_PAYMENTS, "edge2", "haproxy")], at2("payments"), haproxy=NO, notes="the ssl words are gone after a reload")
FIRST.add("nginx-https-to-http", nginx_with(locations={"/": "proxy_pass https://web_front;"}), nginx_with(), [incident("tls_mismatch", "https_to_http_backend", N_WEB, "edge1", "nginx")], at1("web"),
          notes="https:// instead of http:// after a reload (node answers 400 in plain text)")
FIRST.add("nginx-https-to-http-python", nginx_with(locations={"/api/orders": "proxy_pass https://orders_api;"}, log="combined"), nginx_with(log="combined"),
          [incident("tls_mismatch", "https_to_http_backend", N_ORDERS, "edge1", "nginx")], at1("orders"), nginx=COMBINED, notes="https:// instead of http:// after a reload")
FIRST.add("haproxy-https-to-http", haproxy_with(backends={"be_web": {"app3": WEB + " ssl verify none"}}), haproxy_with(),
          [incident("tls_mismatch", "https_to_http_backend", ha("be_web", app3=WEB), "edge2", "haproxy")], at2("web"), notes="ssl towards a plain backend after a reload; checks on")
FIRST.add("haproxy-https-to-http-nochecks", haproxy_with(backends={"be_web": {"app3": WEB + " ssl verify none"}}, checks=False), haproxy_with(checks=False),
          [incident("tls_mismatch", "https_to_http_backend", ha("be_web", app3=WEB), "edge2", "haproxy")], at2("web"), haproxy=NO, notes="ssl towards a plain backend after a reload")
GOOD = "/etc/ssl/lab/good"
for kind, sub in (("expired", "certificate_expired"), ("untrusted", "certificate_untrusted"), ("wrongname", "certificate_name")):
    for proxy, ups, rates, options in (("nginx", N_PAYMENTS, at1("payments"), {"nginx": {**VERIFIED, "log": "timed" if kind == "wrongname" else "combined"}}),
                                       ("haproxy", H_PAYMENTS, at2("payments"), {"haproxy": {"checks": kind == "untrusted"}})):
        FIRST.add(f"{proxy}-certificate-{kind}", deploy("app3", "payments", TLS=f"/etc/ssl/lab/{kind}"), deploy("app3", "payments", TLS=GOOD),
                 [incident("tls_mismatch", sub, ups, "app3", "payments")], rates, notes=f"restarted with a certificate that is {kind}", **options)
OLD = {"locations": {"/api/payments": "proxy_pass https://payments_tls; " + TLS_NAME + " proxy_ssl_protocols TLSv1.2;"}}
FIRST.add("nginx-protocol-version", deploy("app3", "payments", TLS=GOOD, TLS_MIN="TLSv1_3"), deploy("app3", "payments", TLS=GOOD), [incident("tls_mismatch", "protocol_version", N_PAYMENTS, "app3", "payments")],
          at1("payments"), nginx=OLD, notes="the app now wants TLS 1.3, nginx may only speak 1.2")
FIRST.add("nginx-client-certificate", deploy("app3", "payments", TLS=GOOD, TLS_CLIENT_CA="/etc/ssl/lab/ca.pem"), deploy("app3", "payments", TLS=GOOD),
          [incident("tls_mismatch", "client_certificate_required", N_PAYMENTS, "app3", "payments")], at1("payments"),
          notes="the app now asks for a client certificate that nginx does not have")
FIRST.add("nginx-client-certificate-tls12", deploy("app3", "payments", TLS=GOOD, TLS_CLIENT_CA="/etc/ssl/lab/ca.pem"), deploy("app3", "payments", TLS=GOOD),
          [incident("tls_mismatch", "client_certificate_required", N_PAYMENTS, "app3", "payments")], at1("payments"),
          nginx={**OLD, **COMBINED}, notes="as before with TLS 1.2: the alert comes within the handshake")

# ---- bad_response

for name, ups, rates, host, unit, answer, sub, options in (
        ("nginx-header-too-big", N_ORDERS, at1("orders"), "app1", "orders", "big_header", "header_too_big", {"nginx": COMBINED}),
        ("haproxy-header-too-big", H_CATALOG, at2("catalog"), "app2", "catalog", "big_header", "header_too_big", {}),
        ("nginx-invalid-header", N_ORDERS, at1("orders"), "app1", "orders", "bad_header", "invalid_header", {}),
        ("nginx-garbage", N_ORDERS, at1("orders"), "app1", "orders", "garbage", "garbage", {}),
        ("haproxy-garbage", H_ORDERS1, at2("orders"), "app1", "orders", "garbage", "garbage", {"haproxy": {"backends": ONLY1}}),
        ("haproxy-invalid-header", H_ORDERS1, at2("orders"), "app1", "orders", "bad_header", "invalid_header", {"haproxy": {"backends": ONLY1, **NO}}),
        ("nginx-premature-close", N_WEB, at1("web"), "app3", "web", "close", "premature_close", {}),
        ("haproxy-premature-close", H_WEB, at2("web"), "app3", "web", "close", "premature_close", {}),
        ("nginx-reset-before-answer", N_WEB, at1("web"), "app3", "web", "reset", "reset_before_answer", {"nginx": COMBINED}),
        ("haproxy-reset-before-answer", H_WEB, at2("web"), "app3", "web", "reset", "reset_before_answer", {"haproxy": NO})):
    FIRST.add(name, behave(host, unit, answer=answer), calm(host, unit), [incident("bad_response", sub, ups, host, unit)], rates, notes=f"the app's answer: {answer}", **options)
FIRST.add("nginx-fpm-header-too-big", do("edge1", "touch /var/lib/shop/legacy.big"), do("edge1", "rm /var/lib/shop/legacy.big"),
          [incident("bad_response", "header_too_big", ng("/run/php/php8.2-fpm.sock", "unix:/run/php/php8.2-fpm.sock"), "edge1", "php8.2-fpm")], at1("legacy"), notes="a response header of 30 kB from php-fpm")

# ---- app_error

for name, ups, rates, host, unit, status, options in (
        ("nginx-app-made-502", N_ORDERS, at1("orders"), "app1", "orders", 502, {}), ("nginx-app-made-503-combined", N_WEB, at1("web"), "app3", "web", 503, {"nginx": COMBINED}),
        ("haproxy-app-made-502", H_CATALOG, at2("catalog"), "app2", "catalog", 502, {}), ("haproxy-app-made-504", H_WEB, at2("web"), "app3", "web", 504, {"haproxy": NO})):
    FIRST.add(name, behave(host, unit, status=status, message="payment provider did not answer"), calm(host, unit), [incident("app_error", "app_made_502", ups, host, unit)], rates,
              notes=f"the app itself answers {status}", **options)

# ---- host_unreachable


for name, ups, rates, host, options in (("nginx-host-down", N_ORDERS, at1("orders"), "app1", {}), ("haproxy-host-down", H_WEB, {**at2("web"), **at2("payments", 2)}, "app3", {"haproxy": {"connect": "1s"}})):
    FIRST.add(name, host_down(host), host_up(host), [incident("host_unreachable", "host_down", ups, host)] +
              ([incident("host_unreachable", "host_down", H_PAYMENTS, host)] if "hapr" in name else []), rates, span=20, tail=14, notes="the machine gone at once, booted again after 20 s", **options)


FIRST.add("nginx-host-poweroff", power_off("app1"), host_up("app1"), [incident("host_unreachable", "host_down", N_ORDERS, "app1")], at1("orders"), nginx=COMBINED, span=20, tail=14,
          acceptable=["backend_down"], notes="systemctl poweroff, booted again after 20 s")
for name, ups, rates, host, options in (("nginx-link-down", N_ORDERS, at1("orders"), "app1", {"nginx": COMBINED}), ("haproxy-link-down", H_CATALOG, {**at2("catalog"), **at2("orders", 0)}, "app2", {"haproxy": {"connect": "1s", **NO}})):
    FIRST.add(name, switch(lambda lab, h=host: f"link set {lab.hosts[h].veth} down"), switch(lambda lab, h=host: f"link set {lab.hosts[h].veth} up"),
              [incident("host_unreachable", "link_down", ups, host)], rates,
              notes="the host's port on the switch goes down; the host itself runs on; a veth writes nothing into the kernel log", **options)
FIRST.add("nginx-link-down-for-long", switch(lambda lab: f"link set {lab.hosts['app1'].veth} down"), switch(lambda lab: f"link set {lab.hosts['app1'].veth} up"),
          [incident("host_unreachable", "link_down", N_ORDERS, "app1")], at1("orders"), nginx={"connect": "6s"}, span=45,
          notes="the same for so long that nginx' kernel gives up looking for the host: first timeouts, then no route to host")

# ---- proxy_exhausted

FIRST.add("nginx-worker-connections", behave("app3", "web", delay=6), calm("app3", "web"), [incident("proxy_resource", "worker_connections", N_WEB, "edge1", "nginx")], at1("web", 8),
          nginx={"connections": 31, "workers": 1}, notes="31 worker_connections and a slow page: nginx has none left", patience=12)
FIRST.add("nginx-file-descriptors", behave("app3", "web", delay=6), calm("app3", "web"), [incident("proxy_resource", "file_descriptors", N_WEB, "edge1", "nginx")], at1("web", 8),
          nginx={"main": "worker_rlimit_nofile 40;\n", "workers": 1, **COMBINED}, notes="40 descriptors and a slow page: nginx has none left", patience=12)

# ---- more than one

FIRST.add("two-faults-at-once", both(do("app1", "systemctl stop orders"), deploy("app3", "payments", TLS="/etc/ssl/lab/expired")), both(do("app1", "systemctl start orders"), deploy("app3", "payments", TLS=GOOD)),
          [incident("backend_down", "clean_stop", N_ORDERS, "app1", "orders"), incident("tls_mismatch", "certificate_expired", N_PAYMENTS, "app3", "payments")],
          {**at1("orders"), **at1("payments")}, nginx=VERIFIED, notes="orders stopped and payments restarted with an expired certificate")
FIRST.add("two-faults-one-host", both(do("app2", "systemctl stop catalog"), behave("app2", "orders", delay=30)), both(do("app2", "systemctl start catalog"), calm("app2", "orders")),
          [incident("backend_down", "clean_stop", N_CATALOG, "app2", "catalog"), incident("backend_timeout", "read_timeout", ng("orders_api", ORDERS2), "app2", "orders")],
          {**at1("orders"), **at1("catalog")}, nginx={"upstreams": {"orders_api": [ORDERS2]}, "read": "3s", **COMBINED}, notes="catalog stopped, orders slow, both on app2")
for name, fault, repair, cause, sub, unit, options in (
        ("both-proxies-clean-stop", do("app2", "systemctl stop catalog"), do("app2", "systemctl start catalog"), "backend_down", "clean_stop", "catalog", {"nginx": COMBINED}),
        ("both-proxies-drop", firewall("app2", 8082, *DROP_LOG), no_firewall("app2"), "firewall", "drop_with_log", None, {"nginx": {"connect": "3s"}, "haproxy": {"connect": "1s", **NO}}),
        ("both-proxies-sigkill", kill_main("app2", "catalog"), nothing, "app_crash", "sigkill", "catalog", {"haproxy": NO})):
    FIRST.add(name, fault, repair, [incident(cause, sub, [N_CATALOG, H_CATALOG], "app2", unit)], {**at1("catalog", 4), **at2("catalog", 4)}, notes="nginx and haproxy in front of the same server", **options)

# ---- distractors

FIRST.add("drop-while-other-unit-oom", both(firewall("app1", 8081, "DROP"), limit("app1", "reports", 40), behave("app1", "reports", leak=4)), both(no_firewall("app1"), calm("app1", "reports"), unlimit),
          [incident("firewall", "drop_silent", N_ORDERS, "app1")], at1("orders"), nginx={"connect": "3s"}, notes="reports.service on the same host is OOM-killed while the firewall drops orders")
FIRST.add("wrong-port-after-other-restart", nginx_with(upstreams={"web_front": ["10.85.0.23:3000"]}), nginx_with(), [incident("wrong_upstream", "wrong_port", ng("web_front", "10.85.0.23:3000"), "edge1", "nginx")],
          at1("web"), healthy=25, steps=[(-20, restart("app3", "payments")), (-18, restart("app3", "reports"))], notes="payments and reports restarted on that host 20 s before")
FIRST.add("slow-after-other-restart", behave("app1", "orders", delay=30), calm("app1", "orders"), [incident("backend_timeout", "read_timeout", N_ORDERS, "app1", "orders")], at1("orders"), healthy=25,
          nginx={"read": "3s", **COMBINED}, steps=[(-20, restart("app1", "reports"))], notes="reports restarted on that host 20 s before")

# ---- further

FIRST.add("haproxy-one-of-two-stopped", do("app2", "systemctl stop orders"), do("app2", "systemctl start orders"), [incident("backend_down", "clean_stop", ha("be_orders", app2=ORDERS2), "app2", "orders")],
          {**at1("orders"), **at2("orders")}, nginx={"upstreams": {"orders_api": [ORDERS1, ORDERS2]}},
          notes="one of two servers stopped; haproxy fails half of the requests until its checks notice, nginx saves each by a retry")
FIRST.add("nginx-ephemeral-ports", both(local_ports("edge1", "40000 40010"), behave("app3", "web", delay=5)),
          both(local_ports("edge1", "32768 60999"), calm("app3", "web")), [incident("proxy_exhausted", "ephemeral_ports", N_WEB, "edge1", "nginx")], at1("web", 8),
          nginx=COMBINED, notes="eleven local ports and a slow page")
FIRST.add("nginx-fastcgi-to-http", nginx_with(locations={"/api/orders": "include fastcgi_params; fastcgi_pass orders_api;"}), nginx_with(),
          [incident("wrong_upstream", "wrong_protocol", N_ORDERS, "edge1", "nginx")], at1("orders"), notes="fastcgi_pass to a server that speaks HTTP, after a reload")
FIRST.add("haproxy-no-backend", haproxy_with(default=False), haproxy_with(), [incident("wrong_upstream", "no_backend", ha("fe_main"), "edge2", "haproxy")], at2("web"),
          notes="no default_backend any more after a reload: fe_main/<NOSRV>")
FIRST.add("nginx-accept-queue-full", do("app1", "systemctl kill -s STOP orders"), do("app1", "systemctl kill -s CONT orders"), [incident("backend_timeout", "accept_queue_full", N_ORDERS, "app1", "orders")],
          at1("orders"), setup=environment("app1", "orders", BACKLOG=2), nginx={"connect": "3s", "read": "5s"}, notes="SIGSTOP with a backlog of 2: connects time out")
FIRST.add("haproxy-accept-queue-full", do("app1", "systemctl kill -s STOP orders"), do("app1", "systemctl kill -s CONT orders"), [incident("backend_timeout", "accept_queue_full", H_ORDERS1, "app1", "orders")],
          at2("orders"), setup=environment("app1", "orders", BACKLOG=2), haproxy={"backends": ONLY1, "connect": "1s", "server": "4s", **NO}, notes="SIGSTOP with a backlog of 2: connects time out")

# ---- controls

FIRST.add("control-app-500", behave("app1", "orders", status=500, message="division by zero"), calm("app1", "orders"), [], {**at1("orders"), **at2("orders")}, sub_cause="app_500",
          notes="the app answers 500")
FIRST.add("control-reload-combined", both(nginx_with(**COMBINED), haproxy_with(checks=False)), both(nginx_with(**COMBINED), haproxy_with(checks=False)), [], {**at1("web"), **at2("web")}, nginx=COMBINED, haproxy=NO,
          sub_cause="plain_reload", notes="reloads with unchanged configurations")
FIRST.add("control-404-combined", nothing, nothing, [], {**at1("web"), **at2("web")}, nginx=COMBINED, sub_cause="client_errors", streams=["edge1,10.85.0.11,/missing,8", "edge2,10.85.0.12,/missing,8"], notes="404 all the time")
FIRST.add("control-clients-give-up", behave("app3", "web", delay=2.5), calm("app3", "web"), [], {**at1("web"), **at2("web")}, patience=1, sub_cause="clients_give_up",
          notes="slow answers, clients go after 1 s: 499 and CH/CC/cH")
FIRST.add("control-unrelated-oom", both(limit("app1", "reports", 40), behave("app1", "reports", leak=4)), both(calm("app1", "reports"), unlimit), [], {**at1("orders"), **at2("orders")}, sub_cause="unrelated_oom",
          notes="reports.service is OOM-killed; no request fails")
FIRST.add("control-one-of-two-down", do("app2", "systemctl stop orders"), do("app2", "systemctl start orders"), [], {**at1("orders"), **at2("orders", 0)}, sub_cause="masked_by_retry",
          nginx={"upstreams": {"orders_api": [ORDERS1, ORDERS2]}, **COMBINED}, notes="one of two servers stopped; retries save each request")
