/**
 * Fills a Redis with queues whose keys are shaped as BullMQ 5 makes them, quickly:
 *
 *   node build_queues.mjs --port 6379 --queues 1000 --waiting 8 --delayed 4 --failed 4 …
 *
 * Each queue has a meta hash, an id and an event stream; each job its hash. The jobs are made inside
 * Redis by a script, a million in some seconds. BullMQ's own getters check the first queue. Prints
 * JSON.
 */

import { bullmq, kDefaultPackage, Redis } from './bullmq_module.mjs';
import { readFlags } from './command_line.mjs';

const flags = readFlags({ port: 6379, package: kDefaultPackage, prefix: 'bull', name: 'queue-',
  queues: 1000, waiting: 8, active: 1, delayed: 3, prioritized: 2, 'waiting-children': 1,
  completed: 3, failed: 2, 'data-bytes': 100, 'spread-ms': 600000 });

const kStates = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'completed',
  'failed'];
/** Jobs of one call: keeps Redis from being busy for long. */
const kChunk = 5000;

// KEYS[1] prefix:queue:; ARGV: state, first id, number of jobs, now in ms, data; age of the oldest job of the state in ms,
// jobs of the state that are there already, and that there will be.
const kAddJobs = `
local base, state, first, count, now = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local spread, done, all = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local lists = { waiting = 'wait', active = 'active' }
for i = 0, count - 1 do
  local id = first + i
  local key = base .. id
  local timestamp = now - 1000 - math.floor(spread * (all - done - i) / all)
  redis.call('HSET', key, 'name', 'job', 'data', ARGV[5], 'opts', '{"attempts":3,"backoff":{"type":"exponential","delay":1000}}',
    'timestamp', timestamp, 'delay', state == 'delayed' and 3600000 or 0, 'priority', state == 'prioritized' and 1 or 0)
  if state == 'active' or state == 'completed' or state == 'failed' then
    redis.call('HSET', key, 'processedOn', timestamp + 10, 'ats', 1)
  end
  if state == 'completed' then
    redis.call('HSET', key, 'finishedOn', timestamp + 20, 'returnvalue', '{"ok":true}', 'atm', 1)
  elseif state == 'failed' then
    redis.call('HSET', key, 'finishedOn', timestamp + 20, 'atm', 3, 'failedReason', 'Connection timed out after ' .. (i % 9000) .. ' ms',
      'stacktrace', '["Error: Connection timed out\\\\n    at Worker.processFn (/app/worker.js:10:7)"]')
  end
  if lists[state] then
    redis.call('LPUSH', base .. lists[state], id)
  elseif state == 'delayed' then
    redis.call('ZADD', base .. state, (now + 3600000 + done + i) * 4096, id)
  elseif state == 'prioritized' then
    redis.call('ZADD', base .. state, 4294967296 + i, id)
  else
    redis.call('ZADD', base .. state, timestamp + 20, id)
  end
end
redis.call('SET', base .. 'id', first + count - 1)
redis.call('HSET', base .. 'meta', 'opts.maxLenEvents', 10000, 'version', 'bullmq:5.81.5')
redis.call('XADD', base .. 'events', 'MAXLEN', '~', 10000, '*', 'event', 'added', 'jobId', first, 'name', 'job')
return count`;

const redis = new Redis({ host: '127.0.0.1', port: flags.port, maxRetriesPerRequest: 0 });
redis.defineCommand('addJobs', { numberOfKeys: 1, lua: kAddJobs });
const data = JSON.stringify({ text: 'x'.repeat(Math.max(0, flags['data-bytes'] - 11)) });

function nameOf(index) {
  return `${flags.name}${String(index).padStart(5, '0')}`;
}

async function buildQueue(index) {
  let id = 1;
  for (const state of kStates) {
    for (let left = flags[state]; left > 0;) {
      const count = Math.min(left, kChunk);
      await redis.addJobs(`${flags.prefix}:${nameOf(index)}:`, state, id, count, Date.now(), data,
        flags['spread-ms'], flags[state] - left, flags[state]);
      id += count;
      left -= count;
    }
  }
}

/** The keys are BullMQ's only if its getters agree. */
async function check() {
  const { Queue } = bullmq(flags.package);
  const queue = new Queue(nameOf(0), { connection: redis, prefix: flags.prefix, skipMetasUpdate: true });
  const counts = await queue.getJobCounts(...kStates);
  for (const state of kStates) {
    if (counts[state] !== flags[state]) {
      throw new Error(`getJobCounts says ${counts[state]} ${state}, ${flags[state]} were built`);
    }
    const [job] = await queue.getJobs([state], 0, 0, true);
    if (flags[state] > 0 && (await job.getState()) !== state) throw new Error(`no job is ${state}`);
  }
}

const begin = process.hrtime.bigint();
const kParallel = 50;
for (let index = 0; index < flags.queues; index += kParallel) {
  const last = Math.min(index + kParallel, flags.queues);
  await Promise.all(Array.from({ length: last - index }, (unused, i) => buildQueue(index + i)));
}
await check();
const jobs = kStates.reduce((sum, state) => sum + flags[state], 0);
console.log(JSON.stringify({ queues: flags.queues, jobsPerQueue: jobs,
  seconds: Number(process.hrtime.bigint() - begin) / 1e9, keys: await redis.dbsize() }));
redis.disconnect();
