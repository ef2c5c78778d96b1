/** Queues with jobs in each state. */

import { forever } from '../lib/bullmq_version.mjs';
import { kLiveQueue } from '../lib/live_comparison.mjs';
import { addMany, hour, keyOf, untilCounts } from './build_tools.mjs';

/** A shape: `build` makes the queue and returns {queue, counts}: what must stand there then. */
export const kStateShapes = [
  {
    name: 'waiting, first in first out',
    async build(version) {
      const queue = await version.queue('waiting-fifo');
      await addMany(version, queue, 12, 'import', (index) => ({ index }));
      return { queue, counts: { waiting: 12 } };
    },
  },
  {
    name: 'waiting, some of them last in first out',
    async build(version) {
      const queue = await version.queue('waiting-lifo');
      await addMany(version, queue, 9, 'import', (index) => ({ index }),
        (index) => ({ lifo: index % 3 === 0 }));
      return { queue, counts: { waiting: 9 } };
    },
  },
  {
    name: 'prioritized among waiting',
    async build(version) {
      const queue = await version.queue('priorities');
      const priorities = [5, 1, undefined, 3, 2_000_000, 3, undefined, 1];
      await addMany(version, queue, 8, 'urgent', (index) => ({ index }),
        (index) => (priorities[index] ? { priority: priorities[index] } : {}));
      return { queue,
        counts: version.hasPrioritized ? { prioritized: 6 } : { waiting: 8 } };
    },
  },
  {
    name: 'delayed: due long ago, soon, far away',
    async build(version, context) {
      const queue = await version.queue('delayed');
      await addMany(version, queue, 7, 'later', (index) => ({ index }),
        (index) => ({ delay: index < 3 ? 1 + index : index * hour }));
      return { queue, counts: { delayed: 7 } };
    },
  },
  {
    name: 'delayed jobs that are all far away',
    async build(version) {
      const queue = await version.queue('delayed-far');
      await addMany(version, queue, 3, 'later', () => ({}), (index) => ({ delay: (3 - index) * hour }));
      return { queue, counts: { delayed: 3 } };
    },
  },
  {
    name: 'active: workers blocked on jobs, others waiting behind',
    async build(version, context) {
      const queue = await version.queue('active');
      await addMany(version, queue, 6, 'long', (index) => ({ index }));
      await version.worker(queue, forever, { concurrency: 2 });
      await version.worker(queue, forever, { concurrency: 1 });
      await untilCounts(context, queue, { active: 3, waiting: 3 });
      return { queue, counts: { active: 3, waiting: 3 }, workers: 2 };
    },
  },
  {
    name: 'completed: several pages',
    async build(version, context) {
      const queue = await version.queue('completed');
      await addMany(version, queue, 25, 'import', (index) => ({ index }));
      const worker = await version.worker(queue, async (job) => ({ seen: job.data.index }));
      await untilCounts(context, queue, { completed: 25 });
      await version.closeWorker(worker);
      return { queue, counts: { completed: 25 } };
    },
  },
  {
    name: 'completed: only the last five are kept',
    async build(version, context) {
      const queue = await version.queue('completed-kept');
      await addMany(version, queue, 9, 'import', (index) => ({ index }),
        () => ({ removeOnComplete: version.kind === 'bull' ? 5 : { count: 5 } }));
      const worker = await version.worker(queue, async () => 'done');
      await untilCounts(context, queue, { waiting: 0, active: 0, completed: 5 });
      await version.closeWorker(worker);
      return { queue, counts: { completed: 5 } };
    },
  },
  {
    name: 'paused with waiting jobs',
    async build(version) {
      const queue = await version.queue('paused');
      await addMany(version, queue, 4, 'import', (index) => ({ index }));
      await queue.pause();
      await addMany(version, queue, 2, 'import', (index) => ({ index }), () => ({ lifo: true }));
      return { queue, counts: version.major < 6 ? { paused: 6, waiting: 0 } : { waiting: 6 } };
    },
  },
  {
    name: 'paused without a job',
    async build(version) {
      const queue = await version.queue('paused-empty');
      await version.add(queue, 'later', {}, { delay: hour });
      await queue.pause();
      return { queue, counts: { delayed: 1 } };
    },
  },
  {
    name: 'paused and resumed',
    async build(version) {
      const queue = await version.queue('resumed');
      await addMany(version, queue, 3, 'import');
      await queue.pause();
      await queue.resume();
      return { queue, counts: { waiting: 3, paused: 0 } };
    },
  },
  {
    name: 'an idle worker',
    async build(version, context) {
      const queue = await version.queue('idle');
      await version.worker(queue, async () => null);
      await version.add(queue, 'import', {});
      await untilCounts(context, queue, { completed: 1, active: 0 });
      return { queue, counts: { completed: 1 }, workers: 1 };
    },
  },
  {
    name: 'a list that an older version left when it paused',
    when: (version) => version.major >= 6,
    async build(version, context) {
      const queue = await version.queue('left-over');
      await addMany(version, queue, 3, 'import');
      await context.redis.lmove(keyOf(queue, 'wait'), keyOf(queue, 'paused'), 'RIGHT', 'LEFT');
      return { queue, counts: { waiting: 2, paused: 1 } };
    },
  },
  {
    name: 'promoted before it was due',
    async build(version, context) {
      const queue = await version.queue('promoted');
      const jobs = await addMany(version, queue, 3, 'later', () => ({}), () => ({ delay: hour }));
      await jobs[1].promote();
      await context.redis.del(keyOf(queue, 'marker'));
      return { queue, counts: { delayed: 2 } };
    },
  },
  {
    name: 'priorities changed',
    when: (version) => version.kind === 'bullmq' && version.isAtLeast('4.0.0'),
    async build(version) {
      const queue = await version.queue('priority-changed');
      const jobs = await addMany(version, queue, 4, 'urgent', () => ({}), () => ({ priority: 9 }));
      await jobs[3].changePriority({ priority: 1 });
      await jobs[0].changePriority({ priority: 0 });
      return { queue, counts: { prioritized: version.isAtLeast('5.40.0') ? 3 : 4 } };
    },
  },
  {
    name: 'moved to delayed by its worker',
    when: (version) => version.module.DelayedError !== undefined,
    async build(version, context) {
      const queue = await version.queue('moved-to-delayed');
      await addMany(version, queue, 2, 'step');
      const worker = await version.worker(queue, async (job, token) => {
        await job.moveToDelayed(Date.now() + hour, token);
        throw new version.module.DelayedError();
      });
      await untilCounts(context, queue, { delayed: 2, active: 0, waiting: 0 });
      await version.crash(worker);
      return { queue, counts: { delayed: 2 } };
    },
  },
  {
    name: 'deduplicated',
    when: (version) => version.isAtLeast('5.40.0'),
    async build(version) {
      const queue = await version.queue('deduplicated');
      await addMany(version, queue, 5, 'once', (index) => ({ index }),
        (index) => ({ deduplication: { id: index < 4 ? 'same' : 'other', ttl: hour } }));
      return { queue, counts: { waiting: 2 } };
    },
  },
  {
    name: 'workers with names beside listeners of events',
    when: (version) => version.kind === 'bullmq',
    async build(version, context) {
      const queue = await version.queue('listened');
      await version.listen(queue);
      await version.worker(queue, forever, { name: 'host-1:w:first' });
      await version.worker(queue, forever, { name: 'second' });
      await version.listen(queue);
      await addMany(version, queue, 3, 'long');
      await untilCounts(context, queue, { active: 2, waiting: 1 });
      return { queue, counts: { active: 2, waiting: 1 }, workers: 2 };
    },
  },
  {
    name: 'a queue that is to be worked on later',
    async build(version) {
      const queue = await version.queue(kLiveQueue);
      await version.add(queue, 'later', {}, { delay: hour });
      return { queue, counts: { delayed: 1 } };
    },
  },
];
