# shellcheck shell=bash
# Programs that are built from Go modules.
# Part of scripts/setup, which sources it.

# A Go that can fetch newer ones: the machine's own, Debian's, or (Debian 12) that of the backports, unpacked for this run.
setup_go() {
  [ -z "${go:-}" ] || return 0
  local version available
  go=$(command -v go) && version=$("$go" env GOVERSION) && version=${version#go} &&
    dpkg --compare-versions "${version%% *}" ge "$GO_OLDEST" && return
  refresh_apt
  available=$(candidate golang-go)
  if dpkg --compare-versions "${available#*:}" ge "$GO_OLDEST"; then
    apt_install golang-go
    go=/usr/bin/go
  else
    fetch_backported_go
  fi
}

fetch_backported_go() {
  local package root=$work/go-root
  say "Go of Debian $suite-backports"
  own_apt "$suite-backports" deb
  package=$(apt-cache "${apt_options[@]}" depends golang-go | sed -n 's/^ *Depends: \(golang-[0-9.]*-go\)$/\1/p')
  [ -n "$package" ] || fail "$suite-backports has no Go"
  mkdir -p "$root"
  (cd "$root" && apt-get "${apt_options[@]}" download -qq "$package" "${package%-go}-src" >"$work/source.log" 2>&1) ||
    { cat "$work/source.log" >&2; fail "apt-get could not fetch $package from $suite-backports"; }
  for package in "$root"/*.deb; do dpkg-deb -x "$package" "$root"; done
  go=$(find "$root/usr/lib" -path '*/bin/go')
}

# Nothing but what is built is kept, and nothing of the caller's settings counts but where modules come from.
run_go() {
  env GOPATH="$work/go" GOCACHE="$work/go-cache" GOBIN="$work/go-bin" GOENV=off GOWORK=off GOTOOLCHAIN=auto \
    GOFLAGS='-buildvcs=false -modcacherw -trimpath' CGO_ENABLED=0 "$go" "$@" 2>"$work/go.log" ||
    { tail -n 30 "$work/go.log" >&2; fail "go $1 has failed"; }
}

# module_file MODULE@VERSION KEY: what `go mod download` says of a module: its folder, Dir, or its go.mod, GoMod.
module_file() { (cd "$work" && run_go mod download -json "$1") | sed -n "s/^\t\"$2\": \"\(.*\)\",\{0,1\}$/\1/p"; }

# keep PROGRAM FOLDER: what was built comes into the folder below the prefix's, whole or not at all.
keep() {
  as_root install -d "$prefix/test/$2"
  as_root install -m 755 "$1" "$prefix/test/$2/${1##*/}.new"
  as_root mv "$prefix/test/$2/${1##*/}.new" "$prefix/test/$2/${1##*/}"
}

# keep_folder SOURCE FOLDER: likewise a whole folder.
keep_folder() {
  as_root rm -rf "$prefix/test/$2.new"
  as_root cp -r "$1" "$prefix/test/$2.new"
  as_root mv "$prefix/test/$2.new" "$prefix/test/$2"
}
