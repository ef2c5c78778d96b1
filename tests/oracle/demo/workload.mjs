/**
 * The workload of scripts/demo, made by real BullMQ: `ingestion` and `indexing` with jobs, options
 * and failures as Open Archiver has them, and queues in states that those are seldom in.
 *
 *   node workload.mjs REDIS_PORT [REDIS_HOST] [--produce|--work]
 *
 * Adds jobs and works on them; with --produce or --work it does only that part. Prints `ready` when
 * there is something to see in every queue (with --work: when the workers are connected), and goes
 * on until SIGTERM. After SIGUSR2 every job of `indexing` fails.
 */

import { createRequire } from 'node:module';

import { until } from '../lib/until.mjs';

const { FlowProducer, Queue, UnrecoverableError, Worker } =
  createRequire(import.meta.url)('bullmq-5.81.5');

const [port, host = '127.0.0.1'] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isProducer = !process.argv.includes('--work');
const isWorker = !process.argv.includes('--produce');
const connection = { host, port: Number(port), maxRetriesPerRequest: null };
const kHour = 3_600_000;
const kMetrics = { maxDataPoints: 7 * 24 * 60 };

/** Open Archiver's defaults: five attempts with backoff; the last 1000 and 5000 jobs are kept. */
const kJobOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: { count: 1000 },
  removeOnFail: { count: 5000 },
};

/** Reasons as mail servers give them; the numbers and names in them differ each time. */
const kReasons = [
  () => `Connection timed out after ${randomBelow(9000) + 1000} ms`,
  () => `connect ECONNREFUSED 10.0.${randomBelow(255)}.${randomBelow(255)}:993`,
  () => `Mailbox user${randomBelow(500)}@example.org is over quota (9${randomBelow(9)}.5%)`,
  () => `Request to https://graph.example.com/v1.0/users/${randomBelow(9999)}/messages failed with status code 429`,
  () => `Ingestion source ${sourceId()} not found`,
];

function randomBelow(limit) {
  return Math.floor(Math.random() * limit);
}

function sourceId() {
  return `clx${Math.random().toString(36).slice(2, 10)}0000${Math.random().toString(36).slice(2, 12)}`;
}

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const queues = {};
for (const name of ['ingestion', 'indexing', 'sync-cycle-finished', 'exports', 'retention']) {
  queues[name] = new Queue(name, { connection, defaultJobOptions: kJobOptions });
}
const flows = new FlowProducer({ connection });

/** One job in `odds` fails; some for good at once, some until their attempts are used up. */
function failSometimes(odds) {
  if (randomBelow(odds) !== 0) return;
  const kind = randomBelow(kReasons.length);
  const reason = kReasons[kind]();
  throw kind === 4 ? new UnrecoverableError(reason) : new Error(reason);
}

async function ingest(job) {
  await sleep(randomBelow(40));
  await job.updateProgress(50);
  if (job.data.isHopeless) throw new Error(kReasons[0]());
  failSometimes(job.name === 'initial-import' ? 6 : 25);
  await job.log(`imported ${randomBelow(2000)} messages`);
  await queues.indexing.add('index-email-batch', {
    ingestionSourceId: job.data.ingestionSourceId, emails: randomBelow(50) });
  return { imported: randomBelow(2000) };
}

let isIndexBroken = false;
process.on('SIGUSR2', () => {
  isIndexBroken = true;
});

async function index() {
  await sleep(randomBelow(10));
  if (isIndexBroken) throw new UnrecoverableError('index emails is read-only');
  failSometimes(200);
  return { indexed: true };
}

async function finishCycle(job) {
  return { children: Object.keys(await job.getChildrenValues()).length };
}

const options = { connection, metrics: kMetrics };
const workers = !isWorker ? [] : [
  new Worker('ingestion', ingest, { ...options, concurrency: 5, name: 'ingestion-1' }),
  new Worker('ingestion', ingest, { ...options, concurrency: 5, name: 'ingestion-2' }),
  new Worker('indexing', index, { ...options, concurrency: 10 }),
  new Worker('sync-cycle-finished', finishCycle, options),
];

async function importOnce() {
  await queues.ingestion.add('initial-import', {
    ingestionSourceId: sourceId(), provider: ['google_workspace', 'microsoft_365', 'imap'][randomBelow(3)] });
}

/** A cycle of several mailboxes whose parent waits until all are done. */
async function syncCycle() {
  const ingestionSourceId = sourceId();
  await flows.add({
    name: 'sync-cycle-finished', queueName: 'sync-cycle-finished', data: { ingestionSourceId },
    opts: kJobOptions,
    children: Array.from({ length: 3 }, (unused, number) => ({
      name: 'process-mailbox', queueName: 'ingestion', opts: kJobOptions,
      data: { ingestionSourceId, userEmail: `user${number}@example.org` } })),
  });
}

/** Queues in states that need somebody: nobody works on exports, retention is paused and late. */
async function neglect() {
  for (let number = 0; number < 7; ++number) {
    await queues.exports.add('export-archive', { number }, number < 2 ? { priority: 1 + number } : {});
  }
  await queues.retention.add('apply-policy', { policy: 'seven-years' }, { delay: 6 * kHour });
  await queues.retention.add('apply-policy', { policy: 'thirty-days' }, { delay: 1 });
  await queues.retention.pause();
}

async function begin() {
  await queues.ingestion.upsertJobScheduler('schedule-continuous-sync', { every: 5_000 },
    { name: 'continuous-sync', data: { ingestionSourceId: sourceId() }, opts: kJobOptions });
  await neglect();
  for (let number = 0; number < 4; ++number) {
    await queues.ingestion.add('initial-import', { ingestionSourceId: sourceId(), isHopeless: true },
      { attempts: 2, backoff: { type: 'fixed', delay: 200 } });
  }
  for (let number = 0; number < 120; ++number) await importOnce();
  for (let number = 0; number < 5; ++number) await syncCycle();
}

async function isSomethingToSee() {
  const ingestion = await queues.ingestion.getJobCounts('completed', 'failed', 'delayed');
  const cycles = await queues['sync-cycle-finished'].getJobCounts('completed', 'failed');
  return ingestion.completed >= 80 && ingestion.failed >= 4 && ingestion.delayed >= 1 &&
    cycles.completed + cycles.failed >= 1;
}

let isEnding = false;
async function end() {
  if (isEnding) return;
  isEnding = true;
  await Promise.all(workers.map((worker) => worker.close(true)));
  process.exit(0);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
for (const item of [...workers, ...Object.values(queues), flows]) {
  item.on('error', (error) => {
    if (!isEnding) console.error(`workload: ${error.message}`);
  });
}

if (isProducer) {
  await begin();
  await until('jobs in every state', isSomethingToSee, 60_000);
} else {
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
}
console.log('ready');
while (!isEnding && isProducer) {
  await importOnce();
  if (randomBelow(10) === 0) await syncCycle();
  await sleep(randomBelow(400));
}
