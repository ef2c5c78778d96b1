# shellcheck shell=bash
# The part package: what the tests of packages and images need.
# Part of scripts/setup, which sources it.

# setup_root SUITE: a minimal system of a release as a tar, without documentation, as Debian's slim images are.
setup_root() {
  local tar=$prefix/test/debian-$1-slim.tar uri
  [ ! -e "$tar" ] || return 0
  read -r uri _ < <(main_archive) || fail "apt knows no archive of Debian $suite"
  say "a minimal Debian $1 into $tar"
  as_root mmdebstrap --quiet --variant=minbase --components=main --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$1" "$work/root.tar" "$uri" >"$work/root.log" 2>&1 || { tail -n 20 "$work/root.log" >&2; fail "mmdebstrap cannot make a Debian $1"; }
  as_root mv "$work/root.tar" "$tar"
}

setup_package() {
  apt_install dpkg-dev file lintian systemd strace mandoc man-db zsh bash buildah netavark mmdebstrap docker-compose
  setup_root "$suite"
  setup_root "$IMAGE_SUITE"
}
