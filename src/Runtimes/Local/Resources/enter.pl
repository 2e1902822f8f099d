# Runs one program inside a session that runs already: in its limits, namespaces, filter and terminal. Reads its orders from
# standard input as key=value entries, NUL-terminated. Its exit code is the program's.
#
#   1. limits   2. open what is needed while we may   3. the session's uid   4. its namespaces   5. its terminal and filter   6. the program
use strict;
use warnings;

my (%one, %many);
{
    local $/ = "\0";
    while (defined(my $entry = <STDIN>)) {
        chomp $entry;
        my ($key, $value) = split /=/, $entry, 2;
        $one{$key} = $value;
        push @{ $many{$key} }, $value;
    }
}
die "the orders are not complete\n" unless exists $one{end};
my %call = map { $_ => 0 + $one{"call_$_"} } qw(setsid setns prctl);
$| = 1;

sub give_up { syswrite STDOUT, "failed $_[0]\n"; exit 125 }

# 1.
for my $file (@{ $many{group} || [] }) {
    open my $procs, '>', $file or give_up("$file: $!");
    syswrite $procs, $$ or give_up("$file: $!");
}

# 2.
my ($outer, $init) = @one{qw(outer init)};
my @spaces = map { my $path = $_; open my $file, '<', $path or give_up("$path: $!"); $file } "/proc/$outer/ns/user", map { "/proc/$init/ns/$_" } qw(net ipc uts cgroup pid mnt user);
open my $terminal, '+<', $one{terminal} or give_up("the terminal: $!");
open my $filter, '<:raw', $one{seccomp} or give_up("the filter: $!");
my $program = do { local $/; <$filter> };

# 3.
if (exists $one{uid}) {
    my $uid = 0 + $one{uid};
    $) = "$uid $uid";
    $( = $uid;
    ($<, $>) = ($uid, $uid);
    give_up('the uid could not be dropped') if $< != $uid || $> != $uid || $( + 0 != $uid || $) + 0 != $uid;
}

# 4. The innermost user namespace comes last, after the fork that the pid namespace needs.
my $innermost = pop @spaces;
for my $space (@spaces) {
    syscall($call{setns}, fileno $space, 0) == 0 or give_up("a namespace: $!");
}
pipe my $result_out, my $result_in or give_up("pipe: $!");
my $child = fork // give_up("fork: $!");
if (!$child) {
    my $fail = sub { syswrite $result_in, $_[0]; exit 125 };
    syscall($call{prctl}, 1, 9, 0, 0, 0);
    syscall($call{setns}, fileno $innermost, 0) == 0 or $fail->("the user namespace: $!");

    # 5.
    syscall($call{setsid});
    my $size = "\0" x 8;
    ioctl($terminal, 0x540E, 0) or $fail->("the controlling terminal: $!");
    open STDIN, '<&', $terminal;
    open STDOUT, '>&', $terminal;
    open STDERR, '>&', $terminal;
    %ENV = map { split /=/, $_, 2 } @{ $many{env} || [] };
    chdir($ENV{HOME} // '/') or chdir '/';
    umask 022;
    syscall($call{prctl}, 38, 1, 0, 0, 0) == 0 or $fail->("no new privileges: $!");
    my $head = pack 'S x6 P', length($program) / 8, $program;
    syscall($call{prctl}, 22, 2, $head) == 0 or $fail->("the filter: $!");

    # 6.
    my @command = @{ $many{command} };
    exec 'prlimit', (map { "--$_" } @{ $many{rlimit} }), '--', @command if $many{rlimit};
    my $name = $one{login} ? '-' . ($command[0] =~ s{.*/}{}r) : $command[0];
    { no warnings 'exec'; exec { $command[0] } $name, @command[1 .. $#command]; }
    my $why = "$!";
    syswrite STDERR, "$command[0]: $why\r\n";
    exit 127;
}
close $result_in;
close $terminal;
if (sysread $result_out, my $why, 1000) {
    waitpid $child, 0;
    give_up($why);
}
syswrite STDOUT, "started $child\n";
open STDOUT, '>', '/dev/null';
open STDIN, '<', '/dev/null';
waitpid $child, 0;
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
