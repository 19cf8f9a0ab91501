#!/bin/bash
# Makes the image that all hosts of the fault lab boot from.
# usage: build-image.sh DIRECTORY        (needs root, debootstrap and a Debian mirror)
set -euo pipefail
image=$1
here=$(dirname "$(readlink -f "$0")")
packages=systemd,systemd-sysv,dbus,nginx-light,haproxy,rsyslog,python3,gunicorn,iptables,iproute2,openssl,curl,php8.2-fpm,nodejs,procps,socat
more="openjdk-17-jdk-headless puma uwsgi-core uwsgi-plugin-python3 apache2 stunnel4 tcc libc6-dev cron logrotate"
fourth="uvicorn starman lighttpd lighttpd-mod-openssl nftables openssh-server"

if [ ! -x "$image/usr/sbin/nginx" ]; then
    debootstrap --variant=minbase --include=$packages bookworm "$image" http://deb.debian.org/debian
fi
mount -t proc proc "$image/proc"; trap 'umount "$image/proc"' EXIT # Java does not start without
install() { # installing must not start anything
    printf '#!/bin/sh\nexit 101\n' > "$image/usr/sbin/policy-rc.d"; chmod +x "$image/usr/sbin/policy-rc.d"
    chroot "$image" sh -c "apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $1; apt-get clean"
    rm "$image/usr/sbin/policy-rc.d"
}
[ -x "$image/usr/bin/puma" ] || install "$more" # what the third set needs more
[ -x "$image/usr/bin/starman" ] || install "$fourth"
cp -a --no-preserve=ownership "$here"/image/. "$image"/
chroot "$image" tcc -pthread -o /opt/rail/seats /opt/rail/seats.c
chroot "$image" javac -d /opt/rail /opt/rail/Fares.java
chroot "$image" javac -nowarn -d /opt/clinic /opt/clinic/Records.java
chroot "$image" sh -c 'cd /opt/clinic; tcc -pthread -o labs labs.c; tcc -o labelprint labelprint.c
    echo "int hl7_version(void) { return 2; }" > hl7.c; tcc -shared -soname libhl7.so.2 -o libhl7.so.2 hl7.c # labs-hl7 misses its library
    tcc -pthread -DHL7 -o labs-hl7 labs.c libhl7.so.2; rm hl7.c libhl7.so.2'
umount "$image/proc"; trap - EXIT
chroot "$image" sh -c 'id shop >/dev/null 2>&1 || useradd --system --home-dir /var/lib/shop shop'
mkdir -p "$image/var/lib/shop" "$image/var/log/journal"
rm -f "$image/etc/nginx/sites-enabled/default" "$image/etc/hostname" "$image/etc/machine-id"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer console-getty.service \
            container-getty@.service phpsessionclean.timer logrotate.timer apache-htcacheclean.service systemd-logind.service systemd-tmpfiles-clean.timer; do
    ln -sf /dev/null "$image/etc/systemd/system/$unit"
done
for unit in nginx haproxy rsyslog php8.2-fpm apache2 stunnel4 cron lighttpd nftables ssh; do
    systemctl --root="$image" --quiet disable $unit.service
done

# A small certificate authority with good and bad certificates for pay.shop.lab, login.mart.lab, vouchers.rail.lab, crew.rail.lab, claims.clinic.lab, portal.clinic.lab and customs.harbour.lab.
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
    issue rail/good ca vouchers.rail.lab 20240101000000Z 20400101000000Z
    issue rail/expired ca vouchers.rail.lab 20250101000000Z 20260901000000Z
    issue rail/notyet ca vouchers.rail.lab 20300101000000Z 20400101000000Z
    issue rail/wrongname ca vouchers.old.lab 20240101000000Z 20400101000000Z
    issue rail/crew ca crew.rail.lab 20240101000000Z 20400101000000Z
    issue rail/crew-expired ca crew.rail.lab 20250101000000Z 20261101000000Z
    for name in claims portal; do
        issue clinic/$name ca $name.clinic.lab 20240101000000Z 20400101000000Z
        issue clinic/$name-expired ca $name.clinic.lab 20250601000000Z 20261126000000Z
        issue clinic/$name-other other $name.clinic.lab 20240101000000Z 20400101000000Z
        issue clinic/$name-wrong ca $name.hospital.lab 20240101000000Z 20400101000000Z
    done
    issue harbour/customs ca customs.harbour.lab 20240101000000Z 20400101000000Z
    # An intermediate authority, and a server that does not send its certificate.
    mkdir -p rail/nochain
    openssl req -newkey rsa:2048 -nodes -subj "/CN=Rail Lab Issuing CA" -addext basicConstraints=critical,CA:true -keyout issuing.key -out issuing.csr 2>/dev/null
    openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in issuing.csr -out issuing.pem -days 3000 2>/dev/null
    issue rail/nochain issuing crew.rail.lab 20240101000000Z 20400101000000Z
    chmod -R a+rX .
)
