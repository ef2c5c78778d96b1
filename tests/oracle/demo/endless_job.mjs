/**
 * A worker of the queue `reports` that never ends its one job: what a hanging job looks like.
 *
 *   node endless_job.mjs REDIS_PORT
 *
 * Prints `ready` when it has begun, and goes on until it is killed.
 */

import { createRequire } from 'node:module';

const { Queue, Worker } = createRequire(import.meta.url)('bullmq-5.81.5');

const connection = { host: '127.0.0.1', port: Number(process.argv[2]), maxRetriesPerRequest: null };

await new Queue('reports', { connection }).add('yearly-report', { year: 2026 });
new Worker('reports', () => {
  console.log('ready');
  return new Promise(() => {});
}, { connection });
