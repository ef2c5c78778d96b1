/**
 * Oracle test of one BullMQ (or Bull) version:
 *
 *   node oracle.mjs bullmq-5.81.5 PATH_OF_bullmq_exporter
 *
 * Real objects of that version build queues of every shape on a private Redis; then everything that
 * the real exporter says of them is compared with what the version's own getters say. Prints the
 * number of comparisons and every difference; exits 0 only when there is none.
 *
 * A program and no `node:test`: BullMQ leaves timers of an hour behind, so it has to exit itself.
 */

import { kStates } from './lib/any_version.mjs';
import { BullVersion } from './lib/bull_version.mjs';
import { BullmqVersion } from './lib/bullmq_version.mjs';
import { Comparison } from './lib/comparison.mjs';
import { Exporter } from './lib/exporter.mjs';
import { compareLive } from './lib/live_comparison.mjs';
import { readFacts } from './lib/oracle_view.mjs';
import { askExporter, QueueComparison, samplesOf } from './lib/queue_comparison.mjs';
import { RedisServer } from './lib/redis_server.mjs';
import { compareSettled } from './lib/settled_comparison.mjs';
import { until } from './lib/until.mjs';
import { buildShapes } from './shapes/all.mjs';
import { rawCount } from './shapes/build_tools.mjs';
import { kPrefixes } from './shapes/names.mjs';

/** The whole run ends by then, with its Redis and exporter, rather than be killed by its runner. */
const kDeadline = 240_000;
const kFewestComparisons = 5_000;
const kTarget = 'default';

/** Every shape must stand in Redis as its builder says, or the comparison would compare nothing. */
async function checkShapes({ comparison, version, redis, entries }) {
  for (const { shape, queue, counts, isLate, workers } of entries) {
    for (const [state, count] of Object.entries(counts)) {
      comparison.equal(`built '${shape}' ${state}`, await rawCount(redis.client, queue, state), count);
    }
    if (!isLate) {
      await until(`'${shape}' to have ${workers} workers`, async () =>
        (await version.workerCount(queue)) === workers);
    }
  }
}

/** The entry as an exporter of these prefixes names it: the longest prefix that fits, and the rest. */
function seenThrough(prefixes, entry) {
  const whole = `${entry.prefix}:${entry.name}`;
  const [prefix] = prefixes.filter((one) => whole.startsWith(`${one}:`))
    .sort((left, right) => right.length - left.length);
  return prefix && { ...entry, prefix, name: whole.slice(prefix.length + 1) };
}

/** The samples of /metrics as soon as they show `count` queues. */
async function samplesOfAll(exporter, count) {
  let shown;
  try {
    return await until('/metrics to show every queue', async () => {
      exporter.process.assertRunning();
      const samples = await exporter.metrics();
      shown = samples.filter(({ name }) => name === 'bullmq_queue_up').length;
      return shown >= count && samples;
    });
  } catch (error) {
    throw new Error(`${error.message}: it shows ${shown} of ${count}\n${exporter.process.output}`);
  }
}

/** Asks the exporter everything about `entries`, then compares it with the getters. */
async function compareAll({ exporter, comparison, version, redis, entries, isSeveral }) {
  const single = (samples, family) => samples.find(({ name }) => name === family)?.value;
  const place = ({ prefix, name }) => JSON.stringify(isSeveral ? [prefix, name] : [name]);
  const extraOf = ({ prefix }) => (isSeveral ? { redis: kTarget, prefix } : {});
  const selectionOf = ({ prefix }) =>
    (isSeveral ? `&redis=${kTarget}&prefix=${encodeURIComponent(prefix)}` : '');

  const samples = await samplesOfAll(exporter, entries.length);
  comparison.equal('bullmq_up', single(samples, 'bullmq_up'), 1);
  comparison.equal('bullmq_exporter_queues', single(samples, 'bullmq_exporter_queues'), entries.length);
  const list = await exporter.ask('/v1/jobs/queues');
  const objects = new Map((list.json.queues ?? []).map((object) => [place(object), object]));
  comparison.equal('names in the list', [...objects.keys()].sort(), entries.map(place).sort());

  // All of the exporter's answers come first: getters may pop markers, Queue objects write `meta`.
  const asked = [];
  for (const entry of entries) {
    const states = {};
    for (const state of kStates) states[state] = await rawCount(redis.client, entry.queue, state);
    asked.push({ entry, answers: await askExporter(exporter, entry, states, selectionOf(entry)),
      facts: await readFacts(redis.client, entry.queue) });
  }
  for (const { entry, answers, facts } of asked) {
    entry.queue = await entry.open();
    const one = new QueueComparison({ comparison, version, redis: redis.client, entry, facts });
    await one.compare({ listed: objects.get(place(entry)), answers,
      samples: samplesOf(samples, entry), extra: extraOf(entry) });
  }
}

async function compareWithExporter(run, binary, prefixes, { isLive }) {
  const entries = run.entries.filter(({ listed }) => listed)
    .flatMap((entry) => seenThrough(prefixes, entry) ?? []);
  const exporter = await Exporter.start({ binary, redisUrl: run.redis.url, prefixes });
  try {
    await compareAll({ ...run, exporter, entries, isSeveral: prefixes.length > 1 });
    if (isLive) await compareLive({ ...run, exporter });
  } finally {
    run.comparison.equal('exit status after SIGTERM', await exporter.stop(), 0);
  }
}

async function main(packageName, binary) {
  const [, kind, number] = /^(bull|bullmq)-(\d.*)$/.exec(packageName ?? '') ?? [];
  if (!kind || !binary) {
    throw new Error('usage: node oracle.mjs bullmq-5.81.5 PATH_OF_bullmq_exporter');
  }
  const comparison = new Comparison();
  const redis = await RedisServer.start();
  let version;
  try {
    version = new (kind === 'bull' ? BullVersion : BullmqVersion)(number, redis.connection);
    const entries = await buildShapes(version, { redis: redis.client });
    const run = { comparison, version, redis, entries };
    await checkShapes(run);
    await compareWithExporter(run, binary, kPrefixes.slice(0, 1), { isLive: true });
    await compareWithExporter(run, binary, kPrefixes.slice(1), { isLive: false });
    await compareSettled(run, binary);
    console.log(`${packageName}: ${entries.length} queues, ${comparison.summary()}`);
  } finally {
    await version?.close();
    await redis.stop();
  }
  for (const difference of comparison.differences) console.log(`  ${difference}`);
  if (comparison.comparisons < kFewestComparisons) {
    throw new Error(`only ${comparison.comparisons} comparisons: the shapes are missing`);
  }
  return comparison.differences.length === 0;
}

const deadline = new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`not done after ${kDeadline} ms`)), kDeadline);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => fail(new Error(signal)));
});
try {
  const isEqual = await Promise.race([main(...process.argv.slice(2)), deadline]);
  process.exit(isEqual ? 0 : 1);
} catch (error) {
  console.error(error.stack);
  process.exit(1);
}
