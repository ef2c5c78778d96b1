/** The markers that v3 and v4 put into lists of jobs, and left-overs of them in newer versions. */

import { addMany, hour, keyOf } from './build_tools.mjs';

/** The marker that a version writes: 3.0 wrote a bare zero. */
export const isMarker = (id) => id === '0' || id.startsWith('0:');

async function withMarker(version, context, name, marker, position) {
  const queue = await version.queue(name);
  await addMany(version, queue, 10, 'import', (index) => ({ index }));
  const key = keyOf(queue, 'wait');
  if (position === 'end') await context.redis.rpush(key, marker);
  if (position === 'middle') {
    const pivot = await context.redis.lindex(key, 4);
    await context.redis.linsert(key, 'BEFORE', pivot, marker);
  }
  return { queue, counts: {}, hasGaps: true };
}

export const kMarkerShapes = [
  {
    name: 'a delayed job in an empty queue: the marker alone',
    when: (version) => version.hasMarkersInLists,
    async build(version) {
      const queue = await version.queue('marker-alone');
      await version.add(queue, 'later', {}, { delay: hour });
      return { queue, counts: { delayed: 1, waiting: 1 } };
    },
  },
  {
    name: 'jobs added after the marker',
    when: (version) => version.hasMarkersInLists && version.isAtLeast('3.1.0'),
    async build(version) {
      const queue = await version.queue('marker-end');
      await version.add(queue, 'later', {}, { delay: hour });
      await addMany(version, queue, 10, 'import', (index) => ({ index }));
      return { queue, counts: { delayed: 1, waiting: 11 } };
    },
  },
  {
    name: 'a job put in front of the marker',
    when: (version) => version.hasMarkersInLists,
    async build(version) {
      const queue = await version.queue('marker-middle');
      await version.add(queue, 'later', {}, { delay: hour });
      await addMany(version, queue, 6, 'import', (index) => ({ index }),
        (index) => ({ lifo: index > 3 }));
      return { queue, counts: { delayed: 1, waiting: 7 } };
    },
  },
  {
    name: 'the marker of a prioritized job',
    when: (version) => version.kind === 'bullmq' && version.major === 4,
    async build(version) {
      const queue = await version.queue('marker-priority');
      await addMany(version, queue, 3, 'urgent', (index) => ({ index }), () => ({ priority: 2 }));
      return { queue, counts: { prioritized: 3, waiting: 1 } };
    },
  },
  {
    name: 'a marker in a paused list',
    when: (version) => version.hasMarkersInLists && version.isAtLeast('3.1.0'),
    async build(version) {
      const queue = await version.queue('marker-paused');
      await version.add(queue, 'later', {}, { delay: hour });
      await addMany(version, queue, 3, 'import');
      await queue.pause();
      return { queue, counts: { delayed: 1, paused: 4, waiting: 0 } };
    },
  },
  {
    name: 'a marker that a worker has just taken',
    when: (version) => version.hasMarkersInLists && version.isAtLeast('3.1.0'),
    async build(version, context) {
      const queue = await version.queue('marker-active');
      await version.add(queue, 'later', {}, { delay: hour });
      // What BRPOPLPUSH of a worker does, before its script takes the marker away.
      await context.redis.rpoplpush(keyOf(queue, 'wait'), keyOf(queue, 'active'));
      return { queue, counts: { delayed: 1, active: 1, waiting: 0 } };
    },
  },
  {
    name: 'a left-over marker at the end',
    when: (version) => version.kind === 'bullmq' && version.isAtLeast('3.1.0'),
    build: (version, context) => withMarker(version, context, 'left-marker-end',
      `0:${Date.now() + hour}`, 'end'),
  },
  {
    name: 'a left-over marker in the middle',
    when: (version) => version.kind === 'bullmq',
    build: (version, context) => withMarker(version, context, 'left-marker-middle', '0:0', 'middle'),
  },
];
