/** The exporter itself and the Redis servers that it reads: can the other dashboards be believed? */

import { alerts, restarts } from './annotations.mjs';
import { kBad, kGood, kNeutral, kWarning } from './colors.mjs';
import { dashboard, section } from './dashboard.mjs';
import {
  linesPanel,
  mapped,
  mapping,
  coloredText,
  statesPanel,
  statPanel,
  tablePanel,
} from './panels.mjs';
import { kExporters, kRedisServers, kProcessLabels, ofExporters, once, since } from './promql.mjs';
import { exporterVariables } from './variables.mjs';

const redis = (metric, ...matchers) => kRedisServers.last(metric, ...matchers);
const quantile = (share, rates) => `histogram_quantile(${share}, ${rates})`;

/** Of each process, so that two of them show as two. */
const ofEachProcess = (expression) => ofExporters(expression);

function now() {
  return section(
    100,
    'Now',
    statPanel({
      id: 1, title: 'Redis', unit: 'none', noValue: 'unknown',
      mappings: [mapping({ 0: ['down', kBad], 1: ['up', kGood] })],
      description:
        'Whether the last poll could read every Redis that is selected. Unknown: no exporter is scraped.',
      queries: { redis: `min(${kRedisServers.series('bullmq_up')})` },
      thresholds: [kBad, [1, kGood]],
    }),
    statPanel({
      id: 2, title: 'Exporters', unit: 'short', thresholds: [kGood, [2, kWarning]],
      description:
        'How many report the same Redis under the same job. More than one is a second replica: these ' +
        'dashboards count them once, other sums would double.',
      queries: {
        exporters: `max(count without (instance, pod) (${kRedisServers.series('bullmq_up')}))`,
      },
    }),
    statPanel({
      id: 3, title: 'Last poll', unit: 's', course: true,
      thresholds: [kGood, [30, kWarning], [60, kBad]],
      description: 'Age of the oldest last poll that could read: how old the numbers are.',
      queries: {
        age: since(
          `min(${kRedisServers.series('bullmq_exporter_last_poll_timestamp_seconds')})`,
        ),
      },
    }),
    statPanel({
      id: 4, title: 'Poll takes', unit: 's', course: true,
      thresholds: [kGood, [2.5, kWarning], [5, kBad]],
      description: 'Mean length of a poll of the slowest Redis.',
      queries: { mean: `max(${redisMeanPoll()})` },
    }),
    statPanel({
      id: 5, title: 'Poll errors', unit: 'suffix: /s', decimals: 2,
      thresholds: [kGood, [0.001, kBad]], course: true,
      description: 'What polls could not read, each second.',
      queries: { errors: `sum(${kRedisServers.rate('bullmq_exporter_poll_errors_total')})` },
    }),
    statPanel({
      id: 6, title: 'Queues', unit: 'short', course: true, thresholds: [kNeutral],
      description: 'Queues that are shown.',
      queries: { queues: `sum(${redis('bullmq_exporter_queues')})` },
    }),
    statPanel({
      id: 7, title: 'Own memory', unit: 'bytes', decimals: 1, course: true, thresholds: [kNeutral],
      description: 'Resident memory of the largest exporter.',
      queries: {
        resident: `max(${ofExporters(kExporters.series('process_resident_memory_bytes'))})`,
      },
    }),
    statPanel({
      id: 8, title: 'Version', unit: 'none', thresholds: [kNeutral], textMode: 'name',
      description: 'The version that runs; several while they are exchanged.',
      queries: {
        '{{version}}': `max by (version) (${kExporters.series('bullmq_exporter_build_info')})`,
      },
    }),
  );
}

function redisMeanPoll() {
  const rate = (metric) => kRedisServers.series(metric);
  return once(
    `rate(${rate('bullmq_exporter_poll_duration_seconds_sum')}[$__rate_interval]) / ` +
      `rate(${rate('bullmq_exporter_poll_duration_seconds_count')}[$__rate_interval])`,
  );
}

function polls() {
  const buckets = kRedisServers.rate('bullmq_exporter_poll_duration_seconds_bucket');
  return section(
    101,
    'Polls',
    linesPanel({
      id: 10, title: 'Length of a poll', width: 12, unit: 's',
      description:
        'Mean and 95th percentile, with the interval between polls: a poll that takes as long delays the next.',
      queries: {
        '{{redis}} mean': redisMeanPoll(),
        '{{redis}} p95': quantile(0.95, buckets),
        interval: `max(${kExporters.series('bullmq_exporter_poll_interval_seconds')})`,
      },
    }),
    linesPanel({
      id: 11, title: 'Poll errors by reason', width: 12, unit: 'suffix: /s', noValue: 'no errors',
      description:
        'What polls could not read, by cause: one for a Redis that could not be read, and one for each queue.',
      queries: {
        '{{redis}} {{reason}}': `${kRedisServers.rate('bullmq_exporter_poll_errors_total')} > 0`,
      },
    }),
    linesPanel({
      id: 12, title: 'Age of the last poll', width: 12, unit: 's',
      thresholds: ['transparent', [60, kBad]],
      description: 'How old the numbers are. The dashed line stands at a minute.',
      queries: { '{{redis}}': since(redis('bullmq_exporter_last_poll_timestamp_seconds')) },
    }),
    statesPanel({
      id: 13, title: 'Redis servers', width: 12,
      description: 'Whether polls could read each Redis.',
      queries: { '{{redis}}': redis('bullmq_up') },
      mappings: [mapping({ 0: ['down', kBad], 1: ['up', kGood] })],
    }),
  );
}

function discovery() {
  return section(
    102,
    'Queues that are found',
    linesPanel({
      id: 20, title: 'Queues found', width: 8, unit: 'short',
      description:
        'Shown, left out by the configuration, and those that the last poll could not read.',
      queries: {
        '{{redis}} shown': redis('bullmq_exporter_queues'),
        '{{redis}} ignored': redis('bullmq_exporter_queues_ignored'),
        '{{redis}} unreadable': once(
          `sum without (prefix, queue) (${kRedisServers.series('bullmq_queue_up')} == bool 0)`,
        ),
      },
    }),
    linesPanel({
      id: 21, title: 'Length of a pass over the keys', width: 8, unit: 's',
      description: 'How long the last full discovery took, pauses included.',
      queries: { '{{redis}}': redis('bullmq_exporter_discovery_duration_seconds') },
    }),
    linesPanel({
      id: 22, title: 'Held back by limits', width: 8, unit: 'short',
      description:
        'How many queues, job names, reasons and pairs a limit of the exporter holds back now.',
      queries: { '{{redis}} {{limit}}': redis('bullmq_exporter_capped') },
    }),
  );
}

function cost() {
  return section(
    103,
    'What it asks of Redis',
    linesPanel({
      id: 30, title: 'Commands', width: 8, unit: 'suffix: /s',
      description: 'Commands sent each second, by purpose.',
      queries: {
        '{{redis}} {{purpose}}': kRedisServers.rate('bullmq_exporter_redis_commands_total'),
      },
    }),
    linesPanel({
      id: 31, title: 'Traffic', width: 8, unit: 'Bps',
      description: 'Bytes of replies and commands each second, by purpose; without what TLS adds.',
      queries: {
        '{{redis}} {{purpose}} received':
          kRedisServers.rate('bullmq_exporter_redis_received_bytes_total'),
        '{{redis}} {{purpose}} sent': kRedisServers.rate('bullmq_exporter_redis_sent_bytes_total'),
      },
    }),
    linesPanel({
      id: 32, title: 'Connections', width: 8, unit: 'short',
      description: 'Open connections to Redis, by purpose.',
      queries: { '{{redis}} {{purpose}}': redis('bullmq_exporter_redis_connections') },
    }),
  );
}

function servers() {
  const memory = redis('bullmq_redis_memory_used_bytes');
  return section(
    104,
    'The Redis servers',
    tablePanel({
      id: 40, title: 'Servers', width: 24, height: 6,
      description:
        'From INFO. BullMQ needs noeviction: with any other policy Redis throws jobs away when its memory is full.',
      labels: [
        ['redis', 110],
        ['server', undefined],
        ['version', 90],
        ['role', 90],
        ['mode', 110],
      ],
      columns: [
        {
          key: 'noeviction', title: 'noeviction', unit: 'none', width: 160,
          expr: withInfo(redis('bullmq_redis_maxmemory_policy_noeviction')),
          properties: [
            coloredText,
            mapped({ 0: ['no: jobs may be lost', kBad], 1: ['yes', kGood] }),
          ],
        },
        { key: 'used', title: 'memory', unit: 'bytes', width: 110, expr: withInfo(memory) },
        {
          key: 'limit', title: 'limit', unit: 'bytes', width: 110,
          expr: withInfo(redis('bullmq_redis_memory_max_bytes')),
          properties: [mapped({ 0: ['none', 'text'] })],
        },
        {
          key: 'replicas', title: 'replicas', unit: 'short', width: 100,
          expr: withInfo(redis('bullmq_redis_connected_replicas')),
        },
      ],
    }),
    linesPanel({
      id: 41, title: 'Redis memory', width: 8, unit: 'bytes',
      description: 'Used memory, with the limit (maxmemory) where there is one.',
      queries: {
        '{{redis}} used': memory,
        '{{redis}} limit': `${redis('bullmq_redis_memory_max_bytes')} > 0`,
      },
    }),
    linesPanel({
      id: 42, title: 'Replication', width: 8, unit: 'short',
      description:
        'Replicas that are connected to a master; on a replica, whether its link to the master is up (1) or not (0).',
      queries: {
        '{{redis}} {{server}} replicas': redis('bullmq_redis_connected_replicas'),
        '{{redis}} {{server}} link': redis('bullmq_redis_replication_link_up'),
      },
    }),
    statesPanel({
      id: 43, title: 'What the server allows', width: 8,
      description:
        'Whether CLIENT LIST (workers) and INFO (server_info) are allowed; where not, what is made of them is absent.',
      queries: { '{{redis}} {{collector}}': redis('bullmq_exporter_collector_supported') },
      mappings: [mapping({ 0: ['forbidden', kWarning], 1: ['allowed', kGood] })],
    }),
  );
}

/** Gives a series of a server the labels of its bullmq_redis_info, so that all stand in one row. */
function withInfo(expression) {
  return (
    `${expression} * on (cluster, namespace, job, redis, server) group_left (version, role, mode) ` +
    redis('bullmq_redis_info')
  );
}

function http() {
  const requests = (metric) => kExporters.rate(metric);
  return section(
    105,
    'HTTP',
    linesPanel({
      id: 50, title: 'Requests', width: 8, unit: 'suffix: /s',
      description: 'Answers each second, by listener, route and code.',
      queries: {
        '{{handler}} {{code}} ({{listener}})': requests('bullmq_exporter_http_requests_total'),
      },
    }),
    linesPanel({
      id: 51, title: 'Duration, 95th percentile', width: 8, unit: 's',
      description: "From the end of a request's head to the end of its answer.",
      queries: {
        '{{handler}} ({{listener}})': quantile(
          0.95,
          `sum without (code) (${requests('bullmq_exporter_http_request_duration_seconds_bucket')})`,
        ),
      },
    }),
    linesPanel({
      id: 52, title: 'Turned away', width: 8, unit: 'suffix: /s', noValue: 'none',
      description: 'Connections and requests that were refused by a limit of the exporter.',
      queries: { '{{listener}} {{reason}}': requests('bullmq_exporter_http_rejected_total') },
    }),
  );
}

function processes() {
  const known = `last_over_time(${kExporters.series('bullmq_exporter_build_info')}[1d])`;
  return section(
    106,
    'The process',
    linesPanel({
      id: 60, title: 'CPU', width: 6, unit: 'percentunit',
      description: 'Of one core.',
      queries: {
        '{{instance}}': ofEachProcess(
          `rate(${kExporters.series('process_cpu_seconds_total')}[$__rate_interval])`,
        ),
      },
    }),
    linesPanel({
      id: 61, title: 'Resident memory', width: 6, unit: 'bytes',
      description: 'Memory that the process holds in RAM.',
      queries: {
        '{{instance}}': ofEachProcess(kExporters.series('process_resident_memory_bytes')),
      },
    }),
    linesPanel({
      id: 62, title: 'Descriptors and threads', width: 6, unit: 'short',
      description: 'Each connection is a file descriptor.',
      queries: {
        '{{instance}} descriptors': ofEachProcess(kExporters.series('process_open_fds')),
        '{{instance}} threads': ofEachProcess(kExporters.series('process_threads')),
      },
    }),
    linesPanel({
      id: 66, title: 'Descriptors in use', width: 6, unit: 'percentunit',
      thresholds: ['transparent', [0.9, kBad]],
      description:
        'Open file descriptors of the limit; without a free one no connection is accepted.',
      queries: {
        '{{instance}}': ofEachProcess(
          `${kExporters.series('process_open_fds')} / ${kExporters.series('process_max_fds')}`,
        ),
      },
    }),
    statesPanel({
      id: 63, title: 'Scrapes', width: 8,
      description: 'Whether Prometheus could scrape each exporter that it has seen within a day.',
      queries: { '{{instance}}': `${kExporters.series('up')} and on (${kProcessLabels}) ${known}` },
      mappings: [mapping({ 0: ['failed', kBad], 1: ['scraped', kGood] })],
    }),
    linesPanel({
      id: 64, title: 'Samples in a scrape', width: 8, unit: 'short',
      description: 'How many series an exporter gives to Prometheus.',
      queries: { '{{instance}}': ofEachProcess(kExporters.series('scrape_samples_scraped')) },
    }),
    linesPanel({
      id: 65, title: 'Length of a scrape', width: 8, unit: 's',
      description: 'As Prometheus measured it.',
      queries: { '{{instance}}': ofEachProcess(kExporters.series('scrape_duration_seconds')) },
    }),
  );
}

export function exporterDashboard() {
  return dashboard({
    key: 'exporter', title: 'BullMQ / Exporter',
    description: 'bullmq_exporter itself and the Redis servers that it reads.',
    variables: exporterVariables(),
    annotations: [restarts(), alerts(kRedisServers)],
    sections: [now(), polls(), discovery(), cost(), servers(), http(), processes()],
  });
}
