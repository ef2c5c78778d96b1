{{/* The ports of all Redis servers as YAML: those of the configuration's addresses and of networkPolicy.redisPorts. */}}
{{- define "bullmq-exporter.redisPorts" -}}
{{- $ports := list -}}
{{- range default list .config.redis -}}
{{- $addr := .addr -}}
{{- if not (regexMatch "(?i)^unix:" $addr) -}}
{{- $authority := regexReplaceAll "^[a-zA-Z]+://([^/]*@)?([^/]*).*$" $addr "${2}" -}}
{{- $ports = append $ports (regexFind ":[0-9]+$" $authority | trimPrefix ":" | default "6379" | int) -}}
{{- end -}}
{{- end -}}
{{- range .root.Values.networkPolicy.redisPorts -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- if and (not $ports) (not .config.redis) -}}
{{- fail "networkPolicy.redisPorts is empty, and the address of Redis comes from the environment: say its port here" -}}
{{- end -}}
{{- $ports | uniq | toYaml -}}
{{- end -}}

{{/* Of the pod of `helm test`: not the exporter's, whose Service must not find it. */}}
{{- define "bullmq-exporter.testLabels" -}}
app.kubernetes.io/name: {{ printf "%s-test" (include "bullmq-exporter.name" .) | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}
