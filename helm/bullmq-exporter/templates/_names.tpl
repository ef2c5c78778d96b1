{{- define "bullmq-exporter.name" -}}
{{- $name := default .Chart.Name (tpl .Values.nameOverride .) | trunc 56 | trimAll "-._" -}}
{{- if not (regexMatch "^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$" $name) -}}
{{- fail (printf "nameOverride: %q is no value that a label may have" $name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* At most 56 characters: what is named after it adds up to 7 to a limit of 63. A Service's name has no dots. */}}
{{- define "bullmq-exporter.fullname" -}}
{{- $name := include "bullmq-exporter.name" . -}}
{{- $fullname := printf "%s-%s" .Release.Name $name -}}
{{- if .Values.fullnameOverride -}}
{{- $fullname = tpl .Values.fullnameOverride . -}}
{{- else if contains $name .Release.Name -}}
{{- $fullname = .Release.Name -}}
{{- end -}}
{{- $fullname = $fullname | replace "." "-" | trunc 56 | trimAll "-" -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" $fullname) -}}
{{- fail (printf "%q is no name of a Service, which begins with a letter and has a-z, 0-9 and - alone: set fullnameOverride" $fullname) -}}
{{- end -}}
{{- $fullname -}}
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
{{- include "bullmq-exporter.labelsWith" (list dict .) -}}
{{- end -}}

{{/* The labels of the object and LABELS: include … (list LABELS $) */}}
{{- define "bullmq-exporter.labelsWith" -}}
{{- $root := index . 1 -}}
{{- $own := include "bullmq-exporter.selectorLabels" $root | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $_ := set $own "app.kubernetes.io/version" ($root.Chart.AppVersion | replace "+" "_") -}}
{{- $_ := set $own "app.kubernetes.io/component" "metrics" -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- range list $root.Values.commonLabels (index . 0) -}}
{{- $own = merge $own (include "bullmq-exporter.tpl" (list . $root) | fromYaml) -}}
{{- end -}}
{{- toYaml $own -}}
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

{{/*
A value with the template expressions in its texts evaluated, and without its nulls, as JSON: {"value": …}. One text at a
time, so that what an expression gives remains a text (`tpl` is slow): include … (list VALUE $) | fromJson
*/}}
{{- define "bullmq-exporter.evaluated" -}}
{{- $value := index . 0 -}}
{{- $root := index . 1 -}}
{{- $result := $value -}}
{{- if kindIs "string" $value -}}
{{- if contains "{{" $value -}}
{{- $result = tpl $value $root -}}
{{- end -}}
{{- else if kindIs "map" $value -}}
{{- $result = dict -}}
{{- range $key, $inner := $value -}}
{{- if not (kindIs "invalid" $inner) -}}
{{- $_ := set $result (include "bullmq-exporter.evaluated" (list $key $root) | fromJson).value (include "bullmq-exporter.evaluated" (list $inner $root) | fromJson).value -}}
{{- end -}}
{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- $result = list -}}
{{- range $value -}}
{{- $result = append $result (include "bullmq-exporter.evaluated" (list . $root) | fromJson).value -}}
{{- end -}}
{{- end -}}
{{- dict "value" $result | toJson -}}
{{- end -}}

{{/* The same as YAML: include … (list VALUE $) */}}
{{- define "bullmq-exporter.tpl" -}}
{{- (include "bullmq-exporter.evaluated" . | fromJson).value | toYaml -}}
{{- end -}}

{{- define "bullmq-exporter.image" -}}
{{- $repository := tpl .Values.image.repository . -}}
{{- if not $repository -}}
{{- fail "image.repository is empty: there is no public image yet, so say where yours is (image.registry, image.repository, image.tag)" -}}
{{- end -}}
{{- $registry := tpl (default .Values.image.registry .Values.global.imageRegistry) . -}}
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
{{- range list .Values.global.imagePullSecrets .Values.image.pullSecrets -}}
{{- range . -}}
{{- $name := . -}}
{{- if kindIs "map" . -}}
{{- $name = .name -}}
{{- end -}}
{{- $secrets = append $secrets (dict "name" (tpl $name $)) -}}
{{- end -}}
{{- end -}}
{{- if $secrets -}}
{{- uniq $secrets | toYaml -}}
{{- end -}}
{{- end -}}
