/** What the builders of queue shapes share: keys, raw counts, and waiting until a shape stands. */

import { until } from '../lib/until.mjs';

const kLists = { waiting: 'wait', active: 'active', paused: 'paused' };

export const hour = 3_600_000;

/** The key of a queue; Bull and BullMQ spell it alike. */
export function keyOf(queue, suffix) {
  return `${queue.opts?.prefix ?? queue.keyPrefix ?? 'bull'}:${queue.name}:${suffix}`;
}

/** Length of a state's key by Redis itself: the getters of BullMQ may pop a marker. */
export function rawCount(redis, queue, state) {
  return state in kLists ? redis.llen(keyOf(queue, kLists[state])) : redis.zcard(keyOf(queue, state));
}

/** Waits until Redis holds exactly these counts. */
export function untilCounts(context, queue, counts) {
  return until(`${queue.name} to hold ${JSON.stringify(counts)}`, async () => {
    for (const [state, count] of Object.entries(counts)) {
      if ((await rawCount(context.redis, queue, state)) !== count) return false;
    }
    return true;
  });
}

/** Adds `count` jobs named `name`, one after the other, so that their order is known. */
export async function addMany(version, queue, count, name, data = () => ({}), options = () => ({})) {
  const jobs = [];
  for (let index = 0; index < count; ++index) {
    jobs.push(await version.add(queue, name, data(index), options(index)));
  }
  return jobs;
}
