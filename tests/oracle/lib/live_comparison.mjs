/**
 * What the exporter says while work goes on: failures that come between its polls, jobs that fail
 * again after a retry by hand, and a queue that is younger than the last pass of discovery.
 */

import { addMany, untilCounts } from '../shapes/build_tools.mjs';
import { kReasonClasses } from '../shapes/failures.mjs';
import { until } from './until.mjs';

const kJobs = 60;
const kRetried = 5;
const kReasons = [...kReasonClasses].slice(0, 3);

/** The queue of the shape 'a queue that is to be worked on later'. */
export const kLiveQueue = 'live';

const isFailing = (index) => index % 3 === 0;
const reasonOf = (index) => kReasons[(index / 3) % kReasons.length];

/** {reason class: number} of the failures of these jobs. */
function classes(indexes) {
  const counts = {};
  for (const index of indexes) {
    const [, reasonClass] = reasonOf(index);
    counts[reasonClass] = (counts[reasonClass] ?? 0) + 1;
  }
  return counts;
}

/**
 * Waits until the exporter has seen `seen` failures and the jobs are where they belong, then compares
 * all that it says of them. Both, since a poll counts the sets first and reads the failures after that.
 */
async function compareFailures({ exporter, comparison }, where, { seen, recent, states }) {
  const ofQueue = async (family) => (await exporter.metrics())
    .filter(({ name, labels }) => name === family && labels.queue === kLiveQueue);
  const inState = async (state) => (await ofQueue('bullmq_queue_jobs'))
    .find(({ labels }) => labels.state === state)?.value;
  try {
    await until(`${seen} failures`, async () =>
      (await ofQueue('bullmq_queue_failures_seen_total'))[0]?.value >= seen &&
      (await inState('failed')) === states.failed, 15_000);
  } catch {
    // The comparison below tells what it has seen instead.
  }
  const [total] = await ofQueue('bullmq_queue_failures_seen_total');
  comparison.equal(`${where} bullmq_queue_failures_seen_total`, total?.value, seen);
  const shown = await ofQueue('bullmq_queue_recent_failures');
  comparison.fields(`${where} bullmq_queue_recent_failures`,
    Object.fromEntries(shown.map(({ labels, value }) => [labels.reason, value])), recent);
  for (const [state, count] of Object.entries(states)) {
    comparison.equal(`${where} bullmq_queue_jobs ${state}`, await inState(state), count);
  }
}

/** Works on the live queue while the exporter polls. */
async function compareWork(run) {
  const { version, redis } = run;
  const context = { redis: redis.client };
  const queue = await version.queue(kLiveQueue);
  const worker = await version.worker(queue, async (job) => {
    if (isFailing(job.data.index)) throw new Error(reasonOf(job.data.index)[0]);
    return 'ok';
  }, { concurrency: 5 });
  const jobs = await addMany(version, queue, kJobs, 'live', (index) => ({ index }));
  const failing = jobs.map((unused, index) => index).filter(isFailing);
  const states = { completed: kJobs - failing.length, failed: failing.length };
  await untilCounts(context, queue, states);
  const first = classes(failing);
  await compareFailures(run, 'work while polls go on:',
    { seen: failing.length, recent: first, states });

  const retried = failing.slice(0, kRetried);
  const again = async () => (await Promise.all(retried.map(async (index) =>
    (await queue.getJob(jobs[index].id))?.finishedOn)));
  const before = await again();
  for (const index of retried) await (await queue.getJob(jobs[index].id)).retry();
  await until('the retried jobs to fail again', async () =>
    (await again()).every((time, index) => time > before[index]));
  await untilCounts(context, queue, states);
  await version.closeWorker(worker);
  const second = classes(retried);
  await compareFailures(run, 'jobs that fail again after a retry by hand:', {
    seen: failing.length + kRetried, states,
    recent: Object.fromEntries(Object.entries(first)
      .map(([reason, count]) => [reason, count + (second[reason] ?? 0)])) });
}

/** The Jobs API asks Redis, so it knows a queue that discovery has not met yet. */
async function compareNewborn({ exporter, comparison, version }) {
  const queue = await version.queue('born-later');
  await addMany(version, queue, 3, 'young', (index) => ({ index }));
  const answer = await exporter.ask('/v1/jobs/queues/born-later?status=waiting');
  comparison.equal('a queue born a moment ago: status', answer.status, 200);
  comparison.equal('a queue born a moment ago: waiting', answer.json.counts?.waiting,
    (await version.counts(queue)).waiting);
  comparison.equal('a queue born a moment ago: ids', answer.json.jobs?.map(({ id }) => id),
    ['1', '2', '3']);
}

export async function compareLive(run) {
  await compareWork(run);
  await compareNewborn(run);
}
