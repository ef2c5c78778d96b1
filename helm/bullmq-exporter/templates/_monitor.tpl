{{/* What a ServiceMonitor and a PodMonitor say about a scrape: include … (list .Values.serviceMonitor $) */}}
{{- define "bullmq-exporter.scrape" -}}
{{- $monitor := index . 0 -}}
port: metrics
path: /metrics
honorLabels: {{ $monitor.honorLabels }}
{{- range $key := list "interval" "scrapeTimeout" "scheme" }}
{{- with index $monitor $key }}
{{ $key }}: {{ . }}
{{- end }}
{{- end }}
{{- range $key := list "tlsConfig" "basicAuth" }}
{{- with index $monitor $key }}
{{ $key }}:
  {{- include "bullmq-exporter.tpl" (list . (index $ 1)) | nindent 2 }}
{{- end }}
{{- end }}
{{- range $key := list "relabelings" "metricRelabelings" }}
{{- with index $monitor $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Elsewhere the monitor has the release's namespace in its name: releases of several may have the same name. */}}
{{- define "bullmq-exporter.monitorMetadata" -}}
{{- $monitor := index . 0 -}}
{{- $root := index . 1 -}}
{{- $own := $root.Release.Namespace -}}
{{- $namespace := default $own (tpl $monitor.namespace $root) -}}
{{- $name := include "bullmq-exporter.fullname" $root -}}
name: {{ ternary $name (printf "%s-%s" $name $own) (eq $namespace $own) | quote }}
namespace: {{ $namespace | quote }}
labels:
  {{- include "bullmq-exporter.labelsWith" (list $monitor.labels $root) | nindent 2 }}
{{- with $monitor.annotations }}
annotations:
  {{- include "bullmq-exporter.tpl" (list . $root) | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "bullmq-exporter.monitorSelector" -}}
namespaceSelector:
  matchNames:
    - {{ .Release.Namespace | quote }}
selector:
  matchLabels:
    {{- include "bullmq-exporter.selectorLabels" . | nindent 4 }}
{{- end -}}
