# Completion of bash for bullmq_exporter. Made by packaging/help/generate from --help.

_bullmq_exporter_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_bullmq_exporter_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

_bullmq_exporter() {
  local current=${COMP_WORDS[COMP_CWORD]} flag='' command='' word words
  COMPREPLY=()

  # Bash takes "=" for a word of its own: "--flag = value".
  if [[ $current == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 1]} current=''
  elif [[ $COMP_CWORD -ge 2 && ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $COMP_CWORD -ge 1 ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 1]}
  fi
  case $flag in
    --api.jwt-secret-file|--api.keys-file|--config.file|--keys-file|--redis.password-file|--redis.tls-ca-file|--redis.tls-cert-file|--redis.tls-key-file|--redis.username-file) _bullmq_exporter_files; return ;;
    --log.level) _bullmq_exporter_words 'debug info warn error'; return ;;
    --log.format) _bullmq_exporter_words 'logfmt json'; return ;;
    --api.listen-address|--expires|--name|--permission|--poll.interval|--poll.timeout|--queues|--redis.addr|--redis.name|--redis.prefix|--redis.tls-server-name|--redis.username|--url|--web.listen-address) return ;;
  esac

  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " check-config new-key healthcheck queues " in *" $word "*) command=$word; break ;; esac
  done
  words='--config.file= --redis.addr= --redis.username= --redis.username-file= --redis.password-file= --redis.tls-ca-file= --redis.tls-cert-file= --redis.tls-key-file= --redis.tls-server-name= --redis.tls-insecure-skip-verify --redis.name= --redis.prefix= --queues= --no-discovery --poll.interval= --poll.timeout= --web.listen-address= --api.listen-address= --api.keys-file= --api.jwt-secret-file= --log.level= --log.format= --help -h --version'
  case $command in
    '') words+=' check-config new-key healthcheck queues' ;;
    new-key) words+=' --name= --permission= --expires= --keys-file=' ;;
    healthcheck) words+=' --url=' ;;
    queues) words+=' --json' ;;
  esac
  case $command in
    check-config)
      if [[ $current != -* ]]; then
        _bullmq_exporter_files
        return
      fi
      ;;
  esac
  _bullmq_exporter_words "$words"
  [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
  return 0
}

complete -F _bullmq_exporter bullmq_exporter
