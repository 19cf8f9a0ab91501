"""The container set: faults of services that run in Docker, behind published ports and on the host's own network."""
from depot import DEPOT, contained, published
from scenario import Catalogue, at1, at2, ha, incident, ng
from verbs import behave, both, calm, do, host_down, host_up, nothing

CONTAINERS = Catalogue(DEPOT)
ORDERS1, ORDERS2, CATALOG, WEB = "10.85.0.21:8081", "10.85.0.22:8081", "10.85.0.22:8082", "10.85.0.23:8083"
N_ORDERS, N_CATALOG, N_WEB = ng("orders_pool", ORDERS1), ng("catalog_pool", CATALOG), ng("pages", WEB)
H_ORDERS1, H_ORDERS2, H_CATALOG, H_WEB = ha("be_orders", app1=ORDERS1), ha("be_orders", app2=ORDERS2), ha("be_catalog", app2=CATALOG), ha("be_pages", app3=WEB)
ONLY1 = {"be_orders": {"app1": ORDERS1}}  # be_orders with one server
NO = {"checks": False}
COMBINED = {"log": "combined"}


def add(name, host, fault, repair, truth, upstream, rates, container=None, also=(), **more):
    """A fault of a container (or of what is around it) on one host; the kernel's lines about bridges and virtual cards are of that host.

    `also`: what fails there for the same reason, (upstream, container) each.
    """
    incidents = []
    for fails, of in ((upstream, container), *also):
        incidents.append(incident(*truth, fails, host))
        incidents[-1]["culprit"]["unit"] = of
    CONTAINERS.add(name, fault, repair, incidents, rates, kernel={"docker0: ": host, "veth": host}, **more)


def redeploy(host, name, run):
    """The container is taken away and another one with its name is started."""
    return do(host, f"docker rm -f {name}; docker run -d {run}")


def replaced(host, name):
    """The container as the site has it, in place of whatever has its name now."""
    return redeploy(host, name, DEPOT.containers[host][name])


# ---- stopped, taken away, never started

add("docker-stop", "app1", do("app1", "docker stop orders-1"), do("app1", "docker start orders-1"),
    ("backend_down", "container_gone"), N_ORDERS, at1("orders"), "orders-1", notes="docker stop; the program ends with 0 on SIGTERM")
add("docker-stop-haproxy", "app2", do("app2", "docker stop catalog"), do("app2", "docker start catalog"),
    ("backend_down", "container_gone"), H_CATALOG, at2("catalog"), "catalog", notes="docker stop; health checks notice")
add("docker-stop-by-force", "app2", do("app2", "docker stop -t 3 catalog"), replaced("app2", "catalog"),
    ("backend_down", "container_gone"), H_CATALOG, at2("catalog"), "catalog", haproxy=NO,
    prepare=redeploy("app2", "catalog", published("catalog", 8082, IGNORE_SIGTERM=1)),
    notes="docker stop -t 3 of a program that ignores SIGTERM: killed after 3 s, exit 137")
add("docker-rm", "app1", do("app1", "docker rm -f orders-1"), replaced("app1", "orders-1"),
    ("backend_down", "container_gone"), H_ORDERS1, at2("orders"), "orders-1", haproxy={"backends": ONLY1, **NO}, notes="docker rm -f; the container is no longer known to Docker")
add("docker-redeploy-slow", "app1", redeploy("app1", "orders-1", published("orders-1", 8081, START_DELAY=8)), nothing,
    ("backend_down", "deploy_restart"), N_ORDERS, at1("orders"), "orders-1", nginx=COMBINED, span=12, notes="docker rm -f and docker run; the new program binds its port after 8 s")
add("docker-redeploy-command-missing", "app1",
    do("app1", "docker rm -f orders-1; docker run -d " + published("orders-1", 8081, "--entrypoint /opt/shop-2.1/bin/orders")), replaced("app1", "orders-1"),
    ("backend_down", "never_started"), N_ORDERS, at1("orders"), "orders-1", notes="redeployed with an entrypoint that the image does not have")
add("docker-redeploy-port-taken", "app2",
    both(do("app2", "docker rm -f catalog; setsid socat TCP-LISTEN:8082,bind=127.0.0.1,fork /dev/null >/dev/null 2>&1 & sleep 1"), do("app2", "docker run -d " + published("catalog", 8082))),
    both(do("app2", "kill $(pidof socat)"), replaced("app2", "catalog")),
    ("backend_down", "never_started"), H_CATALOG, at2("catalog"), "catalog", haproxy=NO, notes="another process has the port at the redeployment: port is already allocated")
add("docker-daemon-stopped", "app1", do("app1", "systemctl stop docker.socket docker"), both(do("app1", "systemctl start docker"), do("app1", "docker start orders-1")),
    ("backend_down", "clean_stop"), N_ORDERS, at1("orders"), "docker.service", nginx=COMBINED, notes="systemctl stop docker: its containers are stopped with it")
add("docker-daemon-restarted", "app2", do("app2", "systemctl restart docker"), do("app2", "docker start catalog orders-2"),
    ("backend_down", "never_started"), H_CATALOG, {**at2("catalog"), **at2("orders")}, "catalog", also=[(H_ORDERS2, "orders-2")], haproxy=NO,
    notes="docker.service restarted as by an upgrade; its containers have no restart policy and stay down")
add("docker-host-rebooted", "app1", both(host_down("app1"), host_up("app1")), do("app1", "docker start orders-1"),
    ("backend_down", "never_started"), N_ORDERS, at1("orders"), "orders-1", span=40, acceptable=["host_unreachable"],
    notes="power lost for some seconds; Docker starts again, the container has no restart policy")

# ---- crashed

add("docker-exit", "app1", behave("app1", "orders", once="exit"), do("app1", "docker start orders-1"),
    ("app_crash", "exit_error"), N_ORDERS, at1("orders"), "orders-1", steps=[(4, calm("app1", "orders"))], notes="an uncaught error ends the program with 1; no restart policy")
add("docker-exit-checks", "app2", behave("app2", "catalog", once="exit"), do("app2", "docker start catalog"),
    ("app_crash", "exit_error"), H_CATALOG, at2("catalog"), "catalog", steps=[(4, calm("app2", "catalog"))], notes="the same behind health checks")
add("docker-exit-host-network", "app3", behave("app3", "web", once="exit"), do("app3", "docker start web"),
    ("app_crash", "exit_error"), N_WEB, at1("web"), "web", steps=[(4, calm("app3", "web"))], notes="the same on the host's own network")
add("docker-kill", "app1", do("app1", "docker kill orders-1"), do("app1", "docker start orders-1"),
    ("app_crash", "killed"), H_ORDERS1, at2("orders"), "orders-1", haproxy={"backends": ONLY1, **NO}, notes="docker kill: SIGKILL, exit 137")
add("docker-kill-from-host", "app1", do("app1", "kill -9 $(docker inspect -f '{{.State.Pid}}' orders-1)"), do("app1", "docker start orders-1"),
    ("app_crash", "killed"), N_ORDERS, at1("orders"), "orders-1", nginx=COMBINED, notes="kill -9 of the program from outside")
add("docker-segfault", "app2", behave("app2", "catalog", once="segfault"), do("app2", "docker start catalog"),
    ("app_crash", "segfault"), N_CATALOG, at1("catalog"), "catalog", steps=[(4, calm("app2", "catalog"))], notes="ctypes.string_at(0) in a request, exit 139")
add("docker-crash-loop", "app1", redeploy("app1", "orders-1", published("orders-1", 8081, "--restart always", EXIT_AT_START=1)), replaced("app1", "orders-1"),
    ("app_crash", "crash_loop"), N_ORDERS, at1("orders"), "orders-1", notes="a new version that ends with 1 at each start, restart policy always")
add("docker-crash-loop-on-failure", "app2", redeploy("app2", "catalog", published("catalog", 8082, "--restart on-failure:5", EXIT_AT_START=3)), replaced("app2", "catalog"),
    ("app_crash", "crash_loop"), H_CATALOG, at2("catalog"), "catalog", haproxy=NO, notes="on-failure:5: Docker gives up after five restarts")
add("docker-oom", "app1", behave("app1", "orders", leak=8), both(calm("app1", "orders"), replaced("app1", "orders-1")),
    ("app_crash", "oom_kill"), N_ORDERS, at1("orders"), "orders-1", prepare=redeploy("app1", "orders-1", published("orders-1", 8081, "--memory 60m")), notes="--memory 60m, the program leaks; no restart policy")
add("docker-oom-cgroupfs", "app2", behave("app2", "catalog", leak=8), both(calm("app2", "catalog"), replaced("app2", "catalog")),
    ("app_crash", "oom_kill"), H_CATALOG, at2("catalog"), "catalog", haproxy=NO, prepare=redeploy("app2", "catalog", published("catalog", 8082, "--memory 60m --restart always")),
    notes="--memory 60m and restart always: killed again and again; control groups by Docker itself")
add("docker-oom-host-network", "app3", behave("app3", "web", leak=8), both(calm("app3", "web"), replaced("app3", "web")),
    ("app_crash", "oom_kill"), H_WEB, at2("web"), "web", prepare=redeploy("app3", "web", contained("web", "--network host -e PORT=8083 --memory 60m")), notes="the same on the host's own network, without a published port")
add("docker-oom-restart-policy", "app3", behave("app3", "web", leak=20), both(calm("app3", "web"), replaced("app3", "web")),
    ("app_crash", "oom_kill"), N_WEB, at1("web"), "web", prepare=redeploy("app3", "web", contained("web", "--network host -e PORT=8083 -e START_DELAY=2 --memory 60m --restart always")), nginx=COMBINED,
    notes="killed every second or so and started again")

# ---- runs, and does not answer

add("docker-pause", "app1", do("app1", "docker pause orders-1"), do("app1", "docker unpause orders-1"),
    ("backend_timeout", "unresponsive"), N_ORDERS, at1("orders"), "orders-1", nginx={"read": "4s"}, notes="docker pause: the kernel accepts, nobody answers")
add("docker-pause-haproxy", "app2", do("app2", "docker pause catalog"), do("app2", "docker unpause catalog"),
    ("backend_timeout", "unresponsive"), H_CATALOG, at2("catalog"), "catalog", haproxy={"server": "3s", **NO}, notes="the same behind haproxy")
add("docker-slow", "app1", behave("app1", "orders", delay=20), calm("app1", "orders"),
    ("backend_timeout", "slow_response"), N_ORDERS, at1("orders"), "orders-1", nginx={"read": "4s"}, notes="answers take 20 s")

# ---- elsewhere

add("docker-published-on-loopback", "app1", redeploy("app1", "orders-1", published("orders-1", "127.0.0.1:8081")), replaced("app1", "orders-1"),
    ("wrong_upstream", "bound_to_loopback"), N_ORDERS, at1("orders"), "orders-1", notes="redeployed with -p 127.0.0.1:8081:8080")
add("docker-inside-on-loopback", "app2", redeploy("app2", "catalog", published("catalog", 8082, BIND="127.0.0.1")), replaced("app2", "catalog"),
    ("wrong_upstream", "bound_to_loopback"), H_CATALOG, at2("catalog"), "catalog", haproxy=NO, notes="the new version listens on 127.0.0.1 of its container only")
add("docker-inside-on-loopback-nginx", "app1", redeploy("app1", "orders-1", published("orders-1", 8081, BIND="127.0.0.1")), replaced("app1", "orders-1"),
    ("wrong_upstream", "bound_to_loopback"), N_ORDERS, at1("orders"), "orders-1", nginx=COMBINED, notes="the same behind nginx")
add("docker-inside-on-other-port", "app1", redeploy("app1", "orders-1", published("orders-1", 8081, inside=5000)), replaced("app1", "orders-1"),
    ("wrong_upstream", "wrong_port"), N_ORDERS, at1("orders"), "orders-1", notes="the new version listens on 5000, published is 8080")
add("docker-published-elsewhere", "app1", redeploy("app1", "orders-1", published("orders-1", 8091)), replaced("app1", "orders-1"),
    ("wrong_upstream", "wrong_port"), H_ORDERS1, at2("orders"), "orders-1", haproxy={"backends": ONLY1, **NO}, notes="redeployed with -p 8091:8080, the proxy still asks 8081")

# ---- firewall

add("docker-user-drop", "app1", do("app1", "iptables -I DOCKER-USER -p tcp --dport 8080 -j DROP"), do("app1", "iptables -D DOCKER-USER -p tcp --dport 8080 -j DROP"),
    ("firewall", "drop"), N_ORDERS, at1("orders"), nginx={"connect": "3s"}, notes="a rule in DOCKER-USER drops what goes to the container")
add("docker-rules-flushed", "app2", do("app2", "iptables -F"), do("app2", "systemctl restart docker; docker start catalog orders-2"),
    ("firewall", "drop"), H_CATALOG, {**at2("catalog"), **at2("orders")}, also=[(H_ORDERS2, None)], haproxy=NO, notes="iptables -F takes Docker's rules away, the policy of FORWARD is DROP")

# ---- healthy

CONTAINERS.add("control-docker-redeploy", both(redeploy("app1", "orders-1", published("orders-1", 8081, VERSION=2))), redeploy("app2", "orders-2", published("orders-2", 8081, VERSION=2)),
               [], {**at1("orders"), **at2("orders")}, sub_cause="redeployment", nginx={"upstreams": {"orders_pool": [ORDERS1, ORDERS2]}},
               haproxy={"lines": {"be_orders": ["option redispatch 1"]}}, kernel={"docker0: ": "app1", "veth": "app1"}, notes="both servers redeployed one after the other; what one does not take, the other does")
CONTAINERS.add("control-docker-other-container", both(do("app1", "docker kill reports")), do("app1", "docker start reports"),
               [], at1("orders"), sub_cause="unrelated_container", kernel={"docker0: ": "app1", "veth": "app1"}, notes="a container that serves nobody is killed")
