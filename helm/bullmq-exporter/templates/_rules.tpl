{{/*
The rule groups of files/prometheus/source as YAML: thresholds put in, disabled alerts left out. Prometheus' own
template expressions stay as they are.
*/}}
{{- define "bullmq-exporter.ruleGroups" -}}
{{- $disabled := .Values.prometheusRule.disabled -}}
{{- $alerts := list -}}
{{- $groups := list -}}
{{- range list "recording" "alerts" -}}
{{- range (include "bullmq-exporter.rules" (list . $) | fromJson).groups -}}
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

{{/* A file of rules with its thresholds as JSON: include … (list "alerts" $) */}}
{{- define "bullmq-exporter.rules" -}}
{{- $name := index . 0 -}}
{{- $text := include "bullmq-exporter.ruleFile" . | fromYaml | toJson -}}
{{- range $threshold, $value := include "bullmq-exporter.thresholds" (index . 1) | fromYaml -}}
{{- $text = $text | replace (printf "@%s@" $threshold) (toJson $value | trimPrefix "\"" | trimSuffix "\"") -}}
{{- end -}}
{{- with regexFind "@[a-z0-9_]+@" $text -}}
{{- fail (printf "files/prometheus/source/%s.yaml names %s, which thresholds.yaml does not have" $name .) -}}
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

{{/* The thresholds' defaults with what the values say. `failures_window` has to be the exporter's. */}}
{{- define "bullmq-exporter.thresholds" -}}
{{- $thresholds := include "bullmq-exporter.ruleFile" (list "thresholds" .) | fromYaml -}}
{{- with (default dict (default dict .Values.config).failures).window -}}
{{- $_ := set $thresholds "failures_window" (tpl . $) -}}
{{- end -}}
{{- range $name, $value := .Values.prometheusRule.thresholds -}}
{{- if eq $name "runbook_base_url" -}}
{{- fail "prometheusRule.thresholds.runbook_base_url: that is said in prometheusRule.runbookBaseUrl" -}}
{{- end -}}
{{- if not (hasKey $thresholds $name) -}}
{{- fail (printf "prometheusRule.thresholds.%s: there is no such threshold; there are %s" $name (join ", " (without (keys $thresholds | sortAlpha) "runbook_base_url"))) -}}
{{- end -}}
{{- include "bullmq-exporter.checkThreshold" (list $name $value (get $thresholds $name)) -}}
{{- $_ := set $thresholds $name $value -}}
{{- end -}}
{{- with .Values.prometheusRule.runbookBaseUrl -}}
{{- $_ := set $thresholds "runbook_base_url" (tpl . $ | trimSuffix "/") -}}
{{- end -}}
{{- toYaml $thresholds -}}
{{- end -}}

{{/* A number may be a text, too: `--set` makes one of every decimal. include … (list NAME VALUE DEFAULT) */}}
{{- define "bullmq-exporter.checkThreshold" -}}
{{- $name := index . 0 -}}
{{- $value := index . 1 -}}
{{- $default := index . 2 -}}
{{- $wanted := "" -}}
{{- if not (kindIs "string" $default) -}}
{{- if not (regexMatch "^-?[0-9]+([.][0-9]+)?(e-?[0-9]+)?$" (toJson $value | trimAll "\"")) -}}
{{- $wanted = "number" -}}
{{- end -}}
{{- else if not (kindIs "string" $value) -}}
{{- $wanted = "text" -}}
{{- else if regexMatch "_(for|window|margin|grace)$" $name -}}
{{- if or (not $value) (not (regexMatch "^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$" $value)) -}}
{{- $wanted = "duration" -}}
{{- end -}}
{{- else if hasSuffix "_labels" $name -}}
{{- if not (regexMatch "^[a-zA-Z_][a-zA-Z0-9_]*(, *[a-zA-Z_][a-zA-Z0-9_]*)*$" $value) -}}
{{- $wanted = "list of labels" -}}
{{- end -}}
{{- else if contains "`" $value -}}
{{- $wanted = "regular expression without `" -}}
{{- end -}}
{{- if $wanted -}}
{{- fail (printf "prometheusRule.thresholds.%s: %v is no %s such as its default, %v" $name $value $wanted $default) -}}
{{- end -}}
{{- end -}}
