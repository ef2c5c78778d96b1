/**
 * The baseline of the poll: BullMQ's own exportPrometheusMetrics over all queues in Node.
 *
 *   node export_metrics.mjs --port 6379 --queues 1000 --connections shared|each --rounds 20
 *
 * Prints JSON: per round the wall time, this process' CPU and Redis' CPU; resident memory.
 */

import { bullmq, kDefaultPackage, Redis } from './bullmq_module.mjs';
import { readFlags } from './command_line.mjs';
import { redisCost } from './redis_cost.mjs';

const flags = readFlags({ port: 6379, package: kDefaultPackage, prefix: 'bull', name: 'queue-',
  queues: 1000, connections: 'shared', rounds: 20, 'warm-up': 3 });
if (!['shared', 'each'].includes(flags.connections)) throw new Error('--connections is shared or each');

const { Queue } = bullmq(flags.package);
const address = { host: '127.0.0.1', port: flags.port, maxRetriesPerRequest: null };
const redis = new Redis(address);
const queues = Array.from({ length: flags.queues }, (unused, index) =>
  new Queue(`${flags.name}${String(index).padStart(5, '0')}`, {
    connection: flags.connections === 'shared' ? redis : address, prefix: flags.prefix,
    skipMetasUpdate: true }));
await Promise.all(queues.map((queue) => queue.waitUntilReady()));

let bytes = 0;
async function round() {
  const texts = await Promise.all(queues.map((queue) => queue.exportPrometheusMetrics()));
  bytes = texts.reduce((sum, text) => sum + text.length, 0);
}

for (let done = 0; done < flags['warm-up']; ++done) await round();
const redisBefore = await redisCost(redis);
const cpuBefore = process.cpuUsage();
const begin = process.hrtime.bigint();
for (let done = 0; done < flags.rounds; ++done) await round();
const wall = Number(process.hrtime.bigint() - begin) / 1e6;
const cpu = process.cpuUsage(cpuBefore);
const redisAfter = await redisCost(redis);

const each = (milliseconds) => Math.round((milliseconds / flags.rounds) * 1000) / 1000;
console.log(JSON.stringify({
  package: flags.package, queues: flags.queues, connections: flags.connections, rounds: flags.rounds,
  wallMs: each(wall), ownCpuMs: each((cpu.user + cpu.system) / 1000),
  redisCpuMs: each((redisAfter.cpuSeconds - redisBefore.cpuSeconds) * 1000),
  redisCommandMs: each((redisAfter.commandSeconds - redisBefore.commandSeconds) * 1000),
  redisCalls: Math.round((redisAfter.calls - redisBefore.calls) / flags.rounds),
  bytes, residentMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
}));
process.exit(0);
