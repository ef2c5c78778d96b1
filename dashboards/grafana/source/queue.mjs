/** One queue in depth: what it holds, how it moves, who works on it, what is due, what fails. */

import { alerts, pauses, restarts } from './annotations.mjs';
import { kBad, kGood, kNeutral, kWarning } from './colors.mjs';
import { dashboard, section } from './dashboard.mjs';
import { kVariableLinks } from './links.mjs';
import {
  linesPanel,
  mapping,
  redGauge,
  statesPanel,
  statPanel,
  tablePanel,
  textPanel,
} from './panels.mjs';
import { backlog, kOneQueue, orZero, queueStatus, since } from './promql.mjs';
import { oneQueueVariables } from './variables.mjs';

const jobs = (...matchers) => kOneQueue.last('bullmq_queue_jobs', ...matchers);
const sumOfJobs = (...matchers) => `sum(${jobs(...matchers)})`;
const age = (timestamp) => since(`min(${kOneQueue.series(timestamp)})`);
const due = (timestamp) => `min(${kOneQueue.series(timestamp)}) - time()`;
const failures = (labels) => kOneQueue.sum(labels, 'bullmq_queue_recent_failures', 'name=~"$name"');
const finished = (outcome) =>
  `sum(${kOneQueue.rate('bullmq_queue_finished_jobs_total', `outcome="${outcome}"`)})`;
const kRate = { unit: 'suffix: /s', decimals: 2, thresholds: [kNeutral], course: true };
const kCount = { unit: 'short', thresholds: [kNeutral], course: true };
const kStatus = { 0: ['unreadable', kBad], 1: ['running', kGood], 2: ['paused', 'yellow'] };
const toFailedJobs = [kVariableLinks.failures, kVariableLinks.failedJobs];

function now() {
  return section(
    100,
    'Now',
    statPanel({
      id: 1, title: 'Status', unit: 'none', noValue: 'unknown', mappings: [mapping(kStatus)],
      description:
        'Whether the exporter can read the queue, and whether it is paused (all of it; a worker that is paused by ' +
        'itself cannot be seen).',
      queries: { status: `max(${queueStatus(kOneQueue)})` },
      thresholds: [kBad, [1, kGood], [2, 'yellow']],
    }),
    statPanel({
      id: 2, title: 'Waiting',
      ...kCount,
      description:
        'Jobs that a worker could take: waiting, prioritized, and those held by a pause.',
      queries: { waiting: `sum(${backlog(kOneQueue)})` },
    }),
    statPanel({
      id: 3, title: 'Active',
      ...kCount,
      description: 'Jobs that workers hold now.',
      queries: { active: sumOfJobs('state="active"') },
    }),
    statPanel({
      id: 4, title: 'Delayed',
      ...kCount,
      description: 'Jobs for later, retries with backoff among them.',
      queries: { delayed: sumOfJobs('state="delayed"') },
    }),
    statPanel({
      id: 5, title: 'Workers', unit: 'short', thresholds: [kWarning, [1, kGood]],
      noValue: 'unknown',
      description:
        'Connected workers that name themselves after the queue. How many jobs each takes at once is not in Redis.',
      queries: { workers: `max(${kOneQueue.series('bullmq_queue_workers')})` },
    }),
    statPanel({
      id: 6, title: 'Oldest waiting', unit: 's', thresholds: [kGood, [300, kWarning], [900, kBad]],
      course: true,
      description:
        'How long the job that waits longest has been ready. Exact where the queue is first in, first out.',
      queries: { age: orZero(age('bullmq_queue_oldest_waiting_job_timestamp_seconds'), kOneQueue) },
    }),
    statPanel({
      id: 7, title: 'Oldest active', unit: 's', thresholds: [kGood, [4 * 3600, kWarning]],
      course: true,
      description: 'How long the job that is active longest has been worked on.',
      queries: { age: orZero(age('bullmq_queue_oldest_active_job_timestamp_seconds'), kOneQueue) },
    }),
    statPanel({
      id: 8, title: 'Recent failures', unit: 'short',
      thresholds: [kGood, [1, kWarning], [100, kBad]], links: toFailedJobs, course: true,
      description:
        "Failed jobs within the exporter's window (an hour unless configured) that are still in Redis.",
      queries: { failures: orZero(`sum(${failures('name, reason')})`, kOneQueue) },
    }),
    statPanel({
      id: 9, title: 'Added',
      ...kRate,
      description: 'Ids given out each second; duplicates count, too.',
      queries: { added: `sum(${kOneQueue.rate('bullmq_queue_job_ids_total')})` },
    }),
    statPanel({
      id: 10, title: 'Completed',
      ...kRate,
      noValue: 'not kept',
      description:
        'Jobs completed each second, where workers keep metrics (the option metrics of a Worker).',
      queries: { completed: finished('completed') },
    }),
    statPanel({
      id: 11, title: 'Failed',
      ...kRate,
      thresholds: [kGood, [0.001, kWarning]], noValue: 'not kept',
      description: 'Jobs failed for good each second, where workers keep metrics.',
      queries: { failed: finished('failed') },
    }),
    statPanel({
      id: 12, title: 'Time to drain', unit: 's', thresholds: [kGood, [6 * 3600, kWarning]],
      noValue: 'not draining',
      description:
        'When nothing would wait any more if it went on as in the last ten minutes. Nothing while it grows.',
      queries: {
        left: `sum(${backlog(kOneQueue)}) / -(sum(deriv(${backlog(kOneQueue)}[10m:1m])) < 0)`,
      },
    }),
    statPanel({
      id: 13, title: 'Waiting parents',
      ...kCount,
      description: 'Parents of flows whose children are not done.',
      queries: { parents: sumOfJobs('state="waiting-children"') },
    }),
    statPanel({
      id: 14, title: 'Completed kept',
      ...kCount,
      description:
        'Completed jobs that are still in Redis: as many as removeOnComplete keeps, not all there ever were.',
      queries: { completed: sumOfJobs('state="completed"') },
    }),
    statPanel({
      id: 15, title: 'Failed kept',
      ...kCount,
      links: toFailedJobs,
      description: 'Failed jobs that are still in Redis: as many as removeOnFail keeps.',
      queries: { failed: sumOfJobs('state="failed"') },
    }),
    statPanel({
      id: 16, title: 'Last completed', unit: 's', thresholds: [kGood], noValue: 'none kept',
      description:
        'How long ago a job that is kept completed last: it grows while work stands still.',
      queries: { age: age('bullmq_queue_last_completed_timestamp_seconds') },
    }),
  );
}

function moves() {
  return section(
    101,
    'Jobs',
    linesPanel({
      id: 20, title: 'Jobs by state', width: 12, unit: 'short', stacked: true,
      description: 'Jobs that are not finished.',
      queries: { '{{state}}': `sum by (state) (${jobs('state!~"completed|failed"')})` },
    }),
    linesPanel({
      id: 21, title: 'Added and finished jobs', width: 12, unit: 'suffix: /s',
      description: 'Where added stays above completed and failed together, the queue grows.',
      queries: {
        added: `sum(${kOneQueue.rate('bullmq_queue_job_ids_total')})`,
        '{{outcome}}': `sum by (outcome) (${kOneQueue.rate('bullmq_queue_finished_jobs_total')})`,
      },
    }),
    linesPanel({
      id: 22, title: 'Ages', width: 12, unit: 's',
      description:
        'The job that waits longest and the one that is active longest; how long since one completed, and since ' +
        'one failed. The dashed lines stand at 5 and 15 minutes, for the waiting one.',
      queries: {
        'oldest waiting': age('bullmq_queue_oldest_waiting_job_timestamp_seconds'),
        'oldest active': age('bullmq_queue_oldest_active_job_timestamp_seconds'),
        'since one completed': age('bullmq_queue_last_completed_timestamp_seconds'),
        'since one failed': age('bullmq_queue_last_failure_timestamp_seconds'),
      },
      thresholds: ['transparent', [300, kWarning], [900, kBad]],
    }),
    linesPanel({
      id: 23, title: 'Jobs kept after their end', width: 12, unit: 'short',
      description:
        'Completed and failed jobs in Redis. They fill its memory where removeOnComplete and removeOnFail set no bound.',
      queries: { '{{state}}': `sum by (state) (${jobs('state=~"completed|failed"')})` },
    }),
  );
}

function workersAndLimits() {
  return section(
    102,
    'Workers and limits',
    linesPanel({
      id: 30, title: 'Workers and active jobs', width: 12, unit: 'short',
      description:
        'The limit is that of the queue (setGlobalConcurrency); none is shown where there is none.',
      queries: {
        workers: `max(${kOneQueue.series('bullmq_queue_workers')})`,
        active: sumOfJobs('state="active"'),
        'concurrency limit': `max(${kOneQueue.series('bullmq_queue_concurrency_limit')})`,
      },
    }),
    statesPanel({
      id: 31, title: 'Status and rate limit', width: 12,
      description:
        'Paused or not, readable or not; and whether the rate limit holds workers back now. A limit that only a ' +
        'worker has cannot be read: then the second line has gaps.',
      queries: {
        queue: `max(${queueStatus(kOneQueue)})`,
        'rate limit': `max(${kOneQueue.series('bullmq_queue_rate_limited')}) + 10`,
      },
      mappings: [mapping({ ...kStatus, 10: ['free', kGood], 11: ['limited', kWarning] })],
    }),
  );
}

function later() {
  return section(
    103,
    'Delayed jobs and schedulers',
    linesPanel({
      id: 40, title: 'Delayed jobs and schedulers', width: 8, unit: 'short',
      description: 'Schedulers that have ended stay in their set and are counted.',
      queries: {
        delayed: sumOfJobs('state="delayed"'),
        schedulers: `max(${kOneQueue.series('bullmq_queue_schedulers')})`,
      },
    }),
    linesPanel({
      id: 41, title: 'Next in', width: 8, unit: 's', min: null, noValue: 'nothing is due',
      thresholds: [kBad, [0, 'transparent']],
      description:
        'Time until the next delayed job and the next run of a scheduler. Below 0 they are late, ' +
        'or the exporter has not looked again since (it looks at schedulers each poll.slow_interval).',
      queries: {
        'delayed job': due('bullmq_queue_next_delayed_job_timestamp_seconds'),
        scheduler: due('bullmq_queue_next_scheduled_timestamp_seconds'),
      },
    }),
    linesPanel({
      id: 42, title: 'Overdue', width: 8, unit: 'short',
      description:
        'Whose time is past and which nobody has moved on. A few for up to a second are usual.',
      queries: {
        'delayed jobs': `max(${kOneQueue.series('bullmq_queue_overdue_delayed_jobs')})`,
        schedulers: `max(${kOneQueue.series('bullmq_queue_overdue_schedulers')})`,
      },
    }),
  );
}

function failed() {
  return section(
    104,
    'Failures',
    linesPanel({
      id: 50, title: 'Recent failures by reason', width: 12, unit: 'short', stacked: true,
      links: toFailedJobs, noValue: 'no failures',
      description: "Failed jobs within the exporter's window, by class of their reason.",
      queries: { '{{reason}}': `topk(10, sum by (reason) (${failures('name')}))` },
    }),
    tablePanel({
      id: 51, title: 'What fails how', width: 12, height: 8, noValue: 'no failures',
      description: 'Job name and class of the reason, of the failures within the window.',
      labels: [
        ['reason', undefined],
        ['name', 135],
      ],
      columns: [
        {
          key: 'failures', title: 'failures', unit: 'short', width: 150,
          expr: `topk(50, sum by (reason, name) (${kOneQueue.last('bullmq_queue_recent_failures', 'name=~"$name"')}) > 0)`,
          properties: redGauge,
        },
      ],
      sortBy: 'failures',
    }),
  );
}

const kApi = '${api}/v1/jobs/queues/${queue:percentencode}';
const kSelection = 'redis=${redis:percentencode}&prefix=${prefix:percentencode}';

function details() {
  const list = (status, order) =>
    `curl -H "X-API-KEY: $KEY" '${kApi}?status=${status}&order=${order}&${kSelection}'`;
  return section(
    105,
    'The jobs themselves',
    textPanel({
      id: 60, title: 'Ask the Jobs API', width: 16, height: 7,
      description:
        'Ready to be pasted into a shell; the variable Jobs API at the top says where the API is.',
      content: [
        'Metrics have no jobs. With a key in `KEY`:',
        '',
        '```sh',
        list('failed', 'desc'),
        list('active', 'asc'),
        list('waiting', 'asc'),
        '```',
      ].join('\n'),
    }),
    tablePanel({
      id: 61, title: 'Library', width: 8, height: 7,
      description:
        'The version of BullMQ that wrote the settings of the queue last; workers may have others. Empty for Bull.',
      labels: [
        ['version', undefined],
        ['redis', 90],
        ['prefix', 70],
      ],
      columns: [
        {
          key: 'queues', title: 'queues', unit: 'short', width: 80,
          expr: `sum by (redis, prefix, version) (${kOneQueue.last('bullmq_queue_info')})`,
        },
      ],
    }),
  );
}

export function queueDashboard() {
  return dashboard({
    key: 'queue', title: 'BullMQ / Queue',
    description:
      'One queue of BullMQ in depth: its jobs, workers, delays, schedulers and failures.',
    variables: oneQueueVariables(),
    annotations: [restarts(), pauses(kOneQueue), alerts(kOneQueue)],
    sections: [now(), moves(), workersAndLimits(), later(), failed(), details()],
  });
}
