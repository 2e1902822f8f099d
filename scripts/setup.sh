# Shared by ./run and ./test: what must be on this machine, and building only what changed. Sourced, never run.
# Callers set `root` (the repository) and use: need_tools, need_packages, build_ui, build_server.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false NPM_CONFIG_FUND=false NPM_CONFIG_AUDIT=false NPM_CONFIG_UPDATE_NOTIFIER=false
: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
[ -w "${HOME:-/nonexistent}" ] || HOME=$root/out/home
export HOME

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; else bold='' dim='' red='' green='' plain=''; fi
say() { printf '%s\n' "$*"; }
step() { printf '%s\n' "${dim}·${plain} $*"; }
fail() { printf '%s\n' "${red}✗${plain} $1" >&2; shift; local line; for line in "$@"; do printf '  %s\n' "$line" >&2; done; exit 1; }

# Programs we need, the Debian/Ubuntu package that brings each, and nothing else: templates say themselves what they miss.
run_packages=(
  postgres:postgresql Xtigervnc:tigervnc-standalone-server openbox:openbox xterm:xterm tint2:tint2 pcmanfm:pcmanfm mousepad:mousepad perl:perl-base
  bwrap:bubblewrap slirp4netns:slirp4netns dbus-run-session:dbus fc-list:fontconfig setpriv:util-linux ip:iproute2 ps:procps xkbcomp:x11-xkb-utils
  libturbojpeg.so.0:libturbojpeg0 ffmpeg:ffmpeg /usr/share/zoneinfo/Europe/Berlin:tzdata
)
test_packages=(
  chromium:chromium x11vnc:x11vnc websockify:websockify git:git Xtightvnc:tightvncserver /usr/share/fonts/X11/misc/fonts.dir:xfonts-base qemu-system-x86_64:qemu-system-x86 xclip:xclip clamd:clamav-daemon
)
font_package=fonts-dejavu-core

have() { # A program, a file or a library. PostgreSQL's server programs are not on the PATH in Debian.
  case $1 in
    postgres) compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || [ -n "${STREAMSPACE_POSTGRES_BIN:-}" ] ;;
    /*) [ -e "$1" ] ;;
    lib*.so.*) compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/usr/lib*/$1" >/dev/null ;;
    *) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ] ;;
  esac
}

need_tools() {
  local sdk node
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing." \
    "Debian 12:    https://learn.microsoft.com/dotnet/core/install/linux-debian" \
    "Ubuntu 24.04: sudo apt-get install dotnet-sdk-10.0   (elsewhere: https://dot.net/v1/dotnet-install.sh --channel 10.0)"
  sdk=$(cd "$root" && dotnet --version 2>/dev/null || true)
  case $sdk in
    10.*) ;;
    *) fail "The .NET 10 SDK is missing; this machine has: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ')." \
         "Get it: https://dot.net/v1/dotnet-install.sh --channel 10.0, or your distribution's dotnet-sdk-10.0." ;;
  esac
  command -v node >/dev/null && command -v npm >/dev/null || fail "Node.js 20.19 or newer (with npm) is missing." \
    "Get it: https://nodejs.org/en/download, or https://github.com/nodesource/distributions for Debian and Ubuntu."
  node=$(node -p 'const [a,b]=process.versions.node.split(".").map(Number); a>20||(a===20&&b>=19)')
  [ "$node" = true ] || fail "Node.js 20.19 or newer is needed; this machine has $(node --version)." "Get it: https://nodejs.org/en/download"
}

# need_packages <program:package>... installs what is missing after saying which; without apt or rights it lists them and stops.
need_packages() {
  local pair missing=() as=()
  for pair in "$@"; do
    if [ "$pair" = "$font_package" ]; then
      [ -n "$(fc-list 2>/dev/null | head -1)" ] || missing+=("$font_package")
    elif ! have "${pair%%:*}"; then
      missing+=("${pair#*:}")
    fi
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local install="apt-get install --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    fail "StreamSpace needs programs that this machine does not have." \
      "In Debian's words: ${missing[*]}" "Install your distribution's packages of the same programs, then start again."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      fail "StreamSpace needs packages that only an administrator can install." "As root: $install"
    elif [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
      fail "StreamSpace needs packages, and sudo would ask for a password that nobody can type here." "Run: sudo $install"
    fi
    as=(sudo)
  fi
  step "Installing with apt: ${missing[*]}"
  local log; log=$(mktemp)
  local apt=("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Options::=--force-confold --no-install-recommends install)
  "${as[@]}" apt-get -q update >"$log" 2>&1 || step "The package lists could not be refreshed; trying with those that are here."
  local clusters=/etc/postgresql-common/createcluster.d
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    # Only PostgreSQL's programs are wanted: the server runs its own cluster, so none must be made for the system.
    "${apt[@]}" postgresql-common >>"$log" 2>&1 || true
    "${as[@]}" sh -c "mkdir -p $clusters && echo 'create_main_cluster = false' >$clusters/streamspace.conf" || true
  fi
  if ! "${apt[@]}" "${missing[@]}" </dev/null >>"$log" 2>&1; then
    "${as[@]}" rm -f "$clusters/streamspace.conf"
    tail -n 20 "$log" >&2
    fail "apt could not install: ${missing[*]}" "The whole output: $log" "By hand: ${as[*]:+sudo }$install"
  fi
  "${as[@]}" rm -f "$clusters/streamspace.conf"
  rm -f "$log"
}

# The sandboxes' network needs this device. Debian opens it to everybody; a machine without udev has it closed to all but root.
need_tun() {
  [ -e /dev/net/tun ] && [ ! -w /dev/net/tun ] && [ "$(id -u)" -ne 0 ] || return 0
  if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    step "Opening /dev/net/tun to everybody, as Debian has it: sudo chmod 0666 /dev/net/tun"
    sudo chmod 0666 /dev/net/tun || true
  fi # Else the server says so, and which command helps.
}

# hash_of <path>... : one hash over the contents of source files.
hash_of() {
  (cd "$root" && find "$@" \( -name bin -o -name obj -o -name node_modules -o -name dist \) -prune -o -type f -print0 2>/dev/null \
    | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

# when_changed <name> <hash> <product> <command>... : runs the command unless it already made the product from these sources.
when_changed() {
  local name=$1 hash=$2 product=$3; shift 3
  local stamp=$root/out/stamps/$name
  [ -e "$product" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return 0
  mkdir -p "$root/out/stamps" "$root/out/logs" 2>/dev/null && [ -w "$root/out/stamps" ] || fail "$root/out cannot be written by $(id -un)." \
    "It was probably made by another user. Give it to yourself: sudo chown -R $(id -un) '$root/out' '$root/web'"
  local started=$SECONDS log=$root/out/logs/$name.log
  rm -f "$stamp"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    grep -E 'error|ERR!' "$log" | sort -u | head -n 15 >&2 || true
    fail "This step failed: $name." "The whole output: $log"
  fi
  printf '%s' "$hash" >"$stamp"
  step "$name ${dim}($((SECONDS - started)) s)${plain}"
}

npm_ci() { (cd "$root/web" && npm ci --no-progress --no-audit --no-fund --prefer-offline); }
axe_ci() { (cd "$root/tests/EndToEnd" && npm ci --no-progress --no-audit --no-fund --prefer-offline); }
vite_build() { (cd "$root/web" && npm run build); }
publish() { # Artifacts apart from the test's own build, which runs the analyzers; lock files are for the portable build.
  local arch=x64 common=(dotnet publish "src/$1" -c Release -o "$root/out/$2" -p:Fast=true -nodeReuse:false -v quiet)
  [ "$(uname -m)" != aarch64 ] || arch=arm64
  # Compiled ahead of time it starts, and launches its first sessions, in half the processor time.
  (cd "$root" && "${common[@]}" --artifacts-path "$root/out/build" -r "linux-$arch" --self-contained false -p:PublishReadyToRun=true -p:NuGetLockFilePath="$root/out/build/$1.lock.json") && return
  echo "Compiling ahead of time is not possible here; the server is built without it."
  (cd "$root" && "${common[@]}" --artifacts-path "$root/out/build-portable")
}

build_ui() (
  # A shell of its own, so that a failure here does not leave the server's build behind half done.
  when_changed "Packages of the web UI" "$(hash_of web/package.json web/package-lock.json)" "$root/web/node_modules" npm_ci
  when_changed "Web UI" "$(hash_of web)" "$root/web/dist/index.html" vite_build
)

build_server() {
  local roots=(src/Kernel src/Contracts src/Rfb src/Runtimes src/Workspaces src/Trust src/Server src/Client src/Cli Directory.Build.props Directory.Build.targets Directory.Packages.props global.json)
  local hash; hash=$(hash_of "${roots[@]}")
  when_changed "Server" "$hash" "$root/out/server/StreamSpace.Server" publish Server server
  when_changed "Command line" "$hash" "$root/out/cli/streamspace" publish Cli cli
  ln -sfn cli/streamspace "$root/out/streamspace"
}

build_all() { # Side by side: the one mostly waits for the network while the other computes.
  local first second=0
  build_server & first=$!
  build_ui || second=$?
  wait "$first" && [ "$second" = 0 ] || exit 1
}
