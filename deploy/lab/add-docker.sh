#!/bin/bash
# Adds Docker to an image of build-image.sh, and the image that the lab's containers run from, made of the same packages.
# usage: add-docker.sh DIRECTORY        (needs root and a Debian mirror)
set -euo pipefail
image=$1

if [ ! -x "$image/usr/sbin/dockerd" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$image/usr/sbin/policy-rc.d"
    chmod +x "$image/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf "$image/etc/resolv.conf"
    mount -t proc proc "$image/proc"
    trap 'umount "$image/proc"' EXIT
    export DEBIAN_FRONTEND=noninteractive
    chroot "$image" apt-get -qq update
    chroot "$image" apt-get -qq install -y --no-install-recommends docker.io
    chroot "$image" apt-get clean
    umount "$image/proc"
    trap - EXIT
    rm "$image/usr/sbin/policy-rc.d" "$image/etc/resolv.conf"
fi
for unit in docker.service docker.socket containerd.service; do
    systemctl --root="$image" --quiet disable $unit
done

# A host of the lab is itself a container: it may not lower OOM scores, and its control groups are mounted for reading only.
mkdir -p "$image"/etc/systemd/system/{docker,containerd}.service.d
cat > "$image/etc/systemd/system/containerd.service.d/lab.conf" <<'END'
[Service]
OOMScoreAdjust=0
ExecStartPre=/bin/sh -c 'for c in /sys/fs/cgroup/*/; do mount -o remount,rw,bind $c; done'
END
printf '[Service]\nOOMScoreAdjust=0\n' > "$image/etc/systemd/system/docker.service.d/lab.conf"

# python3 with its libraries and the shop's program: all that a container of the lab needs.
root=$(mktemp -d)
mkdir -p "$root"/{bin,etc,lib,lib64,opt,proc,sys,dev,tmp,run,usr/bin,usr/lib,var/lib/shop}
python=$(basename "$(readlink -f "$image/usr/bin/python3")")
cp "$image/usr/bin/$python" "$root/usr/bin/python3"
cp -a "$image/usr/lib/$python" "$root/usr/lib/"
rm -rf "$root/usr/lib/$python"/{test,idlelib,tkinter,ensurepip,lib2to3,pydoc_data}
find "$root/usr/lib" -name __pycache__ -prune -exec rm -r {} +
chroot "$image" sh -c "find /usr/lib/$python/lib-dynload -name '*.so' | xargs ldd /usr/bin/python3 | grep -o '/[^ ]*\.so[^ ]*' | sort -u" | grep -v lib-dynload |
while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$image$library" "$root$library"
done
cp -a --no-preserve=ownership "$image/opt/shop" "$root/opt/"
printf 'root:x:0:0::/:/bin/sh\nshop:x:999:999::/:/bin/sh\n' > "$root/etc/passwd"
mkdir -p "$image/srv/images"
tar -C "$root" --owner=0 --group=0 -cf "$image/srv/images/shop.tar" .
rm -r "$root"
