# shellcheck shell=bash
# The part kube: what the tests on a real kube-apiserver need.
# Part of scripts/setup, which sources it.

# setup_kube_module FOLDER MODULE PACKAGE…: builds packages of MODULE with the go.mod in tests/kube/FOLDER.
setup_kube_module() {
  local folder=$1 module=$2 source=$root/tests/kube/$1 name version package program flags
  shift 2
  name=kube-$folder-$(cat "$source"/go.mod "$source"/go.sum | sha256sum | cut -c1-12)
  version=$(sed -n "s|^\(require \)\{0,1\}\t*$module v\([0-9.]*\)\( // indirect\)\{0,1\}$|\2|p" "$source/go.mod")
  [ -n "$version" ] || fail "$source/go.mod does not require $module"
  flags='-s -w'
  [ "$folder" != server ] || flags+=" -X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=1 \
-X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$version")"
  for package in "$@"; do
    program=${package##*/}
    [ "$program" != . ] || program=$folder
    if [ ! -x "$prefix/test/$name/$program" ]; then
      setup_go
      say "building $program $version"
      (cd "$source" && run_go build -mod=readonly -ldflags "$flags" -o "$work/go-bin/$program" "$package")
      keep "$work/go-bin/$program" "$name"
    fi
    link "$program" "$prefix/test/$name/$program"
  done
}

setup_kube() {
  local crds=prometheus-operator-crds-$PROMETHEUS_OPERATOR_VERSION operator
  setup_helm 4 "$HELM_4_VERSION"
  setup_kube_module etcd go.etcd.io/etcd/server/v3 .
  setup_kube_module server k8s.io/kubernetes k8s.io/kubernetes/cmd/kubectl k8s.io/kubernetes/cmd/kube-apiserver
  if [ ! -d "$prefix/test/$crds" ]; then
    setup_go
    operator=$(module_file "github.com/prometheus-operator/prometheus-operator@v$PROMETHEUS_OPERATOR_VERSION" Dir)
    keep_folder "$operator/example/prometheus-operator-crd" "$crds"
  fi
  link prometheus-operator-crds "$prefix/test/$crds"
}
