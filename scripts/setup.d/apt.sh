# shellcheck shell=bash
# Debian's packages, of this release and of others.
# Part of scripts/setup, which sources it.

apt_is_fresh=no
refresh_apt() {
  if [ "$apt_is_fresh" = no ]; then
    say "apt-get update"
    as_root apt-get update -qq -o DPkg::Lock::Timeout=300
    apt_is_fresh=yes
  fi
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The version that apt would install, empty where there is none.
candidate() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | grep -vx '(none)' || true
}

# Debian's packages of servers start them and have them started at each boot. A policy forbids the first while apt runs, and is taken
# away again, also one that an interrupted run has left; the units of packages that are new are switched off.
policy=/usr/sbin/policy-rc.d
policy_mark='# placed by scripts/setup of bullmq_exporter'
forbid_services() {
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}
allow_services() {
  if grep -qsxF "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
}

# apt_install PACKAGE...: installs those that are missing.
apt_install() {
  local package missing=()
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ "${#missing[@]}" -gt 0 ] || return 0
  refresh_apt
  say "installing ${missing[*]}"
  forbid_services
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
    -o DPkg::Lock::Timeout=300 "${missing[@]}" >"$work/apt.log" 2>&1 ||
    { tail -n 30 "$work/apt.log" >&2; fail "apt-get could not install ${missing[*]}"; }
  for package in "${missing[@]}"; do
    case $package in
      redis-server | valkey-server | prometheus) as_root update-rc.d "$package" disable >/dev/null 2>&1 || true ;;
    esac
  done
  allow_services
}

# The main archive of this machine, as apt understands its own lists in either format: "URI LIST:NUMBER".
main_archive() {
  # shellcheck disable=SC2016  # these are apt's names, not the shell's
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI) $(SOURCESENTRY)' 'Created-By: Packages' |
    awk -v suite="$suite" '$1 == suite && $2 == "main" { print $3, $4; exit }'
}

# The Signed-By of entry NUMBER of LIST, which apt does not tell: a line of a one-line list, a paragraph of a deb822 one.
signed_by() {
  local list=${1%:*} number=${1##*:}
  case $list in
    *.sources) awk -v RS= -v n="$number" 'NR == n' "$list" | sed -n 's/^[Ss]igned-[Bb]y:[[:space:]]*//p' ;;
    *) sed -n "${number}p" "$list" | sed -n 's/.*signed-by=\([^] ]*\).*/\1/p' ;;
  esac
}

# own_apt SUITE TYPE: apt_options for packages (deb) or sources (deb-src) of another suite. Lists and caches are our own, so that the
# machine never learns of it.
own_apt() {
  local wanted=$1 type=$2 uri entry key apt=$work/apt-$1
  apt_options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/sources" -o Dir::State::lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o APT::Get::List-Cleanup=0)
  if [ ! -d "$apt" ]; then
    read -r uri entry < <(main_archive) || fail "apt knows no archive of Debian $suite to take $wanted from"
    key=$(signed_by "$entry")
    mkdir -p "$apt"/{sources,lists/partial,cache/archives/partial}
    # The key of the machine's list may be that of this release alone, or of a mirror of one's own: either signs.
    case $key in *.gpg) ;; *) key= ;; esac
    cat /usr/share/keyrings/debian-archive-keyring.gpg ${key:+"$key"} >"$apt/keyring.gpg"
    printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
      "$type" "$uri" "$wanted" "$apt/keyring.gpg" >"$apt/sources/other.sources"
    [ "$EUID" -ne 0 ] || chown -R _apt "$apt/lists" 2>/dev/null || true
    apt-get "${apt_options[@]}" update -qq
  fi
}

# fetch_source PACKAGE VERSION: unpacks Debian's source package of NEXT_SUITE into $work/PACKAGE.
fetch_source() {
  local package=$1 version=$2
  own_apt "$NEXT_SUITE" deb-src
  mkdir -p "$work/$package"
  (cd "$work/$package" && apt-get "${apt_options[@]}" source -qq "$package" >"$work/source.log" 2>&1) ||
    { cat "$work/source.log" >&2; fail "apt-get could not fetch the source of $package from $NEXT_SUITE"; }
  source_folder=$(find "$work/$package" -mindepth 1 -maxdepth 1 -type d -name "$package-*")
  [ "$source_folder" = "$work/$package/$package-$version" ] ||
    fail "$NEXT_SUITE has ${source_folder##*/}, not $package-$version: adapt scripts/versions.env"
}
