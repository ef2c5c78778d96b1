{{- define "bullmq-exporter.name" -}}
{{- default .Chart.Name (tpl .Values.nameOverride .) | trunc 56 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 56 characters: what is named after it adds up to 7 to a limit of 63. */}}
{{- define "bullmq-exporter.fullname" -}}
{{- $name := include "bullmq-exporter.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- tpl .Values.fullnameOverride . | trunc 56 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 56 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 56 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "bullmq-exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "bullmq-exporter.fullname" .) (tpl .Values.serviceAccount.name .) -}}
{{- else -}}
{{- default "default" (tpl .Values.serviceAccount.name .) -}}
{{- end -}}
{{- end -}}

{{- define "bullmq-exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "bullmq-exporter.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* Of every object. `merge` lets what stands first win, so that no label of one's own can break a selector. */}}
{{- define "bullmq-exporter.labels" -}}
{{- $own := include "bullmq-exporter.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .Release.Service -}}
{{- $_ := set $own "app.kubernetes.io/version" (.Chart.AppVersion | replace "+" "_") -}}
{{- $_ := set $own "app.kubernetes.io/component" "metrics" -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- toYaml (merge $own (include "bullmq-exporter.tpl" (list .Values.commonLabels .) | fromYaml)) -}}
{{- end -}}

{{/* Of the pod: without versions, so that a new chart alone starts no new pod. */}}
{{- define "bullmq-exporter.podLabels" -}}
{{- $own := include "bullmq-exporter.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/component" "metrics" -}}
{{- range list .Values.podLabels .Values.commonLabels -}}
{{- $own = merge $own (include "bullmq-exporter.tpl" (list . $) | fromYaml) -}}
{{- end -}}
{{- toYaml $own -}}
{{- end -}}

{{/* The labels of the object and LABELS: include … (list LABELS $) */}}
{{- define "bullmq-exporter.labelsWith" -}}
{{- $labels := index . 0 -}}
{{- $root := index . 1 -}}
{{- $own := include "bullmq-exporter.labels" $root | fromYaml -}}
{{- toYaml (merge $own (include "bullmq-exporter.tpl" (list $labels $root) | fromYaml)) -}}
{{- end -}}

{{/* A value as YAML with its template expressions evaluated: include … (list VALUE $) */}}
{{- define "bullmq-exporter.tpl" -}}
{{- $value := index . 0 -}}
{{- tpl (ternary $value (toYaml $value) (kindIs "string" $value)) (index . 1) -}}
{{- end -}}

{{- define "bullmq-exporter.image" -}}
{{- $repository := tpl .Values.image.repository . -}}
{{- if not $repository -}}
{{- fail "image.repository is empty: there is no public image yet, so say where yours is (image.registry, image.repository, image.tag)" -}}
{{- end -}}
{{- $registry := default (tpl .Values.image.registry .) .Values.global.imageRegistry -}}
{{- $name := ternary (printf "%s/%s" $registry $repository) $repository (ne $registry "") -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $name .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion (tpl .Values.image.tag .)) -}}
{{- end -}}
{{- end -}}

{{/* Names, or objects with a name, of `global.imagePullSecrets` and `image.pullSecrets`; empty for none. */}}
{{- define "bullmq-exporter.pullSecrets" -}}
{{- $secrets := list -}}
{{- range concat .Values.global.imagePullSecrets .Values.image.pullSecrets -}}
{{- $name := . -}}
{{- if kindIs "map" . -}}
{{- $name = .name -}}
{{- end -}}
{{- $secrets = append $secrets (dict "name" (tpl $name $)) -}}
{{- end -}}
{{- if $secrets -}}
{{- uniq $secrets | toYaml -}}
{{- end -}}
{{- end -}}
