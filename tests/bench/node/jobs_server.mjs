/**
 * The baseline of the Jobs API: the same page of jobs from Node by BullMQ's getters, with a look-up
 * of each job's state, as Open Archiver's backend makes it.
 *
 *   node jobs_server.mjs --port 6379        prints `listening 127.0.0.1:PORT`; ends by SIGTERM
 */

import http from 'node:http';

import { bullmq, kDefaultPackage, Redis } from './bullmq_module.mjs';
import { readFlags } from './command_line.mjs';

const flags = readFlags({ port: 6379, package: kDefaultPackage, prefix: 'bull' });
const { Queue } = bullmq(flags.package);
const redis = new Redis({ host: '127.0.0.1', port: flags.port, maxRetriesPerRequest: null });
const queues = new Map();

function queueOf(name) {
  if (!queues.has(name)) {
    queues.set(name, new Queue(name, { connection: redis, prefix: flags.prefix, skipMetasUpdate: true }));
  }
  return queues.get(name);
}

async function formatJob(job) {
  const state = await job.getState();
  return { id: job.id, name: job.name, data: job.data, state, failedReason: job.failedReason,
    timestamp: job.timestamp, processedOn: job.processedOn, finishedOn: job.finishedOn,
    attemptsMade: job.attemptsMade, stacktrace: job.stacktrace, returnValue: job.returnvalue,
    ingestionSourceId: job.data.ingestionSourceId,
    error: state === 'failed' ? job.failedReason : undefined };
}

async function answer(url) {
  const name = decodeURIComponent(/^\/v1\/jobs\/queues\/([^/]+)$/.exec(url.pathname)[1]);
  const number = (parameter, otherwise) => Number(url.searchParams.get(parameter) ?? otherwise);
  const status = url.searchParams.get('status') ?? 'failed';
  const [page, limit] = [number('page', 1), number('limit', 10)];
  const queue = queueOf(name);
  const counts = await queue.getJobCounts('active', 'completed', 'failed', 'delayed', 'waiting', 'paused');
  const start = (page - 1) * limit;
  const jobs = await queue.getJobs([status], start, start + limit - 1, true);
  return { name, counts, jobs: await Promise.all(jobs.map(formatJob)),
    pagination: { currentPage: page, totalPages: Math.ceil(counts[status] / limit),
      totalJobs: counts[status], limit } };
}

const server = http.createServer(async (request, response) => {
  try {
    const body = Buffer.from(JSON.stringify(await answer(new URL(request.url, 'http://localhost'))));
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  } catch (error) {
    response.writeHead(500).end(JSON.stringify({ message: error.message }));
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening 127.0.0.1:${server.address().port}`));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
