# shellcheck shell=bash
# The part chart: Helm 3 and kubeconform.
# Part of scripts/setup, which sources it.

# setup_helm MAJOR VERSION: as its own makefile builds it; Helm 3 has to be told its version of Kubernetes.
setup_helm() {
  local major=$1 version=$2 module=helm.sh/helm/v$1 requirements minor
  if [ ! -x "$prefix/test/helm-$version/helm" ]; then
    setup_go
    say "building Helm $version"
    requirements=$(module_file "$module@v$version" GoMod)
    minor=$(sed -n 's,^\tk8s.io/client-go v0\.\([0-9]*\)\..*,\1,p' "$requirements")
    run_go install -ldflags "-s -w -X $module/pkg/chartutil.k8sVersionMajor=1 -X $module/pkg/chartutil.k8sVersionMinor=$minor" \
      "$module/cmd/helm@v$version"
    keep "$work/go-bin/helm" "helm-$version"
  fi
  link "helm-$major" "$prefix/test/helm-$version/helm"
}

setup_kubeconform() {
  local name=kubeconform-$KUBECONFORM_VERSION schemas operator source
  if [ ! -x "$prefix/test/$name/kubeconform" ]; then
    setup_go
    say "building kubeconform $KUBECONFORM_VERSION"
    run_go install -ldflags '-s -w' "github.com/yannh/kubeconform/cmd/kubeconform@v$KUBECONFORM_VERSION"
    keep "$work/go-bin/kubeconform" "$name"
  fi
  link kubeconform "$prefix/test/$name/kubeconform"

  schemas=kubernetes-schemas-$(printf '%s' "$KUBERNETES_VALIDATE_VERSION $KUBERNETES_SCHEMAS $PROMETHEUS_OPERATOR_VERSION" |
    cat - "$root/tests/chart/schemas.py" | sha256sum | cut -c1-12)
  if [ ! -d "$prefix/test/$schemas" ]; then
    setup_go
    say "schemas of Kubernetes $KUBERNETES_SCHEMAS and of the Prometheus operator $PROMETHEUS_OPERATOR_VERSION"
    "$prefix/test/bin/python3" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
      --dest "$work/schemas" "kubernetes-validate==$KUBERNETES_VALIDATE_VERSION"
    operator=$(module_file "github.com/prometheus-operator/prometheus-operator@v$PROMETHEUS_OPERATOR_VERSION" Dir)
    source=$(module_file "github.com/yannh/kubeconform@v$KUBECONFORM_VERSION" Dir)
    # shellcheck disable=SC2086  # a list
    "$prefix/test/bin/python3" "$root/tests/chart/schemas.py" "$work"/schemas/*.whl "$operator/example/prometheus-operator-crd" \
      "$source/scripts/openapi2jsonschema.py" "$work/schemas/made" $KUBERNETES_SCHEMAS
    keep_folder "$work/schemas/made" "$schemas"
  fi
  link kubernetes-schemas "$prefix/test/$schemas"
}

setup_chart() {
  setup_helm 3 "$HELM_3_VERSION"
  setup_kubeconform
}
