{{/*
The configuration file: `config` with what `redis` and `api` say. What cannot work is refused here with the key
that is to be changed; the exporter checks the rest when it starts.
*/}}
{{- define "bullmq-exporter.config" -}}
{{- $config := (include "bullmq-exporter.evaluated" (list .Values.config .) | fromJson).value | default dict -}}
{{- $redis := (include "bullmq-exporter.evaluated" (list .Values.redis .) | fromJson).value -}}
{{- $given := dict "config" $config "redis" $redis "settings" (include "bullmq-exporter.settings" . | fromJson) "root" . -}}
{{- include "bullmq-exporter.checkAddresses" $given -}}
{{- include "bullmq-exporter.checkSettings" $given -}}
{{- include "bullmq-exporter.checkRedis" $given -}}
{{- include "bullmq-exporter.checkApi" $given -}}
{{- if $redis.addr -}}
{{- $_ := set $config "redis" (list (include "bullmq-exporter.redis" $redis | fromYaml)) -}}
{{- end -}}
{{- if .Values.api.enabled -}}
{{- $_ := set $config "api" (merge (include "bullmq-exporter.apiFiles" . | fromYaml) (default dict $config.api)) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* One Redis of the configuration file, out of `redis`. */}}
{{- define "bullmq-exporter.redis" -}}
{{- $addr := .addr -}}
{{- if .tls.enabled -}}
{{- $addr = regexReplaceAll "(?i)^redis://" $addr "rediss://" -}}
{{- end -}}
{{- $target := dict "name" .name "addr" $addr "prefixes" .prefixes "queues" .queues -}}
{{- if .auth.username -}}
{{- $_ := set $target "username" .auth.username -}}
{{- end -}}
{{- if .auth.existingSecret -}}
{{- if .auth.usernameKey -}}
{{- $_ := set $target "username_file" "/run/secrets/bullmq_exporter/redis-auth/username" -}}
{{- end -}}
{{- if .auth.passwordKey -}}
{{- $_ := set $target "password_file" "/run/secrets/bullmq_exporter/redis-auth/password" -}}
{{- end -}}
{{- end -}}
{{- $tls := dict -}}
{{- if .tls.existingSecret -}}
{{- range $key, $file := dict "caKey" "ca" "certKey" "cert" "keyKey" "key" -}}
{{- if index $.tls $key -}}
{{- $_ := set $tls (printf "%s_file" $file) (printf "/run/secrets/bullmq_exporter/redis-tls/%s.pem" $file) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if .tls.serverName -}}
{{- $_ := set $tls "server_name" .tls.serverName -}}
{{- end -}}
{{- if .tls.insecureSkipVerify -}}
{{- $_ := set $tls "insecure_skip_verify" true -}}
{{- end -}}
{{- if and (or .tls.enabled $tls) (not (regexMatch "(?i)^rediss://" $addr)) -}}
{{- fail "redis.tls is set, but redis.addr is not reached by TLS: set redis.tls.enabled, with redis:// or rediss:// in redis.addr" -}}
{{- end -}}
{{- if $tls -}}
{{- $_ := set $target "tls" $tls -}}
{{- end -}}
{{- toYaml $target -}}
{{- end -}}

{{- define "bullmq-exporter.apiFiles" -}}
{{- $files := dict -}}
{{- if .Values.api.existingSecret -}}
{{- if .Values.api.keysKey -}}
{{- $_ := set $files "keys_file" "/run/secrets/bullmq_exporter/api/keys.yaml" -}}
{{- end -}}
{{- if .Values.api.jwtSecretKey -}}
{{- $_ := set $files "jwt_secret_file" "/run/secrets/bullmq_exporter/api/jwt" -}}
{{- end -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{/* What extraArgs and extraEnv set, as JSON: the name of the variable, and where it is said. */}}
{{- define "bullmq-exporter.settings" -}}
{{- $settings := dict -}}
{{- range .Values.extraEnv -}}
{{- $_ := set $settings .name (printf "extraEnv: %s" .name) -}}
{{- end -}}
{{- range .Values.extraArgs -}}
{{- with regexFind "^--[^=]+" . -}}
{{- $name := regexReplaceAll "[.-]" (trimPrefix "--" .) "_" | upper -}}
{{- $_ := set $settings (printf "BULLMQ_EXPORTER_%s" $name) (printf "extraArgs: %s" .) -}}
{{- end -}}
{{- end -}}
{{- toJson $settings -}}
{{- end -}}

{{/* Passwords come before all else, and no address is repeated in a message: it may hold one. */}}
{{- define "bullmq-exporter.checkAddresses" -}}
{{- $password := "(?is)(rediss?://.*:.*@|unix://[^/]*:)" -}}
{{- $addresses := dict -}}
{{- if .redis.addr -}}
{{- $_ := set $addresses "redis.addr" .redis.addr -}}
{{- end -}}
{{- range $i, $server := .config.redis -}}
{{- $_ := set $addresses (printf "config.redis[%d].addr" $i) $server.addr -}}
{{- end -}}
{{- range $key, $addr := $addresses -}}
{{- if regexMatch $password $addr -}}
{{- fail (printf "%s holds a password, which would stand in a ConfigMap: put it into a Secret (redis.auth.existingSecret, or password_file)" $key) -}}
{{- end -}}
{{- end -}}
{{- range $i, $word := (include "bullmq-exporter.evaluated" (list .root.Values.extraArgs .root) | fromJson).value -}}
{{- if regexMatch $password $word -}}
{{- fail (printf "extraArgs[%d] holds a password, which would stand in the Deployment: put it into a Secret (redis.auth.existingSecret)" $i) -}}
{{- end -}}
{{- end -}}
{{- range (include "bullmq-exporter.evaluated" (list .root.Values.extraEnv .root) | fromJson).value -}}
{{- if regexMatch $password (default "" .value) -}}
{{- fail (printf "extraEnv: the value of %s holds a password, which would stand in the Deployment: take it from a Secret, with valueFrom" .name) -}}
{{- end -}}
{{- end -}}
{{- range $key, $addr := $addresses -}}
{{- if not (regexMatch "(?i)^(rediss?|unix)://" $addr) -}}
{{- fail (printf "%s is no address such as redis://HOST:PORT, rediss://HOST:PORT or unix:///SOCKET" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Flags and variables that contradict the configuration file, or that the rest of the chart has to know of. */}}
{{- define "bullmq-exporter.checkSettings" -}}
{{- range $name, $key := dict
    "CONFIG_FILE" "config"
    "WEB_LISTEN_ADDRESS" "config.web.listen_address"
    "API_LISTEN_ADDRESS" "config.api.listen_address"
    "API_KEYS_FILE" "config.api.keys_file"
    "API_JWT_SECRET_FILE" "config.api.jwt_secret_file" -}}
{{- with get $.settings (printf "BULLMQ_EXPORTER_%s" $name) -}}
{{- fail (printf "%s: set %s instead, which the rest of the chart follows" . $key) -}}
{{- end -}}
{{- end -}}
{{- if or .redis.addr .config.redis -}}
{{- range $name, $where := .settings -}}
{{- if regexMatch "^BULLMQ_EXPORTER_(REDIS_.*|QUEUES|NO_DISCOVERY)$" $name -}}
{{- fail (printf "%s: what is read is said in %s, and the exporter takes it from one place" $where (ternary "redis.addr" "config.redis" (ne $.redis.addr ""))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "bullmq-exporter.checkRedis" -}}
{{- $redis := .redis -}}
{{- if and .config.redis $redis.addr -}}
{{- fail "redis.addr and config.redis are both set: which Redis is read is said in one of them" -}}
{{- end -}}
{{- if not $redis.addr -}}
{{- range $key, $set := dict
    "redis.name" (ne $redis.name "default")
    "redis.prefixes" (ne (toJson $redis.prefixes) (toJson (list "bull")))
    "redis.queues" (or $redis.queues.static $redis.queues.exclude (ne (toJson $redis.queues.include) (toJson (list "*"))))
    "redis.auth.username" $redis.auth.username
    "redis.auth.existingSecret" $redis.auth.existingSecret
    "redis.auth.usernameKey" $redis.auth.usernameKey
    "redis.auth.passwordKey" (ne $redis.auth.passwordKey "password")
    "redis.tls.enabled" $redis.tls.enabled
    "redis.tls.existingSecret" $redis.tls.existingSecret
    "redis.tls.caKey" (ne $redis.tls.caKey "ca.crt")
    "redis.tls.certKey" $redis.tls.certKey
    "redis.tls.keyKey" $redis.tls.keyKey
    "redis.tls.serverName" $redis.tls.serverName
    "redis.tls.insecureSkipVerify" $redis.tls.insecureSkipVerify -}}
{{- if $set -}}
{{- fail (printf "%s is set, but redis.addr is empty: it would have no effect" $key) -}}
{{- end -}}
{{- end -}}
{{- if not (or .config.redis (include "bullmq-exporter.addressFromEnvironment" .)) -}}
{{- fail "redis.addr is empty: say which Redis is read (redis.addr=redis://HOST:PORT), or describe several in config.redis" -}}
{{- end -}}
{{- end -}}
{{- if and $redis.auth.existingSecret (not $redis.auth.usernameKey) (not $redis.auth.passwordKey) -}}
{{- fail "redis.auth.existingSecret is set, but redis.auth.usernameKey and redis.auth.passwordKey are empty: nothing of it would be read" -}}
{{- end -}}
{{- if and $redis.auth.usernameKey (not $redis.auth.existingSecret) -}}
{{- fail "redis.auth.usernameKey is set, but redis.auth.existingSecret is empty" -}}
{{- end -}}
{{- if and $redis.auth.usernameKey $redis.auth.username -}}
{{- fail "redis.auth.username and redis.auth.usernameKey are both set: the user is said in one of them" -}}
{{- end -}}
{{- if and $redis.tls.existingSecret (not $redis.tls.caKey) (not $redis.tls.certKey) (not $redis.tls.keyKey) -}}
{{- fail "redis.tls.existingSecret is set, but redis.tls.caKey, redis.tls.certKey and redis.tls.keyKey are empty: nothing of it would be read" -}}
{{- end -}}
{{- if and (or $redis.tls.certKey $redis.tls.keyKey) (not $redis.tls.existingSecret) -}}
{{- fail "redis.tls.certKey and redis.tls.keyKey name keys of redis.tls.existingSecret, which is empty" -}}
{{- end -}}
{{- if ne (empty $redis.tls.certKey) (empty $redis.tls.keyKey) -}}
{{- fail "redis.tls.certKey and redis.tls.keyKey go together: a certificate needs its key" -}}
{{- end -}}
{{- $names := list -}}
{{- range .config.redis -}}
{{- $names = append $names (default "default" .name) -}}
{{- end -}}
{{- if ne (len $names) (len (uniq $names)) -}}
{{- fail (printf "config.redis: each Redis needs a name of its own; these are %s" (join ", " $names)) -}}
{{- end -}}
{{- end -}}

{{/* Not empty where the environment may say which Redis is meant. */}}
{{- define "bullmq-exporter.addressFromEnvironment" -}}
{{- if or .root.Values.extraEnvFrom (hasKey .settings "BULLMQ_EXPORTER_REDIS_ADDR") (hasKey .settings "REDIS_HOST") -}}
true
{{- end -}}
{{- end -}}

{{- define "bullmq-exporter.checkApi" -}}
{{- $api := .root.Values.api -}}
{{- $own := default dict .config.api -}}
{{- range $file := list "keys_file" "jwt_secret_file" -}}
{{- if and (get $own $file) (not $api.enabled) -}}
{{- fail (printf "config.api.%s opens the API: set api.enabled too, so that its port is served" $file) -}}
{{- end -}}
{{- end -}}
{{- if not $api.existingSecret -}}
{{- range $key, $set := dict "keysKey" (not (has $api.keysKey (list "" "keys.yaml"))) "jwtSecretKey" $api.jwtSecretKey -}}
{{- if $set -}}
{{- fail (printf "api.%s is set, but api.existingSecret is empty: it would have no effect" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (get $own "keys_file") $api.existingSecret $api.keysKey -}}
{{- fail "config.api.keys_file and api.keysKey are both set: the keys come from one of them" -}}
{{- end -}}
{{- if and (get $own "jwt_secret_file") $api.existingSecret $api.jwtSecretKey -}}
{{- fail "config.api.jwt_secret_file and api.jwtSecretKey are both set: the secrets come from one of them" -}}
{{- end -}}
{{- if $api.enabled -}}
{{- if not (or (include "bullmq-exporter.apiFiles" .root | fromYaml) (get $own "keys_file") (get $own "jwt_secret_file")) -}}
{{- fail "api.enabled is true, but there are no credentials: name a Secret in api.existingSecret and its key in api.keysKey or api.jwtSecretKey" -}}
{{- end -}}
{{- if eq (include "bullmq-exporter.port" (list .config "web")) (include "bullmq-exporter.port" (list .config "api")) -}}
{{- fail "config.web.listen_address and config.api.listen_address have the same port" -}}
{{- end -}}
{{- end -}}
{{- if and .root.Values.ingress.enabled (not $api.enabled) -}}
{{- fail "ingress.enabled is true, but api.enabled is not: the Ingress leads to the API alone" -}}
{{- end -}}
{{- if and .root.Values.ingress.enabled (not .root.Values.ingress.hosts) -}}
{{- fail "ingress.enabled is true, but ingress.hosts is empty" -}}
{{- end -}}
{{- end -}}

{{/* The port of a listener, `web` or `api`: include … (list CONFIG "web") */}}
{{- define "bullmq-exporter.port" -}}
{{- $section := index . 1 -}}
{{- $default := dict "web" ":9538" "api" ":9539" -}}
{{- get (default dict (get (index . 0) $section)) "listen_address" | default (get $default $section) | regexFind "[0-9]+$" -}}
{{- end -}}
