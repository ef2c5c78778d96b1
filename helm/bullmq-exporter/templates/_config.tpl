{{/*
The configuration file: `config` with what `redis` and `api` say. What cannot work is refused here with the key
that is to be changed; the exporter checks the rest when it starts.
*/}}
{{- define "bullmq-exporter.config" -}}
{{- $config := include "bullmq-exporter.ownConfig" . | fromYaml -}}
{{- if .Values.redis.addr -}}
{{- $_ := set $config "redis" (list (include "bullmq-exporter.redis" . | fromYaml)) -}}
{{- end -}}
{{- if .Values.api.enabled -}}
{{- $_ := set $config "api" (merge (include "bullmq-exporter.apiFiles" . | fromYaml) (default dict $config.api)) -}}
{{- end -}}
{{- include "bullmq-exporter.checkRedis" (dict "config" $config "root" .) -}}
{{- include "bullmq-exporter.checkApi" (dict "config" $config "root" .) -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "bullmq-exporter.ownConfig" -}}
{{- include "bullmq-exporter.evaluated" (list "config" .) -}}
{{- end -}}

{{/* A mapping of the values with its template expressions evaluated: include … (list "config" $) */}}
{{- define "bullmq-exporter.evaluated" -}}
{{- $key := index . 0 -}}
{{- $root := index . 1 -}}
{{- $text := include "bullmq-exporter.tpl" (list (get $root.Values $key) $root) -}}
{{- with (fromYaml $text).Error -}}
{{- fail (printf "%s is no YAML after its template expressions were evaluated: %s" $key .) -}}
{{- end -}}
{{- $text -}}
{{- end -}}

{{/* One Redis of the configuration file, out of `redis`. */}}
{{- define "bullmq-exporter.redis" -}}
{{- $redis := include "bullmq-exporter.evaluated" (list "redis" .) | fromYaml -}}
{{- $addr := $redis.addr -}}
{{- if not (regexMatch "^(redis|rediss|unix)://" $addr) -}}
{{- fail (printf "redis.addr: %q is no address such as redis://HOST:PORT, rediss://HOST:PORT or unix:///SOCKET" $addr) -}}
{{- end -}}
{{- if $redis.tls.enabled -}}
{{- $addr = regexReplaceAll "^redis://" $addr "rediss://" -}}
{{- end -}}
{{- $tls := hasPrefix "rediss://" $addr -}}
{{- $target := dict "name" $redis.name "addr" $addr "prefixes" $redis.prefixes "queues" $redis.queues -}}
{{- if $redis.auth.username -}}
{{- $_ := set $target "username" $redis.auth.username -}}
{{- end -}}
{{- if $redis.auth.existingSecret -}}
{{- if $redis.auth.usernameKey -}}
{{- $_ := set $target "username_file" "/run/secrets/bullmq_exporter/redis-auth/username" -}}
{{- end -}}
{{- if $redis.auth.passwordKey -}}
{{- $_ := set $target "password_file" "/run/secrets/bullmq_exporter/redis-auth/password" -}}
{{- end -}}
{{- end -}}
{{- $_ := set $target "tls" dict -}}
{{- if $redis.tls.existingSecret -}}
{{- range $key, $file := dict "caKey" "ca" "certKey" "cert" "keyKey" "key" -}}
{{- if index $redis.tls $key -}}
{{- $_ := set $target.tls (printf "%s_file" $file) (printf "/run/secrets/bullmq_exporter/redis-tls/%s.pem" $file) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $redis.tls.serverName -}}
{{- $_ := set $target.tls "server_name" $redis.tls.serverName -}}
{{- end -}}
{{- if $redis.tls.insecureSkipVerify -}}
{{- $_ := set $target.tls "insecure_skip_verify" true -}}
{{- end -}}
{{- if and (or $redis.tls.enabled $target.tls) (not $tls) -}}
{{- fail (printf "redis.tls is set, but %s is not reached by TLS: set redis.tls.enabled, with redis:// or rediss:// in redis.addr" $addr) -}}
{{- end -}}
{{- if not $target.tls -}}
{{- $_ := unset $target "tls" -}}
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

{{- define "bullmq-exporter.checkRedis" -}}
{{- $redis := .root.Values.redis -}}
{{- $own := (include "bullmq-exporter.ownConfig" .root | fromYaml).redis -}}
{{- if and $own $redis.addr -}}
{{- fail "redis.addr and config.redis are both set: which Redis is read is said in one of them" -}}
{{- end -}}
{{- if not $redis.addr -}}
{{- range $key, $set := dict
    "redis.name" (ne $redis.name "default")
    "redis.prefixes" (ne (toJson $redis.prefixes) (toJson (list "bull")))
    "redis.queues" (or $redis.queues.static $redis.queues.exclude (ne (toJson $redis.queues.include) (toJson (list "*"))))
    "redis.auth.username" $redis.auth.username
    "redis.auth.existingSecret" $redis.auth.existingSecret
    "redis.tls.enabled" $redis.tls.enabled
    "redis.tls.existingSecret" $redis.tls.existingSecret -}}
{{- if $set -}}
{{- fail (printf "%s is set, but redis.addr is empty: it would have no effect" $key) -}}
{{- end -}}
{{- end -}}
{{- if not (or $own (eq (include "bullmq-exporter.addressFromEnvironment" .root) "true")) -}}
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
{{- range $i, $target := default list .config.redis -}}
{{- if regexMatch "^rediss?://[^@]*:[^@]*@" (default "" $target.addr) -}}
{{- fail (printf "%s holds a password, which would stand in a ConfigMap: put it into a Secret (redis.auth.existingSecret, or password_file)" (ternary "redis.addr" (printf "config.redis[%d].addr" $i) (ne $redis.addr ""))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* "true" where the environment may say which Redis is meant. */}}
{{- define "bullmq-exporter.addressFromEnvironment" -}}
{{- $found := not (empty .Values.extraEnvFrom) -}}
{{- range .Values.extraEnv -}}
{{- if has .name (list "BULLMQ_EXPORTER_REDIS_ADDR" "REDIS_HOST") -}}
{{- $found = true -}}
{{- end -}}
{{- end -}}
{{- $found -}}
{{- end -}}

{{- define "bullmq-exporter.checkApi" -}}
{{- $api := .root.Values.api -}}
{{- $own := default dict (include "bullmq-exporter.ownConfig" .root | fromYaml).api -}}
{{- range $file := list "keys_file" "jwt_secret_file" -}}
{{- if and (get $own $file) (not $api.enabled) -}}
{{- fail (printf "config.api.%s opens the API: set api.enabled too, so that its port is served" $file) -}}
{{- end -}}
{{- end -}}
{{- if and (get $own "keys_file") $api.existingSecret $api.keysKey -}}
{{- fail "config.api.keys_file and api.keysKey are both set: the keys come from one of them" -}}
{{- end -}}
{{- if and (get $own "jwt_secret_file") $api.existingSecret $api.jwtSecretKey -}}
{{- fail "config.api.jwt_secret_file and api.jwtSecretKey are both set: the secrets come from one of them" -}}
{{- end -}}
{{- if and $api.enabled (not (get (default dict .config.api) "keys_file")) (not (get (default dict .config.api) "jwt_secret_file")) -}}
{{- fail "api.enabled is true, but there are no credentials: name a Secret in api.existingSecret and its key in api.keysKey or api.jwtSecretKey" -}}
{{- end -}}
{{- if and .root.Values.ingress.enabled (not $api.enabled) -}}
{{- fail "ingress.enabled is true, but api.enabled is not: the Ingress leads to the API alone" -}}
{{- end -}}
{{- if and .root.Values.ingress.enabled (not .root.Values.ingress.hosts) -}}
{{- fail "ingress.enabled is true, but ingress.hosts is empty" -}}
{{- end -}}
{{- end -}}

{{/* The port of a listener in the configuration: include … (dict "config" $config "section" "web" "default" "9538") */}}
{{- define "bullmq-exporter.port" -}}
{{- $address := get (default dict (get .config .section)) "listen_address" | default (printf ":%s" .default) -}}
{{- regexFind "[0-9]+$" $address -}}
{{- end -}}
