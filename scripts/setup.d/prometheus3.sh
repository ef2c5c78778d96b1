# shellcheck shell=bash
# The part prometheus3: Prometheus 3, of which Debian has none.
# Part of scripts/setup, which sources it.

setup_prometheus3() {
  local name=prometheus-$PROMETHEUS_3_VERSION module=github.com/prometheus/prometheus program
  for program in prometheus promtool; do
    if [ ! -x "$prefix/test/$name/$program" ]; then
      setup_go
      say "building $program $PROMETHEUS_3_VERSION"
      run_go install -ldflags '-s -w' "$module/cmd/$program@v$PROMETHEUS_3_VERSION"
      keep "$work/go-bin/$program" "$name"
    fi
    link "$program-3" "$prefix/test/$name/$program"
  done
}
