/** Queues with limits, schedulers and metrics. */

import { forever } from '../lib/bullmq_version.mjs';
import { until } from '../lib/until.mjs';
import { addMany, hour, keyOf, untilCounts } from './build_tools.mjs';

export const kSettingShapes = [
  {
    name: 'workers that keep metrics',
    async build(version, context) {
      const queue = await version.queue('with-metrics');
      await addMany(version, queue, 11, 'counted', (index) => ({ index }));
      const worker = await version.worker(queue, async (job) => {
        if (job.data.index % 3 === 0) throw new Error('every third');
        return 'ok';
      }, version.metricsOptions);
      await untilCounts(context, queue, { completed: 7, failed: 4 });
      await version.closeWorker(worker);
      return { queue, counts: { completed: 7, failed: 4 } };
    },
  },
  {
    name: 'limited by the worker’s own max',
    async build(version, context) {
      const queue = await version.queue('limited-by-worker');
      await addMany(version, queue, 4, 'slow');
      const worker = await version.worker(queue, async () => 'ok',
        { limiter: { max: 1, duration: hour } });
      await untilCounts(context, queue, { completed: 1, active: 0 });
      await version.crash(worker);
      return { queue, counts: { completed: 1, active: 0 } };
    },
  },
  {
    name: 'limited by hand',
    when: (version) => version.kind === 'bullmq',
    async build(version, context) {
      const queue = await version.queue('limited-by-hand');
      await addMany(version, queue, 3, 'slow');
      const worker = await version.worker(queue, async (job, token, self) => {
        throw await version.limitByHand(self, hour);
      }, { limiter: { max: 100, duration: 1000 } });
      await until('the limit', async () => (await context.redis.pttl(keyOf(queue, 'limiter'))) > 2000);
      await untilCounts(context, queue, { active: 0 });
      await version.crash(worker);
      return { queue, counts: { completed: 0, failed: 0 } };
    },
  },
  {
    name: 'limited for all workers',
    when: (version) => version.hasGlobalRateLimit,
    async build(version, context) {
      const queue = await version.queue('limited-globally');
      await queue.setGlobalRateLimit(2, hour);
      await addMany(version, queue, 5, 'slow');
      const worker = await version.worker(queue, async () => 'ok');
      await untilCounts(context, queue, { completed: 2, active: 0 });
      await version.crash(worker);
      return { queue, counts: { completed: 2, waiting: 3 } };
    },
  },
  {
    name: 'a global limit that is not reached',
    when: (version) => version.hasGlobalRateLimit,
    async build(version, context) {
      const queue = await version.queue('limit-not-reached');
      await queue.setGlobalRateLimit(20, hour);
      await addMany(version, queue, 5, 'slow');
      const worker = await version.worker(queue, async () => 'ok');
      await untilCounts(context, queue, { completed: 5 });
      await version.closeWorker(worker);
      return { queue, counts: { completed: 5 } };
    },
  },
  {
    name: 'global concurrency',
    when: (version) => version.hasGlobalConcurrency,
    async build(version, context) {
      const queue = await version.queue('concurrency');
      await queue.setGlobalConcurrency(2);
      await addMany(version, queue, 5, 'slow');
      await version.worker(queue, forever, { concurrency: 5 });
      await untilCounts(context, queue, { active: 2, waiting: 3 });
      return { queue, counts: { active: 2, waiting: 3 }, workers: 1 };
    },
  },
  {
    name: 'repeatables of every kind',
    when: (version) => version.kind === 'bull' || version.major < 6,
    async build(version, context) {
      const queue = await version.queue('repeatables');
      await version.add(queue, 'hourly', { a: 1 }, { repeat: { every: hour } });
      await version.add(queue, 'yearly', {}, { repeat: { pattern: '0 0 1 1 *' } });
      await version.add(queue, 'zoned', {}, { repeat: { pattern: '30 4 * * 1', tz: 'Europe/Berlin' } });
      return { queue, counts: { delayed: 3 } };
    },
  },
  {
    name: 'a repeatable that came to its limit',
    when: (version) => version.kind === 'bull' || version.major < 6,
    async build(version, context) {
      const queue = await version.queue('repeatable-ended');
      await version.add(queue, 'thrice', {}, { repeat: { every: 100, limit: 3 } });
      const worker = await version.worker(queue, async () => 'ok');
      await untilCounts(context, queue, { completed: 3, delayed: 0, waiting: 0, active: 0 });
      await version.crash(worker);
      return { queue, counts: { completed: 3 } };
    },
  },
  {
    name: 'schedulers: by interval, by pattern, with a template',
    when: (version) => version.hasSchedulers,
    async build(version) {
      const queue = await version.queue('schedulers');
      await queue.upsertJobScheduler('hourly', { every: hour, startDate: new Date(Date.now() + hour) },
        { name: 'sync', data: { a: 1 } });
      await queue.upsertJobScheduler('yearly', { pattern: '0 0 1 1 *' });
      await queue.upsertJobScheduler('ünïcödé "quoted" 🚀', { pattern: '30 4 * * 1', tz: 'Europe/Berlin' });
      return { queue, counts: { delayed: 3 } };
    },
  },
  {
    name: 'schedulers that have ended',
    when: (version) => version.hasSchedulers,
    async build(version, context) {
      const queue = await version.queue('schedulers-ended');
      await queue.upsertJobScheduler('limited', { every: 100, limit: 3 }, { name: 'limited' });
      await queue.upsertJobScheduler('dated', { every: 100, endDate: new Date(Date.now() + 450) },
        { name: 'dated' });
      const worker = await version.worker(queue, async () => 'ok');
      await until('both to end', async () =>
        (await context.redis.zcard(keyOf(queue, 'completed'))) >= 4 &&
        (await context.redis.zcard(keyOf(queue, 'delayed'))) === 0 &&
        (await context.redis.llen(keyOf(queue, 'wait'))) === 0 &&
        (await context.redis.llen(keyOf(queue, 'active'))) === 0);
      await version.crash(worker);
      await queue.upsertJobScheduler('live', { every: 5 * hour }, { name: 'live' });
      return { queue, counts: {} };
    },
  },
  {
    name: 'a scheduler that is overdue since nobody works',
    when: (version) => version.hasSchedulers,
    async build(version) {
      const queue = await version.queue('scheduler-overdue');
      await queue.upsertJobScheduler('soon', { every: 100 }, { name: 'soon' });
      return { queue, counts: {} };
    },
  },
];
