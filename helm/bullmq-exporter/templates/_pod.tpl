{{/* One probe: include … (dict "probe" .Values.livenessProbe "path" "/-/healthy") */}}
{{- define "bullmq-exporter.probe" -}}
httpGet:
  path: {{ .path }}
  port: metrics
{{ omit .probe "enabled" | toYaml }}
{{- end -}}

{{/* Keys of a Secret as files of a folder. It has to be there: a pod that waits says in its events what is missing. */}}
{{- define "bullmq-exporter.secretVolume" -}}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    # Owner and fsGroup alone.
    defaultMode: 0440
    items:
      {{- range $file, $key := .items }}
      {{- if $key }}
      - key: {{ $key }}
        path: {{ $file }}
      {{- end }}
      {{- end }}
{{- end -}}

{{- define "bullmq-exporter.volumes" -}}
- name: config
  configMap:
    name: {{ include "bullmq-exporter.fullname" . }}
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
image: {{ include "bullmq-exporter.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args:
  - --config.file=/etc/bullmq_exporter/exporter.yaml
  {{- with .Values.extraArgs }}
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
  {{- end }}
{{- with .Values.extraEnv }}
env:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
{{- with .Values.extraEnvFrom }}
envFrom:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
ports:
  - name: metrics
    containerPort: {{ include "bullmq-exporter.port" (dict "config" $config "section" "web" "default" "9538") }}
  {{- if .Values.api.enabled }}
  - name: api
    containerPort: {{ include "bullmq-exporter.port" (dict "config" $config "section" "api" "default" "9539") }}
  {{- end }}
{{- if .Values.startupProbe.enabled }}
startupProbe:
  {{- include "bullmq-exporter.probe" (dict "probe" .Values.startupProbe "path" "/-/healthy") | nindent 2 }}
{{- end }}
{{- if .Values.livenessProbe.enabled }}
livenessProbe:
  {{- include "bullmq-exporter.probe" (dict "probe" .Values.livenessProbe "path" "/-/healthy") | nindent 2 }}
{{- end }}
{{- if .Values.readinessProbe.enabled }}
readinessProbe:
  {{- include "bullmq-exporter.probe" (dict "probe" .Values.readinessProbe "path" "/-/ready") | nindent 2 }}
{{- end }}
{{- with .Values.lifecycle }}
lifecycle:
  {{- include "bullmq-exporter.tpl" (list . $) | nindent 2 }}
{{- end }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  {{- include "bullmq-exporter.volumeMounts" . | nindent 2 }}
{{- end -}}
