/** Queues with failed, retried and stalled jobs. */

import { forever } from '../lib/bullmq_version.mjs';
import { pause, until } from '../lib/until.mjs';
import { addMany, hour, keyOf, untilCounts } from './build_tools.mjs';

/** Reasons whose class is known by docs/metrics.md: compared with `bullmq_queue_recent_failures`. */
export const kReasonClasses = new Map(Object.entries({
  'Connection timed out after 3000 ms': 'Connection timed out after <n> ms',
  'connect ECONNREFUSED 10.0.0.5:5432': 'connect ECONNREFUSED <addr>',
  "ENOENT: no such file or directory, open '/var/data/clx1.eml'":
    'ENOENT: no such file or directory, open <text>',
  'Mailbox jane.doe@example.org is over quota (98.5%)': 'Mailbox <email> is over quota (<n>%)',
  'Ingestion source clx1y2z3a0000b4d2e5f6g7h8 not found': 'Ingestion source <id> not found',
  'job stalled more than allowable limit': 'job stalled more than allowable limit',
}));

export const kFailureShapes = [
  {
    name: 'failed with several reasons',
    async build(version, context) {
      const queue = await version.queue('failed');
      const reasons = [...kReasonClasses.keys()].slice(0, 5);
      await addMany(version, queue, 13, 'initial-import', (index) => ({
        message: reasons[index % reasons.length], ingestionSourceId: `source-${index}` }));
      await addMany(version, queue, 2, 'continuous-sync', () => ({ message: reasons[0] }));
      const worker = await version.worker(queue, async (job) => {
        throw new Error(job.data.message);
      }, { concurrency: 3 });
      await untilCounts(context, queue, { failed: 15 });
      await version.closeWorker(worker);
      return { queue, counts: { failed: 15 } };
    },
  },
  {
    name: 'thrown things that are no Error, and empty messages',
    async build(version, context) {
      const queue = await version.queue('failed-oddly');
      const thrown = ['a plain string', null, undefined, 42, { message: 'object' }, new Error(''),
        new Error('line one\nline two'), new TypeError('é 🚀 <b>"quoted"\\</b>')];
      await addMany(version, queue, thrown.length, 'odd', (index) => ({ index }));
      const worker = await version.worker(queue, async (job) => {
        throw thrown[job.data.index];
      });
      // Some versions cannot finish a job that failed with no Error: it stays active.
      await until('the odd failures', async () =>
        (await context.redis.llen(keyOf(queue, 'wait'))) === 0);
      await pause(200);
      await version.crash(worker);
      return { queue, counts: { waiting: 0 } };
    },
  },
  {
    name: 'retried without backoff until the attempts were used up',
    async build(version, context) {
      const queue = await version.queue('retried');
      await addMany(version, queue, 3, 'flaky', (index) => ({ index }), () => ({ attempts: 3 }));
      const worker = await version.worker(queue, async (job) => {
        if (job.data.index === 0 && job.attemptsMade >= (version.major < 5 &&
            version.kind === 'bullmq' ? 2 : 1)) return 'at last';
        throw new Error(`attempt of ${job.data.index} failed`);
      });
      await untilCounts(context, queue, { failed: 2, completed: 1 });
      await version.closeWorker(worker);
      return { queue, counts: { failed: 2, completed: 1 } };
    },
  },
  {
    name: 'waiting for a retry with backoff',
    async build(version, context) {
      const queue = await version.queue('backoff');
      await addMany(version, queue, 2, 'flaky', (index) => ({ index }),
        () => ({ attempts: 3, backoff: { type: 'fixed', delay: hour } }));
      const worker = await version.worker(queue, async () => {
        throw new Error('503');
      });
      await untilCounts(context, queue, { delayed: 2, active: 0, waiting: 0 });
      await version.crash(worker);
      return { queue, counts: { delayed: 2 } };
    },
  },
  {
    name: 'unrecoverable errors',
    async build(version, context) {
      const queue = await version.queue('unrecoverable');
      await addMany(version, queue, 2, 'broken', () => ({}), () => ({ attempts: 5 }));
      const worker = await version.worker(queue, async (job) => {
        throw version.unrecoverable('no such mailbox', job);
      });
      await untilCounts(context, queue, { failed: 2 });
      await version.closeWorker(worker);
      return { queue, counts: { failed: 2 } };
    },
  },
  {
    name: 'failed, then retried by hand: waiting again',
    async build(version, context) {
      const queue = await version.queue('retried-by-hand');
      const jobs = await addMany(version, queue, 4, 'flaky', (index) => ({ index }));
      const worker = await version.worker(queue, async () => {
        throw new Error('first time');
      });
      await untilCounts(context, queue, { failed: 4 });
      await version.closeWorker(worker);
      for (const job of jobs.slice(0, 2)) await (await queue.getJob(job.id)).retry();
      await untilCounts(context, queue, { failed: 2, waiting: 2 });
      return { queue, counts: { failed: 2, waiting: 2 } };
    },
  },
  {
    name: 'stalled more often than allowed',
    async build(version, context) {
      const queue = await version.queue('stalled');
      await addMany(version, queue, 2, 'lost');
      const lost = await version.worker(queue, forever, {
        concurrency: 2, lockDuration: 200, stalledInterval: 100 });
      await untilCounts(context, queue, { active: 2 });
      await version.crash(lost);
      await until('the locks to end', async () =>
        (await context.redis.exists(keyOf(queue, '1:lock'), keyOf(queue, '2:lock'))) === 0);
      const watcher = await version.worker(queue, async () => 'never', {
        stalledInterval: 100, maxStalledCount: 0 });
      await untilCounts(context, queue, { failed: 2 });
      await version.crash(watcher);
      return { queue, counts: { failed: 2 } };
    },
  },
  {
    name: 'stalled once and completed by another worker',
    async build(version, context) {
      const queue = await version.queue('recovered');
      await version.add(queue, 'lost', {});
      const lost = await version.worker(queue, forever, { lockDuration: 200, stalledInterval: 100 });
      await untilCounts(context, queue, { active: 1 });
      await version.crash(lost);
      const rescuer = await version.worker(queue, async () => 'rescued', {
        stalledInterval: 100, maxStalledCount: 1 });
      await untilCounts(context, queue, { completed: 1 });
      await version.crash(rescuer);
      return { queue, counts: { completed: 1 } };
    },
  },
  {
    name: 'only the last failures are kept',
    async build(version, context) {
      const queue = await version.queue('failed-kept');
      await addMany(version, queue, 6, 'initial-import', () => ({}),
        () => ({ removeOnFail: version.kind === 'bull' ? 2 : { count: 2 } }));
      const worker = await version.worker(queue, async () => {
        throw new Error('connect ECONNREFUSED 10.0.0.5:5432');
      });
      await untilCounts(context, queue, { waiting: 0, active: 0, failed: 2 });
      await version.closeWorker(worker);
      return { queue, counts: { failed: 2 } };
    },
  },
];
