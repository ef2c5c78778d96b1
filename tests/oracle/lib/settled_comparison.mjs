/**
 * Queues in which nothing happens and then something does that no length tells: the exporter keeps
 * what it read of them from poll to poll for as long as no length and no event changes.
 */

import { addMany, hour, untilCounts } from '../shapes/build_tools.mjs';
import { Exporter } from './exporter.mjs';
import { readFacts } from './oracle_view.mjs';
import { until } from './until.mjs';

const kPrefix = 'settled';
/** The polls after which a queue in which nothing happens is settled, and one more. */
const kPolls = 4;
const kTimeout = 20_000;

const kFamilies = {
  oldestWaiting: 'bullmq_queue_oldest_waiting_job_timestamp_seconds',
  nextDelayed: 'bullmq_queue_next_delayed_job_timestamp_seconds',
  lastCompleted: 'bullmq_queue_last_completed_timestamp_seconds',
};

const noop = async () => 'ok';

/** Works until `count` more jobs have completed, of which the queue keeps one. */
async function workOnOne({ version, redis }, queue) {
  const worker = await version.worker(queue, noop);
  await version.add(queue, 'kept', {}, { removeOnComplete: 1 });
  await untilCounts({ redis: redis.client }, queue, { waiting: 0, active: 0, completed: 1 });
  await version.closeWorker(worker);
}

/** Each builds its queue and returns what changes it, or nothing where the version cannot do that. */
const kCases = {
  async 'the only delayed job is put off'(run, queue) {
    const [job] = await addMany(run.version, queue, 1, 'late', undefined, () => ({ delay: hour }));
    return job.changeDelay && (() => job.changeDelay(2 * hour));
  },
  async 'a delayed job is replaced'(run, queue) {
    const [job] = await addMany(run.version, queue, 1, 'late', undefined, () => ({ delay: hour }));
    return async () => {
      await job.remove();
      await run.version.add(queue, 'later', {}, { delay: 3 * hour });
    };
  },
  async 'the oldest job gets the last priority'(run, queue) {
    const [oldest] = await addMany(run.version, queue, 3, 'urgent', undefined,
      (index) => ({ priority: [3, 1, 5][index], timestamp: Date.now() - hour + 1000 * index }));
    return oldest.changePriority && (() => oldest.changePriority({ priority: 9 }));
  },
  async 'a job completes and drives out the one before'(run, queue) {
    await workOnOne(run, queue);
    return () => workOnOne(run, queue);
  },
};

/** {fact: value} of a queue, as the exporter shows it. */
async function shownOf(exporter, queue) {
  const samples = (await exporter.metrics()).filter(({ labels }) => labels.queue === queue.name);
  return Object.fromEntries(Object.entries(kFamilies).map(([fact, family]) =>
    [fact, samples.find(({ name }) => name === family)?.value]));
}

async function factsOf({ redis }, queue) {
  const facts = await readFacts(redis.client, queue);
  return Object.fromEntries(Object.keys(kFamilies).map((fact) => [fact, facts[fact]]));
}

const isSame = (left, right) => Object.keys(kFamilies).every((fact) => left[fact] === right[fact]);

async function compareOne(run, exporter, { title, queue, change }) {
  const expected = await factsOf(run, queue);
  const where = `${title}, ${change ? 'before' : 'after'}:`;
  try {
    await until(where, async () => isSame(await shownOf(exporter, queue), expected), kTimeout);
  } catch {
    // The comparison below tells what it shows instead.
  }
  run.comparison.fields(where, await shownOf(exporter, queue), expected);
}

async function pollsOf(exporter) {
  const samples = await exporter.metrics();
  return samples.find(({ name }) => name === 'bullmq_exporter_poll_duration_seconds_count')?.value;
}

export async function compareSettled(run, binary) {
  const cases = [];
  for (const [title, build] of Object.entries(kCases)) {
    const queue = await run.version.queue(title.replaceAll(' ', '-'), kPrefix);
    const change = await build(run, queue);
    if (change) cases.push({ title, queue, change });
  }
  const exporter = await Exporter.start({ binary, redisUrl: run.redis.url, prefixes: [kPrefix],
    config: 'poll: {slow_interval: 1h}' });  // when everything is read again
  try {
    for (const one of cases) await compareOne(run, exporter, one);
    const before = await pollsOf(exporter);
    await until(`${kPolls} polls`, async () => (await pollsOf(exporter)) >= before + kPolls);
    for (const one of cases) {
      await one.change();
      one.change = undefined;
    }
    for (const one of cases) await compareOne(run, exporter, one);
  } finally {
    run.comparison.equal('exit status after SIGTERM', await exporter.stop(), 0);
  }
}
