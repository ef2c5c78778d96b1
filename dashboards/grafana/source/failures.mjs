/** What fails, why, where, and since when. */

import { alerts, pauseBegins, restarts } from './annotations.mjs';
import { kBad, kGood, kNeutral, kWarning } from './colors.mjs';
import { dashboard, section } from './dashboard.mjs';
import { kRowLinks, kSeriesLinks } from './links.mjs';
import { barsPanel, linesPanel, linksOf, redGauge, statPanel, tablePanel } from './panels.mjs';
import { kExporters, kQueues, kRedisServers, orZero, since } from './promql.mjs';
import { failuresVariables } from './variables.mjs';

const kLines = 10;

const kMatchingName = 'name=~"$name"';
const failures = (labels) => kQueues.sum(labels, 'bullmq_queue_recent_failures', kMatchingName);
const kSources = 'prefix, queue, name, reason';
const top = (expression, count = kLines) => `topk(${count}, ${expression})`;
const links = [kSeriesLinks.inDepth, kSeriesLinks.failedJobs];
const finished = (labels, ...matchers) =>
  kQueues.sumOfRates(labels, 'bullmq_queue_finished_jobs_total', ...matchers);
/** Nothing while nothing finishes: 0 of 0 is no share. */
const share = (failed, all) => `${failed} / (${all} > 0)`;
const kShare = { unit: 'percentunit', noValue: 'not kept' };

function now() {
  return section(
    100,
    'Now',
    statPanel({
      id: 1, title: 'Recent failures', unit: 'short', course: true,
      thresholds: [kGood, [1, kWarning], [100, kBad]],
      description:
        'Failed jobs within the window that are still in Redis. One that is retried by hand stays until its time.',
      queries: { failures: orZero(`sum(${failures(kSources)})`, kQueues) },
    }),
    statPanel({
      id: 2, title: 'Window', unit: 's', thresholds: [kNeutral],
      description:
        'How far back recent failures look: the setting failures.window of the exporter.',
      queries: { window: `max(${kExporters.series('bullmq_exporter_failures_window_seconds')})` },
    }),
    statPanel({
      id: 3, title: 'Reasons', unit: 'short', course: true, thresholds: [kNeutral],
      description: 'Different classes of reasons within the window.',
      queries: {
        reasons: orZero(`count(sum by (reason) (${failures('prefix, queue, name')}) > 0)`, kQueues),
      },
    }),
    statPanel({
      id: 4, title: 'Queues', unit: 'short', course: true, thresholds: [kNeutral],
      description: 'Queues with failures within the window.',
      queries: { queues: orZero(`count(${failures('name, reason')} > 0)`, kQueues) },
    }),
    statPanel({
      id: 5, title: 'Share that fails',
      ...kShare,
      decimals: 1, thresholds: [kGood, [0.05, kWarning], [0.2, kBad]],
      description:
        'Failed of all finished jobs, of queues whose workers keep metrics. Attempts that are repeated do not count.',
      queries: {
        share: share(
          `sum(${finished('prefix, queue, outcome', 'outcome="failed"')})`,
          `sum(${finished('prefix, queue, outcome')})`,
        ),
      },
    }),
    statPanel({
      id: 6, title: 'Last failure', unit: 's', thresholds: [kWarning, [900, kGood]],
      noValue: 'none',
      description: 'How long ago a job failed for good.',
      queries: {
        age: since(`max(${kQueues.series('bullmq_queue_last_failure_timestamp_seconds')})`),
      },
    }),
    statPanel({
      id: 7, title: 'Failed kept', unit: 'short', course: true, thresholds: [kNeutral],
      description: 'Failed jobs in Redis, however old: as many as removeOnFail keeps.',
      queries: {
        failed: `sum(${kQueues.sum('prefix, queue', 'bullmq_queue_jobs', 'state="failed"')})`,
      },
    }),
    statPanel({
      id: 8, title: 'Not counted', unit: 'short', course: true, thresholds: [kGood, [1, kWarning]],
      description:
        'Failures within the window that came faster than polls may read: their names and reasons are unknown.',
      queries: {
        skipped: `sum(${kQueues.sum('prefix, queue', 'bullmq_queue_recent_failures_skipped')})`,
      },
    }),
  );
}

function reasons() {
  return section(
    101,
    'Reasons',
    tablePanel({
      id: 10, title: 'What fails how', width: 24, height: 10, noValue: 'no failures',
      description:
        'The most frequent reasons within the window, with the job name and the queue. A queue leads to its failed ' +
        'jobs in the Jobs API.',
      labels: [
        ['reason', undefined],
        ['name', 170],
        ['queue', 180, linksOf(kRowLinks.failedJobs, kRowLinks.inDepth)],
        ['redis', 100],
        ['prefix', 80],
      ],
      columns: [
        {
          key: 'failures', title: 'failures', unit: 'short', width: 170,
          expr: top(`${kQueues.last('bullmq_queue_recent_failures', kMatchingName)} > 0`, 100),
          properties: redGauge,
        },
      ],
      sortBy: 'failures',
    }),
    linesPanel({
      id: 11, title: `Top ${kLines} reasons`, width: 12, unit: 'short', stacked: true,
      noValue: 'no failures',
      description:
        'Recent failures by class of their reason; __other__ is what the limit of classes left no room for.',
      queries: { '{{reason}}': top(`sum by (reason) (${failures('prefix, queue, name')})`) },
    }),
    tablePanel({
      id: 12, title: 'Reasons that are new', width: 12, height: 8, noValue: 'none',
      description:
        'Within the window now, and in no window of the seven days before the last two hours. An exporter that was ' +
        'not there knows nothing of that time.',
      labels: [
        ['reason', undefined],
        ['queue', 140, linksOf(kRowLinks.failedJobs, kRowLinks.inDepth)],
      ],
      hidden: ['redis', 'prefix', 'namespace'],
      columns: [
        {
          key: 'failures', title: 'failures', unit: 'short', width: 90,
          expr:
            `${top(`${failures('name')} > 0`, 50)} unless ` +
            `${`max without (instance, pod, name) (max_over_time(${kQueues.series('bullmq_queue_recent_failures')}[7d] offset 2h))`} > 0`,
        },
      ],
      sortBy: 'failures',
    }),
  );
}

function places() {
  return section(
    102,
    'Queues and jobs',
    linesPanel({
      id: 20, title: `Recent failures: top ${kLines} queues`, width: 12, unit: 'short', links,
      noValue: 'no failures',
      description: 'Failed jobs within the window, by queue.',
      queries: { '{{queue}}': top(failures('name, reason')) },
    }),
    linesPanel({
      id: 21, title: `Recent failures: top ${kLines} job names`, width: 12, unit: 'short',
      noValue: 'no failures',
      description: 'Failed jobs within the window, by the name of the job.',
      queries: { '{{name}}': top(`sum by (name) (${failures('prefix, queue, reason')})`) },
    }),
    linesPanel({
      id: 22, title: `New failures: top ${kLines} queues`, width: 12, unit: 'suffix: /s', links,
      description:
        'Failures that polls meet each second, also of queues whose workers keep no metrics. Jobs that ' +
        'removeOnFail removes at once are not among them.',
      queries: { '{{queue}}': top(kQueues.rate('bullmq_queue_failures_seen_total')) },
    }),
    linesPanel({
      id: 23, title: `Share that fails: top ${kLines} queues`, width: 12,
      ...kShare,
      links,
      description: 'Failed of all finished jobs, of queues whose workers keep metrics.',
      queries: {
        '{{queue}}': top(share(finished('outcome', 'outcome="failed"'), finished('outcome'))),
      },
    }),
    barsPanel({
      id: 24, title: 'Failed in the time range', width: 12, unit: 'short', links, decimals: 0,
      description:
        'Jobs that failed for good in the time range of the dashboard, of queues whose workers keep metrics.',
      queries: {
        '{{queue}}': top(
          `${kQueues.increase('bullmq_queue_finished_jobs_total', 'outcome="failed"')} > 0`,
        ),
      },
      thresholds: [kBad], noValue: 'none',
    }),
    linesPanel({
      id: 25, title: 'Held back by limits', width: 12, unit: 'short',
      description:
        'Job names, reasons and pairs of both that show as __other__ because a limit of the exporter is reached.',
      queries: {
        '{{redis}} {{limit}}': kRedisServers.last(
          'bullmq_exporter_capped',
          'limit=~"names|reasons|failure_pairs"',
        ),
      },
    }),
  );
}

export function failuresDashboard() {
  return dashboard({
    key: 'failures', title: 'BullMQ / Failures',
    description: 'Failed jobs of BullMQ: reasons, queues, job names, and what is new.',
    variables: failuresVariables(),
    annotations: [restarts(), pauseBegins(kQueues), alerts(kQueues)],
    sections: [now(), reasons(), places()],
  });
}
