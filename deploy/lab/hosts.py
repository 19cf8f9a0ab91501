"""Five booted Debian hosts on one bridge, each a container with a network namespace of its own.

Labs are numbered; each has a whole 10.85.0.0/24 to itself, so that several can run side by side.
"""
import os
import pathlib
import re
import shutil
import subprocess
import time
import uuid

ADDRESS = {"edge1": "10.85.0.11", "edge2": "10.85.0.12", "app1": "10.85.0.21", "app2": "10.85.0.22", "app3": "10.85.0.23"}
ROLE = {"edge1": "nginx", "edge2": "haproxy"}
CLIENTS = [f"10.85.0.{n}" for n in range(100, 104)]
CONTROLLERS = ["systemd", "cpu", "cpuacct", "memory", "pids", "freezer", "devices", "blkio", "unified"]


def run(*command, check=True, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


class Host:
    def __init__(self, lab, name):
        self.lab, self.name, self.address = lab, name, ADDRESS[name]
        self.id = f"lab{lab.number}-{name}"
        self.base = lab.base / name
        self.root = self.base / "root"
        self.mac = f"02:85:00:00:{lab.number:02x}:{int(self.address.split('.')[-1]):02x}"
        self.veth = f"l{lab.number}{name}"
        self.units = lab.site.units_of(name)
        self.services = [u + ".service" for u in self.units]
        self.runs_docker = name in lab.site.containers
        self.process = None
        self.leader = None

    def create(self):
        for d in ("up", "work", "root"):
            (self.base / d).mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={self.lab.image},upperdir={self.base}/up,workdir={self.base}/work", self.root)
        self.write("/etc/hostname", f"{self.name}.lab\n")
        self.write("/etc/machine-id", uuid.uuid4().hex + "\n")
        self.write("/etc/hosts", "127.0.0.1 localhost\n" + "".join(f"{a} {n}.lab {n}\n" for n, a in ADDRESS.items()))
        extra = ["rsyslog"] if self.name == "edge2" else []
        run("systemctl", f"--root={self.root}", "--quiet", "enable", *self.lab.site.units[self.name], *extra)
        syslog = "yes" if self.name == "edge2" else "no"
        self.write("/etc/systemd/journald.conf.d/lab.conf", f"[Journal]\nStorage=persistent\nForwardToSyslog={syslog}\n")
        self.network()

    def network(self):
        run("ip", "netns", "add", self.id)
        run("ip", "-n", self.id, "link", "add", "eth0", "address", self.mac, "type", "veth", "peer", "name", self.veth, "netns", self.lab.switch)
        run("ip", "-n", self.lab.switch, "link", "set", self.veth, "master", "br0", "up")
        run("ip", "-n", self.id, "addr", "add", f"{self.address}/24", "dev", "eth0")
        run("ip", "-n", self.id, "link", "set", "lo", "up")
        run("ip", "-n", self.id, "link", "set", "eth0", "up")

    def boot(self):
        if not pathlib.Path(f"/run/netns/{self.id}").exists():
            self.network()
        controllers = CONTROLLERS + ["cpuset"] * self.runs_docker
        for controller in controllers:
            os.makedirs(f"/sys/fs/cgroup/{controller}/{self.id}", exist_ok=True)
        if self.runs_docker:
            for file in ("cpuset.cpus", "cpuset.mems"):  # without them nothing may run there
                self.cgroup("cpuset").joinpath(file).write_text(pathlib.Path(f"/sys/fs/cgroup/cpuset/{file}").read_text())
        enter = "; ".join(f"echo $$ > /sys/fs/cgroup/{c}/{self.id}/cgroup.procs" for c in controllers)
        nspawn = ["systemd-nspawn", "--quiet", "--boot", f"--directory={self.root}", f"--machine={self.id}", f"--hostname={self.name}.lab",
                  f"--network-namespace-path=/run/netns/{self.id}", "--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off",
                  "--link-journal=no", "--console=pipe"]
        writable = {}
        if self.runs_docker:  # its layers cannot lie on the overlay that the host's own root is
            (self.base / "docker").mkdir(exist_ok=True)
            nspawn += ["--capability=all", "--system-call-filter=add_key keyctl bpf", f"--bind={self.base}/docker:/var/lib/docker"]
            writable = {"SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1"}
        self.process = subprocess.Popen(["sh", "-c", f"{enter}; exec \"$@\"", "sh", *nspawn], stdin=subprocess.DEVNULL,
                                        stdout=open(self.base / "console", "w"), stderr=subprocess.STDOUT, start_new_session=True,
                                        env={**os.environ, **writable, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "0"})
        self.await_boot()

    def await_boot(self):
        until = time.time() + 60
        scope = pathlib.Path(f"/sys/fs/cgroup/systemd/{self.id}/payload/init.scope/cgroup.procs")
        while time.time() < until:
            if scope.exists() and scope.read_text().split():
                self.leader = scope.read_text().split()[0]
                state = self.do("systemctl is-system-running", check=False).strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.5)
        raise RuntimeError(f"{self.id} did not boot, see {self.base}/console")

    def down(self):
        """The machine is gone: everything in it killed at once, its address dead."""
        if self.process and self.process.poll() is None:
            subprocess.run(["kill", "-9", self.leader])
            self.process.wait(30)
        run("ip", "netns", "del", self.id, check=False)
        run("ip", "-n", self.lab.switch, "link", "del", self.veth, check=False)
        self.leader = None

    def stop(self):
        if self.process and self.process.poll() is None:
            self.do("systemctl poweroff", check=False)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        run("umount", self.root, check=False)
        run("ip", "netns", "del", self.id, check=False)
        for controller in [*CONTROLLERS, "cpuset"]:
            for folder, _, _ in os.walk(f"/sys/fs/cgroup/{controller}/{self.id}", topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass

    def do(self, command, check=True):
        return run("nsenter", "-t", self.leader, "-m", "-u", "-n", "-p", "-i", "sh", "-c", command, check=check)

    def run_containers(self):
        """The containers of the site, new ones, in place of whatever there is."""
        if self.runs_docker:
            self.do("docker image inspect shop:1 >/dev/null 2>&1 || docker import -c 'ENTRYPOINT [\"/usr/bin/python3\", \"/opt/shop/shop.py\"]' /srv/images/shop.tar shop:1")
            self.do("docker rm -f $(docker ps -aq)", check=False)
            for words in self.lab.site.containers[self.name].values():
                self.do(f"docker run -d {words}")

    def systemctl(self, *words, check=True):
        return self.do("systemctl " + " ".join(words), check=check)

    def path(self, inside):
        return self.root / inside.lstrip("/")

    def write(self, inside, text):
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def remove(self, inside):
        self.path(inside).unlink(missing_ok=True)

    def cgroup(self, controller="systemd"):
        return pathlib.Path(f"/sys/fs/cgroup/{controller}/{self.id}")

    def processes(self):
        """(process number outside, cgroup path inside) of all that runs here."""
        for folder, _, files in os.walk(self.cgroup() / "payload"):
            if "cgroup.procs" in files:
                try:
                    for pid in open(f"{folder}/cgroup.procs").read().split():
                        yield int(pid), folder.split("/payload", 1)[1]
                except OSError:
                    pass


def unit_of(cgroup):
    found = re.search(r"/([^/\s]+\.service|docker-[^/\s]+\.scope)(?=/|\s|$)", cgroup)
    return found.group(1) if found else None


class Lab:
    def __init__(self, number, image, base, site):
        self.number, self.image, self.site = number, image, site
        self.base = pathlib.Path(base) / f"lab{number}"
        self.switch = f"lab{number}-switch"
        self.hosts = {name: Host(self, name) for name in ADDRESS}

    def start(self):
        self.clear()
        run("ip", "netns", "add", self.switch)
        run("ip", "-n", self.switch, "link", "add", "br0", "type", "bridge")
        run("ip", "-n", self.switch, "link", "set", "lo", "up")
        run("ip", "-n", self.switch, "link", "set", "br0", "up")
        for address in CLIENTS:
            run("ip", "-n", self.switch, "addr", "add", f"{address}/24", "dev", "br0")
        for host in self.hosts.values():
            host.create()

    def boot(self):
        for host in self.hosts.values():
            host.boot()

    def stop(self):
        for host in self.hosts.values():
            host.stop()
        self.clear()

    def clear(self):
        for host in self.hosts.values():
            run("umount", host.root, check=False)
            run("ip", "netns", "del", host.id, check=False)
        run("ip", "netns", "del", self.switch, check=False)
        shutil.rmtree(self.base, ignore_errors=True)

    def __getattr__(self, name):
        try:
            return self.hosts[name]
        except KeyError:
            raise AttributeError(name) from None
