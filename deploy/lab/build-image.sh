#!/bin/bash
# Makes the image that all hosts of the fault lab boot from.
# usage: build-image.sh DIRECTORY        (needs root, debootstrap and a Debian mirror)
set -euo pipefail
image=$1
here=$(dirname "$(readlink -f "$0")")
packages=systemd,systemd-sysv,dbus,nginx-light,haproxy,rsyslog,python3,gunicorn,iptables,iproute2,openssl,curl,php8.2-fpm,nodejs,procps,socat

if [ ! -x "$image/usr/sbin/nginx" ]; then
    debootstrap --variant=minbase --include=$packages bookworm "$image" http://deb.debian.org/debian
fi
cp -a --no-preserve=ownership "$here"/image/. "$image"/
chroot "$image" sh -c 'id shop >/dev/null 2>&1 || useradd --system --home-dir /var/lib/shop shop'
mkdir -p "$image/var/lib/shop" "$image/var/log/journal"
rm -f "$image/etc/nginx/sites-enabled/default" "$image/etc/hostname" "$image/etc/machine-id"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer console-getty.service \
            container-getty@.service phpsessionclean.timer systemd-logind.service systemd-tmpfiles-clean.timer; do
    ln -sf /dev/null "$image/etc/systemd/system/$unit"
done
for unit in nginx haproxy rsyslog php8.2-fpm; do
    systemctl --root="$image" --quiet disable $unit.service
done

# A small certificate authority with one good and three bad certificates for pay.shop.lab (and again for login.mart.lab).
pki=$image/etc/ssl/lab
rm -rf "$pki"; mkdir -p "$pki/issued"
(
    cd "$pki"
    touch issued/index; echo 01 > issued/serial
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=issued/index\nserial=issued/serial\nnew_certs_dir=issued\ndefault_md=sha256\npolicy=p\nunique_subject=no\ncopy_extensions=copy\n[p]\ncommonName=supplied\n' > ca.cnf
    authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$2" -keyout "$1.key" -out "$1.pem" 2>/dev/null; }
    issue() { # folder, authority, name, begin, end
        mkdir -p "$1"
        openssl req -newkey rsa:2048 -nodes -subj "/CN=$3" -addext "subjectAltName=DNS:$3" -keyout "$1/server.key" -out "$1/request.pem" 2>/dev/null
        openssl ca -batch -notext -config ca.cnf -cert "$2.pem" -keyfile "$2.key" -in "$1/request.pem" -out "$1/server.pem" -startdate "$4" -enddate "$5" 2>/dev/null
        rm "$1/request.pem"
    }
    authority ca "Shop Lab CA"
    authority other "Somebody Else CA"
    issue good ca pay.shop.lab 20240101000000Z 20400101000000Z
    issue expired ca pay.shop.lab 20240101000000Z 20250101000000Z
    issue untrusted other pay.shop.lab 20240101000000Z 20400101000000Z
    issue wrongname ca mail.other.lab 20240101000000Z 20400101000000Z
    issue mart/good ca login.mart.lab 20240101000000Z 20400101000000Z
    issue mart/expired ca login.mart.lab 20240101000000Z 20260301000000Z
    issue mart/untrusted other login.mart.lab 20240101000000Z 20400101000000Z
    issue mart/wrongname ca www.mart.lab 20240101000000Z 20400101000000Z
    mkdir -p mart/selfsigned
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=login.mart.lab -addext subjectAltName=DNS:login.mart.lab \
        -keyout mart/selfsigned/server.key -out mart/selfsigned/server.pem 2>/dev/null
    chmod -R a+rX .
)
