# Pharmacy: a PSGI application for starman; a file can change how it answers while it runs (see ../mart/behaviour.py).
use strict;
use JSON::PP;
use Time::HiRes 'sleep';

sub behaviour {
    open(my $file, '<', '/var/lib/shop/pharmacy.json') or return {};
    local $/;
    return eval { decode_json(<$file>) } || {};
}

sub {
    my $env = shift;
    my $told = $env->{PATH_INFO} eq '/alive' ? {} : behaviour();
    print STDERR "pharmacy: waiting for a lock on table stock_items, held by backend 3021\n" if $told->{lock};
    sleep($told->{delay} || 0);
    print STDERR "pharmacy: drug register says no at /opt/clinic/pharmacy.psgi line 18.\n" if $told->{status};
    return [$told->{status} || 200, ['Content-Type' => 'application/json'], ['{"stock": 12}']];
};
