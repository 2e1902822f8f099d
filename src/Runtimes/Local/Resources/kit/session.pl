# The first program inside a session's sandbox: brings the display up, then the window manager, the panel and the program, and
# ends the session when the display or the program goes. Its exit code tells the runtime who went.
#
#   91 the display did not start      92 the display went      97 it was killed (perhaps for memory)
#   93 the window manager keeps ending
#   94 the program ended              95 ended with an error   96 it was killed (perhaps for memory)
#
# usage: session.pl WIDTHxHEIGHT panel|plain [PROGRAM ARGUMENT...]
use strict;
use warnings;

my ($geometry, $style, @program) = @ARGV;
my $kit = '/opt/streamspace';
my $display_log = "$ENV{XDG_RUNTIME_DIR}/display.log";
$| = 1;
open STDIN, '<', '/dev/null';

sub say_line { syswrite STDOUT, "streamspace: $_[0]\n" }

sub say_display {
    if (open my $log, '<', $display_log) {
        my @lines = grep { /\S/ } readline $log;
        splice @lines, 0, -10 if @lines > 10;
        print @lines;
    }
    say_line($_[0]);
}

sub spawn {
    my (@command) = @_;
    my $pid = fork // return 0;
    return $pid if $pid;
    $SIG{CHLD} = 'DEFAULT';
    { no warnings 'exec'; exec { $command[0] } @command; }
    say_line("$command[0] cannot be started: $!");
    exit 127;
}

# The bus listens from the start and its daemon comes last: who connects before waits a moment, and nobody waits for the bus.
my $bus;
if (-x '/usr/bin/dbus-daemon' && -e '/usr/share/dbus-1/session.conf' && socket $bus, 1, 1, 0) {
    bind($bus, pack 'S a108', 1, "$ENV{XDG_RUNTIME_DIR}/bus") && listen($bus, 100) or undef $bus;
}
delete $ENV{DBUS_SESSION_BUS_ADDRESS} if !$bus;

pipe my $shown, my $show or exit 91;
my $display = fork // exit 91;
if (!$display) {
    # Its words go to a file of their own: it writes them in pieces, which would get between other programs' lines.
    open STDOUT, '>', $display_log;
    open STDERR, '>&', \*STDOUT;
    fcntl($show, 2, 0);
    exec 'Xtigervnc', ':1', '-displayfd', fileno $show, '-geometry', $geometry, '-depth', 24, '-rfbport=-1', '-rfbunixpath', '/run/rfb/s', '-rfbunixmode', '0600',
        ($ENV{STREAMSPACE_OPENGL} // '1') eq '0' ? ('-extension', 'GLX') : (), '-SecurityTypes', 'None', '-AlwaysShared', '-nolisten', 'tcp', '-nolisten', 'local', '-ac', '-desktop', $ENV{STREAMSPACE_SESSION} // 'session', '-Log', '*:stderr:0';
    exit 127;
}
close $show;

# The background's colours, from top to bottom; made while the display comes up.
my @top = (0x22, 0x3a, 0x4f);
my @low = (0x0f, 0x1a, 0x26);
my $column = join '', map { my $t = $_ < 1400 ? $_ / 1400 : 1; pack 'C3 x', map { int($top[$_] + ($low[$_] - $top[$_]) * $t) } 2, 1, 0 } 0 .. 2159;

if (!defined(my $number = readline $shown)) {
    waitpid $display, 0;
    say_display('the display did not start');
    exit 91;
}

eval { paint() };
my $window_manager = start_window_manager();
eval { await_window_manager() };
my $panel = $style eq 'panel' ? start_panel() : 0;
my $program = @program ? spawn(@program) : 0;
my ($managers, $panels) = (1, 1);
start_bus() if $bus;

while ((my $pid = wait) > 0) {
    my ($killed, $code) = (($? & 127) == 9, $? & 127 ? 128 + ($? & 127) : $? >> 8);
    if ($pid == $display) {
        say_display("the display ended with code $code");
        exit($killed ? 97 : 92);
    }
    elsif ($pid == $program) {
        # A program whose display went ends too, and may be collected first.
        if ($code && display_went()) {
            waitpid $display, 0;
            my $end = $?;
            say_display('the display ended with code ' . ($end & 127 ? 128 + ($end & 127) : $end >> 8));
            exit(($end & 127) == 9 ? 97 : 92);
        }
        say_line("$program[0] ended with code $code");
        exit($killed ? 96 : $code ? 95 : 94);
    }
    elsif ($pid == $window_manager) {
        if (++$managers > 10) {
            say_line('the window manager keeps ending');
            exit 93;
        }
        select undef, undef, undef, 0.2;
        $window_manager = start_window_manager();
    }
    elsif ($pid == $panel && ++$panels <= 10) {
        select undef, undef, undef, 0.5;
        $panel = start_panel();
    }
}

# A process that is being taken down says so in its flags (4, field 9) before its connections close; one that closes them by itself
# is gone a moment later.
sub display_went {
    for (1 .. 25) {
        open my $stat, '<', "/proc/$display/stat" or return 1;
        my @fields = split ' ', (readline($stat) // '') =~ s/.*\) //r;
        return 1 if !@fields || $fields[0] =~ /[ZX]/ || $fields[6] & 4;
        select undef, undef, undef, 0.02;
    }
    return 0;
}

sub start_window_manager { spawn('openbox', '--sm-disable', '--config-file', "$kit/" . ($style eq 'panel' ? 'rc.xml' : 'rc-single.xml')) }

# Handed over the way systemd hands sockets to its services: as descriptor 3.
sub start_bus {
    my $pid = fork // return;
    return close $bus if $pid;
    select undef, undef, undef, 0.2; # let the first window come first
    fcntl($bus, 2, 0);
    my $file = fileno $bus;
    exec 'sh', '-c', q{exec 3<&"$0"; LISTEN_FDS=1 LISTEN_PID=$$ exec dbus-daemon --session --nofork --nopidfile --nosyslog --address=systemd:}, $file if $file != 3;
    $ENV{LISTEN_FDS} = 1;
    $ENV{LISTEN_PID} = $$;
    exec 'dbus-daemon', '--session', '--nofork', '--nopidfile', '--nosyslog', '--address=systemd:';
}

sub start_panel { -x '/usr/bin/tint2' ? spawn('/usr/bin/tint2', '-c', "$kit/tint2rc") : 0 }

# A client of the display in the X protocol's own words: quicker than any program for what little is needed here.
# Returns what sends, what takes so many bytes, and the answer to the greeting; nothing when the display is not there.
sub greet {
    socket my $x, 1, 1, 0 or return;
    connect $x, pack 'S a108', 1, '/tmp/.X11-unix/X1' or return;
    my $send = sub { my $bytes = join '', @_; my $at = 0; while ($at < length $bytes) { $at += syswrite($x, $bytes, length($bytes) - $at, $at) || return } };
    my $take = sub { my ($bytes, $count) = ('', @_); while (length $bytes < $count) { sysread($x, $bytes, $count - length $bytes, length $bytes) || return '' } $bytes };
    $send->(pack 'a1 x S S S S x2', 'l', 11, 0, 0, 0);
    my $head = $take->(8);
    return if length $head < 8 || ord $head != 1;
    return ($send, $take, $take->(4 * unpack 'x6 S', $head));
}

# Where the first screen stands in the greeting's answer: its root window's number, and its depth 34 bytes later.
sub screen {
    my ($vendor, $formats) = unpack 'x16 S x3 C', $_[0];
    return unpack 'L x34 C', substr $_[0], 32 + (($vendor + 3) & ~3) + 8 * $formats;
}

# A calm background, so that the first frame is never blank.
sub paint {
    local $SIG{PIPE} = 'IGNORE'; # the display may go at this very moment
    my ($send, $take, $setup) = greet() or return;
    my $base = unpack 'x4 L', $setup;
    my ($window, $depth) = screen($setup);
    return if $depth != 24;
    my ($pixmap, $gc, $height) = ($base + 1, $base + 2, length($column) / 4);
    $send->(
        pack('C C S L L S S', 53, $depth, 4, $pixmap, $window, 1, $height),
        pack('C x S L L L', 55, 4, $gc, $pixmap, 0),
        pack('C C S L L S S s s C C x2', 72, 2, 6 + $height, $pixmap, $gc, 1, $height, 0, 0, 0, $depth), $column,
        pack('C x S L L L', 2, 4, $window, 1, $pixmap),
        pack('C C S L s s S S', 61, 0, 4, $window, 0, 0, 0, 0),
        pack('C C S S x2 a16', 16, 0, 6, 13, '_XROOTPMAP_ID'));
    my $atom = unpack 'x8 L', $take->(32);
    $send->(
        pack('C C S L L L C x3 L L', 18, 0, 7, $window, $atom, 20, 32, 1, $pixmap),
        pack('C C S', 112, 1, 1),
        pack('C x S', 43, 1));
    $take->(32);
}

# A window that is shown while the window manager comes up may be taken for one that was just hidden, and stays hidden. So the
# program waits until the manager says on the root window that it is there; three seconds at most, then it has to do without.
sub await_window_manager {
    local $SIG{PIPE} = 'IGNORE';
    my ($send, $take, $setup) = greet() or return;
    my ($window) = screen($setup);
    $send->(pack('C C S S x2 a24', 16, 0, 8, 24, '_NET_SUPPORTING_WM_CHECK'));
    my $atom = unpack 'x8 L', $take->(32);
    for (1 .. 1500) {
        $send->(pack 'C C S L L L L L', 20, 0, 6, $window, $atom, 0, 0, 1);
        my $answer = $take->(32);
        return if length $answer < 32;
        my ($more, $type) = unpack 'x4 L L', $answer;
        $take->(4 * $more) if $more;
        return if $type;
        select undef, undef, undef, 0.002;
    }
}
