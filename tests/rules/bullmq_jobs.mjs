/**
 * Real BullMQ for break_things_test.py.
 *
 *   node bullmq_jobs.mjs PORT add QUEUE COUNT NAME    adds jobs, and ends
 *   node bullmq_jobs.mjs PORT work QUEUE...           works until it is ended, and prints `ready` when it has begun: jobs named `fail`
 *                                                     fail, those named `long` take for ever the first time, others no time
 */

import { createRequire } from 'node:module';

const { Queue, Worker } = createRequire(new URL('../oracle/package.json', import.meta.url))('bullmq-5.81.5');

const [port, command, ...words] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };

async function add(name, count, jobName) {
  const queue = new Queue(name, { connection });
  await queue.addBulk(Array.from({ length: Number(count) }, (unused, number) => ({ name: jobName, data: { number } })));
  await queue.close();
}

async function process_(job) {
  if (job.name === 'fail') throw new Error(`connect ECONNREFUSED 10.0.0.${job.data.number}:5432`);
  if (job.name === 'long' && job.stalledCounter === 0) await new Promise(() => {});
}

async function work(names) {
  const workers = names.map((name) => new Worker(name, process_, {
    connection, concurrency: 2, lockDuration: 5_000, stalledInterval: 1_000 }));
  for (const worker of workers) worker.on('error', () => {});
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  console.log('ready');
}

if (command === 'add') await add(words[0], words[1], words[2]);
else await work(words);
