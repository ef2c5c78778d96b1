{{/* What the exporter's pod has in common with that of `helm test`. */}}
{{- define "bullmq-exporter.podSpec" -}}
{{- with include "bullmq-exporter.pullSecrets" . -}}
imagePullSecrets:
  {{- . | nindent 2 }}
{{ end -}}
serviceAccountName: {{ include "bullmq-exporter.serviceAccountName" . | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- $context := .Values.podSecurityContext }}
{{- if .Values.openshift }}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" }}
{{- end }}
{{- with $context }}
securityContext:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ tpl . $ | quote }}
{{- end }}
{{- with .Values.dnsPolicy }}
dnsPolicy: {{ . }}
{{- end }}
{{- range $key := list "dnsConfig" "hostAliases" "nodeSelector" "affinity" "tolerations" }}
{{- with index $.Values $key }}
{{ $key }}:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the exporter's container has in common with that of `helm test`. */}}
{{- define "bullmq-exporter.containerSpec" -}}
image: {{ include "bullmq-exporter.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- range $key := list "resources" "securityContext" }}
{{- with index $.Values $key }}
{{ $key }}:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* One probe: include … (list .Values.livenessProbe "/-/healthy") */}}
{{- define "bullmq-exporter.probe" -}}
httpGet:
  path: {{ index . 1 }}
  port: metrics
{{ omit (index . 0) "enabled" | toYaml }}
{{- end -}}

{{/* Keys of a Secret as files of a folder. It has to be there: a pod that waits says in its events what is missing. */}}
{{- define "bullmq-exporter.secretVolume" -}}
- name: {{ .name }}
  secret:
    secretName: {{ .secret | quote }}
    # Owner and fsGroup alone.
    defaultMode: 0440
    items:
      {{- range $file, $key := .items }}
      {{- if $key }}
      - key: {{ $key | quote }}
        path: {{ $file }}
      {{- end }}
      {{- end }}
{{- end -}}

{{- define "bullmq-exporter.volumes" -}}
- name: config
  configMap:
    name: {{ include "bullmq-exporter.fullname" . | quote }}
{{- with .Values.redis.auth }}
{{- if .existingSecret }}
{{ include "bullmq-exporter.secretVolume" (dict "name" "redis-auth" "secret" (tpl .existingSecret $)
  "items" (dict "username" .usernameKey "password" .passwordKey)) }}
{{- end }}
{{- end }}
{{- with .Values.redis.tls }}
{{- if .existingSecret }}
{{ include "bullmq-exporter.secretVolume" (dict "name" "redis-tls" "secret" (tpl .existingSecret $)
  "items" (dict "ca.pem" .caKey "cert.pem" .certKey "key.pem" .keyKey)) }}
{{- end }}
{{- end }}
{{- with .Values.api }}
{{- if and .enabled .existingSecret }}
{{ include "bullmq-exporter.secretVolume" (dict "name" "api" "secret" (tpl .existingSecret $)
  "items" (dict "keys.yaml" .keysKey "jwt" .jwtSecretKey)) }}
{{- end }}
{{- end }}
{{- range .Values.extraVolumes }}
{{- if has .name (list "config" "redis-auth" "redis-tls" "api") }}
{{- fail (printf "extraVolumes: a volume of the chart's own is called %s" .name) }}
{{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ include "bullmq-exporter.tpl" (list . $) }}
{{- end }}
{{- end -}}

{{- define "bullmq-exporter.volumeMounts" -}}
- name: config
  mountPath: /etc/bullmq_exporter
  readOnly: true
{{- if .Values.redis.auth.existingSecret }}
- name: redis-auth
  mountPath: /run/secrets/bullmq_exporter/redis-auth
  readOnly: true
{{- end }}
{{- if .Values.redis.tls.existingSecret }}
- name: redis-tls
  mountPath: /run/secrets/bullmq_exporter/redis-tls
  readOnly: true
{{- end }}
{{- if and .Values.api.enabled .Values.api.existingSecret }}
- name: api
  mountPath: /run/secrets/bullmq_exporter/api
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ include "bullmq-exporter.tpl" (list . $) }}
{{- end }}
{{- end -}}

{{- define "bullmq-exporter.container" -}}
{{- $config := include "bullmq-exporter.config" . | fromYaml -}}
name: exporter
{{ include "bullmq-exporter.containerSpec" . }}
args:
  - --config.file=/etc/bullmq_exporter/exporter.yaml
  {{- with .Values.extraArgs }}
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
  {{- end }}
{{- range $key, $value := dict "env" .Values.extraEnv "envFrom" .Values.extraEnvFrom "lifecycle" .Values.lifecycle }}
{{- with $value }}
{{ $key }}:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
{{- end }}
ports:
  - name: metrics
    containerPort: {{ include "bullmq-exporter.port" (list $config "web") }}
  {{- if .Values.api.enabled }}
  - name: api
    containerPort: {{ include "bullmq-exporter.port" (list $config "api") }}
  {{- end }}
{{- if .Values.startupProbe.enabled }}
startupProbe:
  {{- include "bullmq-exporter.probe" (list .Values.startupProbe "/-/healthy") | nindent 2 }}
{{- end }}
{{- if .Values.livenessProbe.enabled }}
livenessProbe:
  {{- include "bullmq-exporter.probe" (list .Values.livenessProbe "/-/healthy") | nindent 2 }}
{{- end }}
{{- if .Values.readinessProbe.enabled }}
readinessProbe:
  {{- include "bullmq-exporter.probe" (list .Values.readinessProbe "/-/ready") | nindent 2 }}
{{- end }}
volumeMounts:
  {{- include "bullmq-exporter.volumeMounts" . | nindent 2 }}
{{- end -}}
