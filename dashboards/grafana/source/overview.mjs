/** All queues at a glance: is anything wrong, and where. */

import { alerts, pauseBegins, restarts } from './annotations.mjs';
import { kBad, kGood, kNeutral, kWarning } from './colors.mjs';
import { dashboard, section } from './dashboard.mjs';
import { kAlertLink, kRowLinks, kSeriesLinks } from './links.mjs';
import {
  colorAbove,
  coloredBackground,
  coloredText,
  linesPanel,
  linksOf,
  mapped,
  mapping,
  statPanel,
  tablePanel,
} from './panels.mjs';
import {
  backlog,
  kBacklog,
  kQueueLabels,
  kQueues,
  kRedisServers,
  once,
  orZero,
  queueStatus,
  since,
} from './promql.mjs';
import { overviewVariables } from './variables.mjs';

/** A table holds the queues with the most jobs that somebody has to care about. */
const kRows = 100;
const kLines = 10;

const recentFailures = kQueues.sum('name, reason', 'bullmq_queue_recent_failures');
const workers = kQueues.last('bullmq_queue_workers');
const paused = kQueues.last('bullmq_queue_paused');
const oldestWaiting = kQueues.last('bullmq_queue_oldest_waiting_job_timestamp_seconds');
const top = (expression, count = kLines) => `topk(${count}, ${expression})`;
/** Of all queues together. */
const total = (labels, ...selected) =>
  `sum(${kQueues.sum(`prefix, queue, ${labels}`, ...selected)})`;

const allButCompleted = kQueues.sum('state', 'bullmq_queue_jobs', 'state!="completed"');
/** Without the queues in which none waits, most of many: that is several times cheaper to rank. */
const waitingNow = once(
  `sum without (state) (${kQueues.series('bullmq_queue_jobs', kBacklog)} > 0)`,
);

const busiest = top(`${allButCompleted} or 0 * ${kQueues.last('bullmq_queue_up')}`, kRows);
const ofTheBusiest = (expression) => `${expression} and on (${kQueueLabels}) ${busiest}`;

function stats() {
  return section(
    100,
    'Now',
    statPanel({
      id: 1, title: 'Redis', unit: 'none', noValue: 'unknown',
      description:
        'Whether the last poll could read every Redis that is selected (bullmq_up). Unknown: no exporter is scraped.',
      queries: { redis: `min(${kRedisServers.series('bullmq_up')})` },
      thresholds: [kBad, [1, kGood]], mappings: [mapping({ 0: ['down', kBad], 1: ['up', kGood] })],
    }),
    statPanel({
      id: 2, title: 'Queues', unit: 'short', course: true, thresholds: [kNeutral],
      description: 'Queues that the exporter knows, those that it cannot read among them.',
      queries: {
        queues:
          `sum(${once(`count without (prefix, queue) (${kQueues.series('bullmq_queue_up')})`)})`,
      },
    }),
    statPanel({
      id: 3, title: 'Waiting', unit: 'short', course: true,
      description:
        'Jobs that a worker could take: waiting, prioritized, and those held by a pause.',
      queries: { waiting: total('state', 'bullmq_queue_jobs', kBacklog) },
      thresholds: [kNeutral, [10_000, kWarning], [100_000, kBad]],
    }),
    statPanel({
      id: 4, title: 'Active', unit: 'short', course: true, thresholds: [kNeutral],
      description: 'Jobs that workers hold now.',
      queries: { active: total('state', 'bullmq_queue_jobs', 'state="active"') },
    }),
    statPanel({
      id: 5, title: 'Oldest waiting', unit: 's', course: true,
      description:
        'How long the job that waits longest has been ready. Exact for queues that are first in, first out, ' +
        'else at least this long; a retried job counts from its last attempt.',
      queries: {
        age: orZero(
          since(`min(${kQueues.series('bullmq_queue_oldest_waiting_job_timestamp_seconds')})`),
          kQueues,
        ),
      },
      thresholds: [kGood, [300, kWarning], [900, kBad]],
    }),
    statPanel({
      id: 6, title: 'Finished', course: true, unit: 'suffix: /s', decimals: 1,
      thresholds: [kNeutral], noValue: 'not kept',
      description:
        'Jobs that ended, completed or failed, each second. Only of queues whose workers keep metrics ' +
        '(the option metrics of a Worker).',
      queries: {
        finished:
          `sum(${kQueues.sumOfRates('prefix, queue, outcome', 'bullmq_queue_finished_jobs_total')})`,
      },
    }),
    statPanel({
      id: 7, title: 'Recent failures', unit: 'short', course: true,
      description:
        "Failed jobs within the exporter's window (an hour unless configured) that are still in Redis.",
      queries: { failures: orZero(total('name, reason', 'bullmq_queue_recent_failures'), kQueues) },
      thresholds: [kGood, [1, kWarning], [100, kBad]],
    }),
    statPanel({
      id: 8, title: 'Without a worker', unit: 'short',
      description:
        'Queues in which jobs wait, which are not paused, and on which no worker is connected. Workers that ' +
        'may not name their connection are not seen.',
      queries: {
        queues:
          `sum((${backlog(kQueues)} > bool 0) * (${workers} == bool 0) * (${paused} == bool 0))`,
      },
      thresholds: [kGood, [1, kBad]],
    }),
  );
}

/** Each queue that needs somebody, with what is wrong; the value is a number of jobs or schedulers. */
function problems() {
  const problem = (what, expression) =>
    `label_replace(${expression}, "problem", "${what}", "", "")`;
  const waiting = backlog(kQueues);
  const matching = `on (${kQueueLabels})`;
  const late = (timestamp) => `time() - ${kQueues.last(timestamp)} > 120`;
  return [
    problem('cannot be read', `${kQueues.last('bullmq_queue_up')} == 0`),
    problem(
      'no worker',
      `${waiting} > 0 and ${matching} ${workers} == 0 unless ${matching} ${paused} == 1`,
    ),
    problem('paused with jobs', `${waiting} > 0 and ${matching} ${paused} == 1`),
    problem(
      'job waits over 15 min',
      `${waiting} > 0 and ${matching} time() - ${oldestWaiting} > 900`,
    ),
    problem(
      'delayed jobs overdue',
      `${kQueues.last('bullmq_queue_overdue_delayed_jobs')} and ${matching} ` +
        `${late('bullmq_queue_next_delayed_job_timestamp_seconds')}`,
    ),
    problem(
      'schedulers overdue',
      `${kQueues.last('bullmq_queue_overdue_schedulers')} and ${matching} ` +
        `${late('bullmq_queue_next_scheduled_timestamp_seconds')}`,
    ),
    problem(
      'rate limited',
      `${waiting} and ${matching} ${kQueues.last('bullmq_queue_rate_limited')} == 1`,
    ),
  ].join('\nor ');
}

function attention() {
  return section(
    101,
    'What needs somebody',
    tablePanel({
      id: 10, title: 'Queues that need a look', width: 12, height: 8, noValue: 'none',
      description:
        'What is wrong with which queue, from the counts alone; it needs no rules. The number is that of the ' +
        'jobs or schedulers concerned.',
      labels: [
        ['problem', 165],
        ['queue', undefined, linksOf(kRowLinks.inDepth, kRowLinks.failedJobs)],
        ['redis', 80],
        ['prefix', 60],
      ],
      hidden: ['namespace'],
      columns: [
        {
          key: 'concerned', title: 'concerned', unit: 'short', width: 100,
          expr: top(problems(), kRows),
        },
      ],
      sortBy: 'concerned',
    }),
    tablePanel({
      id: 11, title: 'Alerts', width: 12, height: 8, noValue: 'No alert is pending or firing',
      description:
        'Alerts of the rules that come with bullmq_exporter, where this Prometheus evaluates them.',
      labels: [
        ['alertname', undefined, linksOf(kAlertLink)],
        ['alertstate', 75],
        ['severity', 70],
        ['redis', 70],
        ['queue', 110],
      ],
      columns: [
        {
          key: 'alerts', title: 'alerts', unit: 'short', width: 50,
          expr: `count by (alertname, alertstate, severity, redis, queue) (${kQueues.last('ALERTS', 'alertname=~"Bullmq.+"')})`,
        },
      ],
    }),
  );
}

function queues() {
  const state = (name) =>
    ofTheBusiest(kQueues.sum('state', 'bullmq_queue_jobs', `state="${name}"`));
  return section(
    102,
    'Queues',
    tablePanel({
      id: 20, title: `Queues: the ${kRows} with the most jobs`, width: 24, height: 11,
      description:
        'A row for each queue; completed jobs that are kept do not count for the order. Failures are the recent ' +
        'ones, failed kept are all in Redis. A name leads to the ' +
        'queue in depth, to its failures, and to its failed jobs in the Jobs API.',
      labels: [
        ['queue', undefined, linksOf(kRowLinks.inDepth, kRowLinks.failures, kRowLinks.failedJobs)],
        ['redis', 80],
        ['prefix', 60],
        ['namespace', 90],
      ],
      columns: [
        {
          key: 'status', title: 'status', unit: 'none', width: 85,
          expr: ofTheBusiest(`(${queueStatus(kQueues)})`),
          properties: [
            coloredBackground,
            mapped({ 0: ['unreadable', kBad], 1: ['running', kGood], 2: ['paused', 'yellow'] }),
          ],
        },
        {
          key: 'waiting', title: 'waiting', unit: 'short', width: 70,
          expr: ofTheBusiest(backlog(kQueues)),
        },
        { key: 'active', title: 'active', unit: 'short', width: 60, expr: state('active') },
        { key: 'delayed', title: 'delayed', unit: 'short', width: 70, expr: state('delayed') },
        {
          key: 'workers', title: 'workers', unit: 'short', width: 75,
          expr: ofTheBusiest(workers),
          properties: [coloredText, colorAbove(kWarning, [1, 'text'])],
        },
        {
          key: 'oldest', title: 'oldest waiting', unit: 's', width: 110,
          expr: ofTheBusiest(since(oldestWaiting)),
          properties: [coloredText, colorAbove('text', [300, kWarning], [900, kBad])],
        },
        {
          key: 'added', title: 'added /s', unit: 'short', width: 75,
          expr: ofTheBusiest(kQueues.rate('bullmq_queue_job_ids_total')),
          properties: [{ id: 'decimals', value: 2 }],
        },
        {
          key: 'finished', title: 'finished /s', unit: 'short', width: 85,
          expr: ofTheBusiest(kQueues.sumOfRates('outcome', 'bullmq_queue_finished_jobs_total')),
          properties: [{ id: 'decimals', value: 2 }],
        },
        {
          key: 'failures', title: 'failures', unit: 'short', width: 80,
          expr: ofTheBusiest(recentFailures),
          properties: [coloredText, colorAbove('text', [1, kWarning], [100, kBad])],
        },
        { key: 'failed', title: 'failed kept', unit: 'short', width: 90, expr: state('failed') },
      ],
      sortBy: 'waiting',
    }),
  );
}

const byQueue = '{{queue}}';
const links = [kSeriesLinks.inDepth, kSeriesLinks.failedJobs];

function work() {
  return section(
    103,
    'Work',
    linesPanel({
      id: 30, title: `Waiting: top ${kLines} queues`, width: 12, unit: 'short', links, noValue: 'nothing waits',
      description:
        'Jobs that a worker could take: waiting, prioritized, and those held by a pause. ' +
        'Queues in which none waits have no line.',
      queries: { [byQueue]: top(waitingNow) },
    }),
    linesPanel({
      id: 31, title: `Oldest waiting job: top ${kLines} queues`, width: 12, unit: 's', links,
      noValue: 'nothing waits',
      description:
        'How long the job that waits longest has been ready. The dashed lines stand at 5 and 15 minutes.',
      queries: { [byQueue]: top(since(oldestWaiting)) },
      thresholds: ['transparent', [300, kWarning], [900, kBad]],
    }),
    linesPanel({
      id: 32, title: 'Added and finished jobs', width: 12, unit: 'suffix: /s',
      description:
        'Added are ids that queues have given out; duplicates count, too. Completed and failed are known of ' +
        'queues whose workers keep metrics.',
      queries: {
        added: `sum(${kQueues.sumOfRates('prefix, queue', 'bullmq_queue_job_ids_total')})`,
        '{{outcome}}':
          `sum by (outcome) (${kQueues.sumOfRates('prefix, queue', 'bullmq_queue_finished_jobs_total')})`,
      },
    }),
    linesPanel({
      id: 33, title: 'Jobs by state', width: 12, unit: 'short', stacked: true,
      description: 'Jobs that are not finished, of all queues together.',
      queries: {
        '{{state}}':
          `sum by (state) (${kQueues.sum('prefix, queue', 'bullmq_queue_jobs', 'state!~"completed|failed"')})`,
      },
    }),
  );
}

function troubles() {
  return section(
    104,
    'Failures, workers, delays',
    linesPanel({
      id: 40, title: `Recent failures: top ${kLines} reasons`, width: 12, unit: 'short',
      noValue: 'no failures',
      description: "Failed jobs within the exporter's window, by class of their reason.",
      queries: {
        '{{reason}}': top(
          `sum by (reason) (${kQueues.sum('prefix, queue, name', 'bullmq_queue_recent_failures')})`,
        ),
      },
    }),
    linesPanel({
      id: 41, title: `Recent failures: top ${kLines} queues`, width: 12, unit: 'short',
      noValue: 'no failures', links: [kSeriesLinks.failures, kSeriesLinks.failedJobs],
      description: "Failed jobs within the exporter's window, by queue.",
      queries: { [byQueue]: top(recentFailures) },
    }),
    linesPanel({
      id: 42, title: `Workers: top ${kLines} queues`, width: 12, unit: 'short', links,
      description:
        'Workers that are connected by the name of their queue; absent where the server forbids CLIENT LIST.',
      queries: { [byQueue]: top(workers) },
    }),
    linesPanel({
      id: 43, title: `Overdue jobs and schedulers: top ${kLines}`, width: 12, unit: 'short', links,
      description:
        'Delayed jobs and schedulers whose time is past and which nobody has moved on. A few for up to a second ' +
        'are usual.',
      queries: {
        '{{queue}} jobs': top(`${kQueues.last('bullmq_queue_overdue_delayed_jobs')} > 0`),
        '{{queue}} schedulers': top(`${kQueues.last('bullmq_queue_overdue_schedulers')} > 0`),
      },
      noValue: 'nothing is overdue',
    }),
  );
}

export function overviewDashboard() {
  return dashboard({
    key: 'overview', title: 'BullMQ / Overview',
    description:
      'All queues of BullMQ that bullmq_exporter sees: what needs somebody, a table of the queues, work and failures.',
    variables: overviewVariables(),
    annotations: [restarts(), pauseBegins(kQueues), alerts(kQueues)],
    sections: [stats(), attention(), queues(), work(), troubles()],
  });
}
