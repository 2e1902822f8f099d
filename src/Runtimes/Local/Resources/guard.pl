# Holds one session. It outlives the server, so that a restart of the server ends no session. Plain perl-base, because every
# Debian has it and it can do what a server process cannot: fork, hand pipes to children, stay small (the part a container's shim plays).
#
#   1. leave the server's terminal and process group         5. report the namespace's init to the server
#   2. private mounts (only as root)                          6. the network, once the way to the host is cut off
#   3. pipes                                                  7. keep the output in two bounded files
#   4. the sandbox: limits, uid, namespaces, routes, bwrap    8. tell how it ended
#
# The uid, the namespaces and the routes are made here rather than by setpriv, unshare and ip: five programs less to start.
#
# usage: guard.pl FILE    FILE holds key=value entries, NUL-terminated; keys may repeat.
use strict;
use warnings;

my (%one, %many);
{
    open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!";
    local $/ = "\0";
    while (defined(my $entry = <$in>)) {
        chomp $entry;
        my ($key, $value) = split /=/, $entry, 2;
        $one{$key} = $value;
        push @{ $many{$key} }, $value;
    }
}
die "the file is not complete\n" unless exists $one{end};
my $root = exists $one{uid};
my %call = map { $_ => 0 + $one{"call_$_"} } qw(setsid setns unshare mount mknodat clock_gettime prctl);
%ENV = (PATH => '/usr/sbin:/usr/bin:/sbin:/bin');
chdir '/';
umask 022;

sub start_time {
    open my $in, '<', "/proc/$_[0]/stat" or return 0;
    my $text = <$in>;
    $text =~ s/.*\) //s;
    return (split / /, $text)[19];
}

open my $status, '>>', $one{status} or die "$one{status}: $!";
select((select($status), $| = 1)[0]);
$| = 1;

# Each fact goes to the file, for the next server, and to the pipe, for this one.
my $told = 1;
sub tell_fact {
    syswrite $status, "$_[0]\n";
    if ($told) {
        local $SIG{PIPE} = 'IGNORE';
        syswrite STDOUT, "$_[0]\n";
    }
}

# 1.
syscall($call{setsid});
open STDIN, '<', '/dev/null';
open STDERR, '>', '/dev/null';
tell_fact("guard $$ " . start_time($$));

sub give_up {
    tell_fact("failed $_[0]");
    tell_fact('ended 90');
    exit 1;
}

# 2. The home and, where udev does not do it, a device for the network get their place in a mount namespace nobody else sees.
if ($root) {
    my ($none, $slash, $empty) = ('none', '/', '');
    syscall($call{unshare}, 0x20000) == 0 or give_up("a mount namespace: $!");
    syscall($call{mount}, $none, $slash, $empty, 0x4000 | 0x80000, 0) == 0 or give_up("slave mounts: $!");
    my ($home, $target) = ($one{home}, $one{home_at});
    syscall($call{mount}, $home, $target, $empty, 0x1000, 0) == 0 or give_up("mounting the home: $!");
    if ($one{make_tun}) {
        my ($type, $net, $tun, $options) = ('tmpfs', '/dev/net', '/dev/net/tun', 'mode=0755,size=4k');
        syscall($call{mount}, $type, $net, $type, 0, $options) == 0 or give_up("a place for /dev/net/tun: $!");
        syscall($call{mknodat}, -100, $tun, 0020666, 10 << 8 | 200) == 0 or give_up("/dev/net/tun: $!");
        chmod 0666, $tun;
    }
}

# 3.
pipe my $routed_out, my $routed_in or give_up("pipe: $!");
pipe my $log_out, my $log_in or give_up("pipe: $!");
pipe my $bwrap_out, my $bwrap_in or give_up("pipe: $!");
pipe my $exit_out, my $exit_in or give_up("pipe: $!");
open my $arguments, '<', $one{arguments} or give_up("$one{arguments}: $!");
open my $seccomp, '<', $one{seccomp} or give_up("$one{seccomp}: $!");

sub inherit { fcntl($_, 2, 0) for @_ }

sub join_groups {
    for my $file (@{ $many{group} || [] }) {
        open my $procs, '>', $file or die "$file: $!";
        syswrite $procs, $$ or die "$file: $!";
    }
}

sub drop_root {
    return if !$root;
    my $uid = 0 + $one{uid};
    $) = "$uid $uid";
    $( = $uid;
    ($<, $>) = ($uid, $uid);
    die 'the uid could not be dropped' if $< != $uid || $> != $uid || $( + 0 != $uid || $) + 0 != $uid;
}

sub put {
    my ($path, $text) = @_;
    open my $file, '>', $path or die "$path: $!";
    syswrite $file, $text or die "$path: $!";
}

# A user namespace that owns a network namespace; both outside of the ones bwrap makes, so that the session cannot touch the routes.
sub enter_namespaces {
    my ($uid, $gid) = ($>, $) + 0);
    syscall($call{prctl}, 4, 1, 0, 0, 0); # after a change of uid /proc/self would belong to root
    syscall($call{unshare}, 0x10000000 | 0x40000000) == 0 or die "user and network namespaces: $!";
    put('/proc/self/setgroups', 'deny');
    put('/proc/self/uid_map', "$uid $uid 1");
    put('/proc/self/gid_map', "$gid $gid 1");
}

# The kernel's own messages for: ip link set lo up; ip route add unreachable NETWORK. A route that is there already (17) is fine.
sub close_routes {
    my (@networks) = @_;
    socket my $link, 16, 3, 0 or die "netlink: $!";
    my $ask = sub {
        my ($type, $flags, $body) = @_;
        send $link, pack('L S S L L', 16 + length $body, $type, 5 | $flags, 1, 0) . $body, 0 or die "netlink: $!";
        recv $link, my $answer, 8192, 0;
        my $error = unpack 'x16 l', $answer;
        if ($error && $error != -17) { $! = -$error; die "netlink: $!" }
    };
    $ask->(16, 0, pack 'C x S l L L', 0, 0, 1, 1, 1);
    for my $network (@networks) {
        my ($address, $bits) = split m{/}, $network;
        $ask->(24, 0x600, pack('C8 L', 2, $bits, 0, 0, 254, 3, 0, 7, 0) . pack('S S C4', 8, 1, split /\./, $address));
    }
}

# 4. Routes before bwrap, and both before the network: no instant in which the session could reach the host.
my $sandbox = fork // give_up("fork: $!");
if (!$sandbox) {
    $SIG{__DIE__} = sub { syswrite $log_in, "the session could not start: $_[0]"; exit 88 };
    join_groups();
    open STDOUT, '>&', $log_in;
    open STDERR, '>&', $log_in;
    drop_root();
    enter_namespaces();
    close_routes(@{ $many{unreachable} || [] });
    syswrite $routed_in, '.';
    inherit($arguments, $seccomp, $bwrap_in);
    my @limits = map { "--$_" } @{ $many{rlimit} || [] };
    exec((@limits ? ('prlimit', @limits, '--') : ()),
        'bwrap', '--args', fileno $arguments, '--seccomp', fileno $seccomp, '--json-status-fd', fileno $bwrap_in,
        '--', @{ $many{command} });
    die "exec: $!";
}
close $_ for $routed_in, $bwrap_in, $arguments, $seccomp;
tell_fact("sandbox $sandbox " . start_time($sandbox));

my ($network, $network_since, $network_tries, $code) = (0, 0, 0);

sub start_network {
    pipe my $ready_out, my $ready_in or return;
    $network_since = time;
    $network_tries++;
    $network = fork // return;
    if (!$network) {
        $SIG{__DIE__} = sub { syswrite $log_in, "the network could not start: $_[0]"; exit 88 };
        join_groups();
        open STDOUT, '>', '/dev/null';
        open STDERR, '>&', $log_in;
        drop_root();
        inherit($ready_in, $exit_out);
        exec 'slirp4netns', '--configure', '--mtu=65520', '--disable-host-loopback', @{ $many{slirp} || [] },
            '--ready-fd', fileno $ready_in, '--exit-fd', fileno $exit_out, $sandbox, 'tap0';
        die "exec: $!";
    }
    close $ready_in;
    tell_fact("network $network " . start_time($network));
    tell_fact(read_byte($ready_out) ? 'online' : 'offline');
}

# The machine got new addresses: the server wrote the list anew and sent USR1. Routes only ever get more.
my $renew = 0;
sub renew_routes {
    $renew = 0;
    my $child = fork;
    return if !defined $child || $child;
    eval {
        my ($user, $net, $list);
        open $user, '<', "/proc/$sandbox/ns/user" and open $net, '<', "/proc/$sandbox/ns/net" and open $list, '<', $one{closed} or die "$!";
        chomp(my @networks = readline $list);
        drop_root();
        syscall($call{setns}, fileno $_, 0) == 0 or die "$!" for $user, $net;
        close_routes(@networks);
    };
    exec '/bin/true';
}

# A signal may come in the middle of a read (4 is EINTR).
sub read_byte {
    my ($file) = @_;
    while (1) {
        my $got = sysread $file, my $byte, 1;
        return $got if defined $got || $! != 4;
    }
}

sub sandbox_ended {
    $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    kill 'KILL', $network if $network;
}

sub reap {
    while ((my $pid = waitpid(-1, 1)) > 0) {
        if ($pid == $sandbox) {
            sandbox_ended();
        }
        elsif ($pid == $network) {
            $network = 0;
        }
    }
}
$SIG{USR1} = sub { $renew = 1 };
$SIG{CHLD} = sub { }; # only wakes the loop: collecting in the handler would lose exit codes to a second collector
$SIG{PIPE} = 'IGNORE';
$SIG{HUP} = 'IGNORE';
$SIG{TERM} = sub { kill 'KILL', $sandbox };

# 6. (before 5, which has to wait for bwrap's own start)
if (read_byte($routed_out)) {
    start_network() if $one{network};
}

# 5.
my $json = '';
while (!defined $code) {
    last if $json =~ /"child-pid": (\d+)/;
    my $got = sysread $bwrap_out, $json, 4096, length $json;
    last if defined $got ? $got == 0 : $! != 4;
}
if ($json =~ /"child-pid": (\d+)/) {
    tell_fact("init $1 " . start_time($1));
}
close $log_in if !$one{network};
open STDOUT, '>', '/dev/null';
$told = 0;

# 7. Lines get the time they came; a flood is slowed down instead of kept.
my @ring;
for my $n (0, 1) {
    open $ring[$n], '>>', "$one{log}.$n" or next;
}
my ($at, $rest, $limit) = (-s "$one{log}.0" > -s "$one{log}.1" ? 0 : 1, '', 0 + $one{log_bytes});

sub now_ms {
    my $time = "\0" x 16;
    syscall($call{clock_gettime}, 0, $time);
    my ($s, $ns) = unpack 'q q', $time;
    return $s * 1000 + int($ns / 1000000);
}

sub keep {
    my ($bytes, $last) = @_;
    $rest .= $bytes;
    my ($text, $now) = ('', now_ms());
    while ($rest =~ s/\A([^\n]{0,8000})\n// || $rest =~ s/\A([^\n]{8000})// || ($last && $rest =~ s/\A(.+)\z//s)) {
        $text .= "$now $1\n";
    }
    return if $text eq '' || !$ring[$at];
    if (-s $ring[$at] > $limit) {
        $at = 1 - $at;
        truncate $ring[$at], 0;
    }
    syswrite $ring[$at], $text;
}

while (1) {
    my $ready = '';
    vec($ready, fileno $log_out, 1) = 1;
    vec($ready, fileno $bwrap_out, 1) = 1 if $bwrap_out;
    my $count = select $ready, undef, undef, $one{network} && !$network ? 1 : 5;

    # bwrap's status ends with bwrap. The signal alone does not do: it may come just before the wait that it should end.
    if ($count > 0 && $bwrap_out && vec($ready, fileno $bwrap_out, 1)) {
        my $got = sysread $bwrap_out, my $words, 4096;
        if (defined $got && $got == 0) {
            $bwrap_out = undef;
            sandbox_ended() if !defined $code && waitpid($sandbox, 0) == $sandbox;
        }
    }
    reap();
    renew_routes() if $renew && !defined $code;
    if ($count > 0 && vec($ready, fileno $log_out, 1)) {
        my $got = sysread $log_out, my $bytes, 65536;
        last if defined $got && $got == 0;
        keep($bytes, 0) if $got;
        select undef, undef, undef, 0.01 if $got && $got > 32768;
    }
    elsif (defined $code) {
        last;
    }
    if ($one{network} && !$network && !defined $code && $network_tries < 20 && time - $network_since > 1) {
        keep("the network program ended; it is started again\n", 0);
        start_network();
    }
}
keep('', 1);

# 8.
close $exit_in;
kill 'KILL', $network if $network;
while ((my $pid = waitpid -1, 0) > 0) {
    $code = $? & 127 ? 128 + ($? & 127) : $? >> 8 if $pid == $sandbox;
}
tell_fact('ended ' . ($code // 255));
