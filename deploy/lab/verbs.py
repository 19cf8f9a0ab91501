"""The verbs of which scenarios are made: steps, which are functions of the lab, and makers of steps."""
import json
import pathlib
import subprocess
import sys
import time

from hosts import CLIENTS
from record import Limit


def do(host, command):
    return lambda lab: lab.hosts[host].do(command, check=False)


def both(*steps):
    def go(lab):
        for step in steps:
            step(lab)
    return go


def behave(host, name, **how):
    return lambda lab: lab.hosts[host].write(f"/var/lib/shop/{name}.json", json.dumps(how))


def calm(host, name):
    return lambda lab: lab.hosts[host].remove(f"/var/lib/shop/{name}.json")


def environment(host, unit, **variables):
    return lambda lab: lab.hosts[host].write(f"/etc/default/{unit}", "".join(f"{k}={v}\n" for k, v in variables.items()))


def restart(host, unit):
    return do(host, f"systemctl restart {unit}")


def deploy(host, unit, **variables):
    """A restart with another environment."""
    return both(environment(host, unit, **variables), restart(host, unit))


def stop(host, unit):
    return do(host, f"systemctl stop {unit}")


def start(host, unit):
    return do(host, f"systemctl start {unit}")


def pause(seconds):
    return lambda lab: time.sleep(seconds)


def write(host, file, text):
    return lambda lab: lab.hosts[host].write(file, text)


def dropin(host, unit, text, reload=False):
    write = lambda lab: lab.hosts[host].write(f"/etc/systemd/system/{unit}.service.d/lab.conf", text)
    return both(write, do(host, "systemctl daemon-reload")) if reload else write


def nginx_with(**choices):
    """A new configuration of nginx, reloaded."""
    return both(lambda lab: lab.edge1.write("/etc/nginx/nginx.conf", lab.site.nginx(lab.site, **choices)), do("edge1", "systemctl reload nginx"))


def haproxy_with(**choices):
    return both(lambda lab: lab.edge2.write("/etc/haproxy/haproxy.cfg", lab.site.haproxy(lab.site, **choices)), do("edge2", "systemctl reload haproxy"))


def runtime(command):
    """A command for haproxy's stats socket."""
    return do("edge2", f"echo '{command}' | socat stdio /run/haproxy/admin.sock")


def firewall(host, port, *targets):
    return do(host, "; ".join(f"iptables -A INPUT -p tcp --dport {port} -j {t}" for t in targets))


def no_firewall(host):
    return do(host, "iptables -F")


def kill_main(host, unit, number=9):
    return do(host, f"kill -{number} $(systemctl show -P MainPID {unit})")


def switch(command):
    def go(lab):
        subprocess.run(["ip", "-n", lab.switch, *command(lab).split()], check=True)
    return go


def isolate(one, other, cut=True):
    """The switch no longer forwards between two hosts; each still reaches all the others."""
    def go(lab):
        for name in (one, other):
            subprocess.run(["bridge", "-n", lab.switch, "link", "set", "dev", lab.hosts[name].veth, "isolated", "on" if cut else "off"], check=True)
    return go


def local_ports(host, span):
    """The range of a host's local ports; written from outside, since /proc/sys is read-only inside."""
    return lambda lab: subprocess.run(["ip", "netns", "exec", lab.hosts[host].id, "sh", "-c", f"echo {span} > /proc/sys/net/ipv4/ip_local_port_range"], check=True)


def connections_tracked(most):
    """How many connections may be tracked: one figure for the machine, felt by the hosts whose firewall tracks connections."""
    return lambda lab: pathlib.Path("/proc/sys/net/netfilter/nf_conntrack_max").write_text(str(most))


def limit(host, unit, megabytes):
    def go(lab):
        lab.limit = Limit(lab.hosts[host], f"{unit}.service", megabytes)
    return go


def unlimit(lab):
    lab.limit.lift()


def nothing(lab):
    pass


def host_down(name):
    return lambda lab: lab.hosts[name].down()


def host_up(name):
    return lambda lab: lab.hosts[name].boot()


def power_off(name):
    def go(lab):
        host = lab.hosts[name]
        host.do("systemctl poweroff", check=False)
        host.process.wait(30)
        host.down()
    return go


def name_table(table):
    """What the name server knows from now on."""
    return lambda lab: (lab.base / "names.json").write_text(json.dumps(table))


def name_server(table):
    """A name server on the first client's address, until the recording ends."""
    def go(lab):
        name_table(table)(lab)
        lab.name_server = subprocess.Popen(["ip", "netns", "exec", lab.switch, sys.executable, str(pathlib.Path(__file__).parent / "names.py"), CLIENTS[0], str(lab.base / "names.json")])
    return go
