/**
 * What a BullMQ version's own getters, and Redis where there is no getter, say of a queue, in the
 * shapes of the exporter's answers. Getters may pop a marker out of a list, so the exporter is
 * asked first, and `readFacts` (plain reads) comes before the getters.
 */

import { createHash } from 'node:crypto';

import { kStates } from './any_version.mjs';
import { isMarker } from '../shapes/markers.mjs';
import { keyOf } from '../shapes/build_tools.mjs';

/** The value with which a rate limit by hand fills the limiter. */
const kManualLimit = Number.MAX_SAFE_INTEGER;
const kWindow = 3_600_000;

/** A label value as docs/metrics.md says: long ones are cut, with a digest. */
export function labelValue(text) {
  const bytes = Buffer.from(text);
  if (bytes.length <= 256) return text;
  let end = 240;
  while ((bytes[end] & 0xc0) === 0x80) --end;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return `${bytes.subarray(0, end).toString('utf8')}…${digest}`;
}

/** Seconds as the exposition has them. */
const seconds = (milliseconds) => (milliseconds === undefined ? undefined : milliseconds / 1000);

async function readyTime(redis, key) {
  const [timestamp, opts, processedOn, atm, attemptsMade] =
    await redis.hmget(key, 'timestamp', 'opts', 'processedOn', 'atm', 'attemptsMade');
  if (timestamp === null) return undefined;
  if (processedOn !== null) return Number(processedOn);
  if (Number(attemptsMade ?? atm ?? 0) > 0) return undefined;
  return Number(timestamp) + Number(JSON.parse(opts || '{}').delay ?? 0);
}

const lowest = (values) => values.filter((value) => value !== undefined)
  .reduce((least, value) => (least === undefined || value < least ? value : least), undefined);

/** First elements of a list, from `index` on in steps of `step`, that are no markers. */
async function firstJob(redis, key, index, step) {
  for (let at = index; ; at += step) {
    const id = await redis.lindex(key, at);
    if (id === null || !isMarker(id)) return id;
  }
}

async function oldestWaiting(redis, queue) {
  const wait = keyOf(queue, 'wait');
  const prioritized = keyOf(queue, 'prioritized');
  const ids = [await firstJob(redis, wait, 0, 1), await firstJob(redis, wait, -1, -1),
    ...await redis.zrange(prioritized, 0, 0), ...await redis.zrange(prioritized, -1, -1)];
  return lowest(await Promise.all(ids.filter((id) => id !== null)
    .map((id) => readyTime(redis, keyOf(queue, id)))));
}

async function rateLimited(redis, queue) {
  const limiter = keyOf(queue, 'limiter');
  if ((await redis.pttl(limiter)) <= 0) return 0;
  const [used, max] = [Number(await redis.get(limiter)), await redis.hget(keyOf(queue, 'meta'), 'max')];
  if (used >= kManualLimit) return 1;
  return max === null ? undefined : Number(used >= Number(max));
}

/** {name: {reason: count}} of the failures of the last hour. */
async function recentFailures(redis, queue) {
  const ids = await redis.zrangebyscore(keyOf(queue, 'failed'), Date.now() - kWindow, '+inf');
  const found = [];
  for (const id of ids) {
    const [name, failedReason] = await redis.hmget(keyOf(queue, id), 'name', 'failedReason');
    found.push({ name, failedReason });
  }
  return found;
}

/** What plain reads say; taken before any getter of BullMQ. */
export async function readFacts(redis, queue) {
  const key = (suffix) => keyOf(queue, suffix);
  const score = async (set, rank) => {
    const found = await redis.zrange(key(set), rank, rank, 'WITHSCORES');
    return found.length ? Number(found[1]) : undefined;
  };
  const optional = async (value) => {
    const text = await value;
    return text === null ? undefined : Number(text);
  };
  const activeId = await firstJob(redis, key('active'), -1, -1);
  const due = await score('delayed', 0);
  return {
    isListed: (await redis.hexists(key('meta'), 'opts.maxLenEvents')) +
      (await redis.hexists(key('meta'), 'version')) + (await redis.exists(key('events'))) > 0 ||
      (await redis.exists(key('id'))) > 0,
    pausedList: await redis.llen(key('paused')),
    oldestWaiting: seconds(await oldestWaiting(redis, queue)),
    oldestActive: activeId === null ? undefined
      : seconds(await optional(redis.hget(key(activeId), 'processedOn'))),
    nextDelayed: due === undefined ? undefined : seconds(Math.floor(due / 4096)),
    overdueDelayed: await redis.zcount(key('delayed'), '-inf', `(${Date.now() * 4096}`),
    lastCompleted: seconds(await score('completed', -1)),
    lastFailure: seconds(await score('failed', -1)),
    failures: await recentFailures(redis, queue),
    rateLimited: await rateLimited(redis, queue),
    jobIds: await optional(redis.get(key('id'))),
    hasMetrics: { completed: await redis.hexists(key('metrics:completed'), 'count'),
      failed: await redis.hexists(key('metrics:failed'), 'count') },
    version: (await redis.hget(key('meta'), 'version')) ?? '',
    concurrency: await optional(redis.hget(key('meta'), 'concurrency')),
  };
}

/** The counts of every state; what a version has no getter for is 0, or by Redis for `paused`. */
export async function stateCounts(version, queue, facts) {
  const counts = await version.counts(queue);
  return Object.fromEntries(kStates.map((state) =>
    [state, counts[state] ?? (state === 'paused' ? facts.pausedList : 0)]));
}

/** A job as `GET /v1/jobs/queues/:queueName` shows it. */
export async function jobAnswer(version, job) {
  const fields = version.fields(job);
  const state = await version.state(job);
  const failedReason = fields.failedReason || undefined;
  const answer = {
    id: fields.id, name: fields.name, data: fields.data, state, failedReason,
    timestamp: fields.timestamp, processedOn: fields.processedOn ?? undefined,
    finishedOn: fields.finishedOn ?? undefined, attemptsMade: fields.attemptsMade ?? 0,
    stacktrace: fields.stacktrace ?? [], returnValue: fields.returnvalue ?? null,
    ingestionSourceId: fields.data?.ingestionSourceId,
    error: state === 'failed' ? failedReason : undefined,
  };
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
}
