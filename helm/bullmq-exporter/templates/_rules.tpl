{{/*
The rule groups of files/prometheus/source as YAML: thresholds put in, disabled alerts left out. Prometheus' own
template expressions stay as they are.
*/}}
{{- define "bullmq-exporter.ruleGroups" -}}
{{- $disabled := .Values.prometheusRule.disabled -}}
{{- $alerts := list -}}
{{- $groups := list -}}
{{- range list "recording" "alerts" -}}
{{- range (include "bullmq-exporter.rules" (list . $) | fromYaml).groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- with .alert -}}
{{- $alerts = append $alerts . -}}
{{- end -}}
{{- if not (and .alert (get $disabled .alert)) -}}
{{- $rules = append $rules . -}}
{{- end -}}
{{- end -}}
{{- if $rules -}}
{{- $groups = append $groups (set . "rules" $rules) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $alert, $_ := $disabled -}}
{{- if not (has $alert $alerts) -}}
{{- fail (printf "prometheusRule.disabled.%s: there is no such alert; there are %s" $alert (join ", " $alerts)) -}}
{{- end -}}
{{- end -}}
{{- with .Values.prometheusRule.additionalRules -}}
{{- $groups = append $groups (dict "name" "bullmq-additional" "rules" .) -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{/* A file of rules with its thresholds: include … (list "alerts" $) */}}
{{- define "bullmq-exporter.rules" -}}
{{- $name := index . 0 -}}
{{- $root := index . 1 -}}
{{- $text := include "bullmq-exporter.ruleFile" (list $name $root) -}}
{{- range $threshold, $value := include "bullmq-exporter.thresholds" $root | fromYaml -}}
{{- $text = $text | replace (printf "@%s@" $threshold) (include "bullmq-exporter.plainNumber" $value) -}}
{{- end -}}
{{- with regexFind "@[a-z0-9_]+@" $text -}}
{{- fail (printf "files/prometheus/source/%s.yaml names %s, which thresholds.yaml does not have" $name .) -}}
{{- end -}}
{{- with (fromYaml $text).Error -}}
{{- fail (printf "files/prometheus/source/%s.yaml is no YAML with these thresholds: %s" $name .) -}}
{{- end -}}
{{- $text -}}
{{- end -}}

{{- define "bullmq-exporter.ruleFile" -}}
{{- $path := printf "files/prometheus/source/%s.yaml" (index . 0) -}}
{{- $content := (index . 1).Files.Get $path -}}
{{- if not $content -}}
{{- fail (printf "the chart lacks %s: take the packaged chart, or the folder inside a checkout of the project" $path) -}}
{{- end -}}
{{- $content -}}
{{- end -}}

{{/* The thresholds' defaults with what the values say. */}}
{{- define "bullmq-exporter.thresholds" -}}
{{- $thresholds := include "bullmq-exporter.ruleFile" (list "thresholds" .) | fromYaml -}}
{{- range $name, $value := .Values.prometheusRule.thresholds -}}
{{- if eq $name "runbook_base_url" -}}
{{- fail "prometheusRule.thresholds.runbook_base_url: that is said in prometheusRule.runbookBaseUrl" -}}
{{- end -}}
{{- if not (hasKey $thresholds $name) -}}
{{- fail (printf "prometheusRule.thresholds.%s: there is no such threshold; there are %s" $name (join ", " (without (keys $thresholds | sortAlpha) "runbook_base_url"))) -}}
{{- end -}}
{{- $default := get $thresholds $name -}}
{{- if ne (kindIs "string" $value) (kindIs "string" $default) -}}
{{- fail (printf "prometheusRule.thresholds.%s: %v is no %s such as its default, %v" $name $value (ternary "text" "number" (kindIs "string" $default)) $default) -}}
{{- end -}}
{{- $_ := set $thresholds $name $value -}}
{{- end -}}
{{- with .Values.prometheusRule.runbookBaseUrl -}}
{{- $_ := set $thresholds "runbook_base_url" (tpl . $ | trimSuffix "/") -}}
{{- end -}}
{{- toYaml $thresholds -}}
{{- end -}}

{{/* A number out of YAML is a float, which would be printed as 1e+06. */}}
{{- define "bullmq-exporter.plainNumber" -}}
{{- if kindIs "string" . -}}{{ . }}{{- else -}}{{ toJson . }}{{- end -}}
{{- end -}}
