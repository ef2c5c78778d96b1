{{/* What a ServiceMonitor and a PodMonitor say about a scrape: include … (list .Values.serviceMonitor $) */}}
{{- define "bullmq-exporter.scrape" -}}
{{- $monitor := index . 0 -}}
{{- $root := index . 1 -}}
port: metrics
path: /metrics
honorLabels: {{ $monitor.honorLabels }}
{{- range $key := list "interval" "scrapeTimeout" "scheme" }}
{{- with index $monitor $key }}
{{ $key }}: {{ . }}
{{- end }}
{{- end }}
{{- range $key := list "tlsConfig" "basicAuth" "relabelings" "metricRelabelings" }}
{{- with index $monitor $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "bullmq-exporter.monitorMetadata" -}}
{{- $monitor := index . 0 -}}
{{- $root := index . 1 -}}
name: {{ include "bullmq-exporter.fullname" $root }}
namespace: {{ default $root.Release.Namespace (tpl $monitor.namespace $root) | quote }}
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
