"""The site of the container set: a depot whose services run in Docker."""
from layout import Site
from shop import BOTH, HEALTH

IMAGE = "shop:1"
# systemd keeps the control groups of the containers on two hosts (Debian's choice with cgroup v2), Docker itself on the other (its choice with v1).
BY_SYSTEMD = {"/etc/docker/daemon.json": '{"exec-opts": ["native.cgroupdriver=systemd"]}\n'}


def contained(name, words="", command=None):
    """What `docker run -d` is told: a container of the shop's program, whose behaviour a file can change."""
    return f"--name {name} -v /var/lib/shop:/var/lib/shop {words} {IMAGE} {command or name.split('-')[0]}"


def published(name, port, words="", inside=8080, **variables):
    """The same with a published port."""
    environment = "".join(f"-e {k}={v} " for k, v in {"PORT": inside, **variables}.items())
    return contained(name, f"-p {port}:8080 {environment}{words}")


DEPOT = Site(
    units={"edge1": ["nginx"], "edge2": ["haproxy"], "app1": ["docker"], "app2": ["docker"], "app3": ["docker"]},
    on_demand={},
    paths={"orders": ("/api/orders", BOTH), "catalog": ("/api/catalog", BOTH), "web": ("/depot/page", BOTH)},
    server_name="depot.lab",
    upstreams={"orders_pool": ["10.85.0.21:8081"], "catalog_pool": ["10.85.0.22:8082"], "pages": ["10.85.0.23:8083"]},
    locations={"/api/orders": "proxy_pass http://orders_pool;", "/api/catalog": "proxy_pass http://catalog_pool;", "/": "proxy_pass http://pages;"},
    frontend="fe_depot",
    routes={"be_orders": "/api/orders", "be_catalog": "/api/catalog"},
    default="be_pages",
    backends={
        "be_orders": {"app1": "10.85.0.21:8081", "app2": "10.85.0.22:8081"},
        "be_catalog": {"app2": "10.85.0.22:8082"},
        "be_pages": {"app3": "10.85.0.23:8083"},
    },
    checks={"be_orders": HEALTH, "be_catalog": HEALTH},
    files={"app1": BY_SYSTEMD, "app3": BY_SYSTEMD},
    containers={
        "app1": {"orders-1": published("orders-1", 8081), "reports": contained("reports", "-e PORT=9000")},
        "app2": {"orders-2": published("orders-2", 8081), "catalog": published("catalog", 8082)},
        "app3": {"web": contained("web", "--network host -e PORT=8083")},
    },
)
