/** Jobs whose fields have odd shapes. */

import { addMany, keyOf, untilCounts } from './build_tools.mjs';

/** Data that JSON.stringify writes. */
const kData = [
  {}, [], null, 0, 'text', '', true, [1, [2, [3, { deep: [] }]]],
  { 'ключ': 'значение', '日本': '🚀👩‍👩‍👧', nul: '\u0000', controls: '\u0001\n\t\r\u001f\u007f\u2028' },
  { lone: '\ud800', pair: '\ud83d\ude00', reversed: '\udc00\ud800' },
  { html: '</script><b onclick="x">', quotes: '\\"\'`', percent: '%2F%00' },
  { big: 'x'.repeat(20_000), numbers: [1e21, 5e-324, -0, 0.1, 9007199254740991] },
  { ingestionSourceId: 'clx1y2z3a0000b4d2e5f6g7h8' },
  { ingestionSourceId: 17 },
  { ingestionSourceId: null },
  { ingestionSourceId: '' },
  { ingestionSourceId: { nested: true }, __proto__x: 1, id: 'other', state: 'other', error: 'e' },
];

/** JSON text that other writers put there, and that a reader must not reformat. */
const kRawData = [
  '{"n":12345678901234567890,"x":1e400,"y":1E+2,"z":0.10000000000000000001,"w":-0.0}',
  '{ "spaces" :  [ 1 , 2 ] ,\n "b":1, "a":2 }',
  '{"escaped":"\\u0041\\/\\ud83d\\ude00","same":1,"same":2}',
  '"\\ud800"',
  '12345678901234567890123456789',
];

export const kPayloadShapes = [
  {
    name: 'data of odd shapes',
    async build(version) {
      const queue = await version.queue('payloads');
      await addMany(version, queue, kData.length, 'payload', (index) => kData[index]);
      return { queue, counts: { waiting: kData.length } };
    },
  },
  {
    name: 'data as other writers spell it',
    async build(version, context) {
      const queue = await version.queue('raw-payloads');
      const jobs = await addMany(version, queue, kRawData.length, 'payload');
      for (const [index, text] of kRawData.entries()) {
        await context.redis.hset(keyOf(queue, jobs[index].id), 'data', text);
      }
      return { queue, counts: { waiting: kRawData.length } };
    },
  },
  {
    name: 'return values of odd shapes',
    async build(version, context) {
      const queue = await version.queue('return-values');
      const values = [undefined, null, 0, false, '', 'text', [], {}, { a: [1, 'é🚀'] }, '\ud800',
        1e300, { text: 'null' }, 'undefined', '{"not":"parsed twice"}'];
      await addMany(version, queue, values.length, 'returns', (index) => ({ index }));
      const worker = await version.worker(queue, async (job) => values[job.data.index]);
      await untilCounts(context, queue, { completed: values.length });
      await version.closeWorker(worker);
      return { queue, counts: { completed: values.length } };
    },
  },
  {
    name: 'job names and ids of odd shapes',
    async build(version) {
      const queue = await version.queue('ids');
      const names = ['with space', 'ünïcödé 🚀', '"quoted"\\', 'line\nbreak', '__proto__', 'x'.repeat(300)];
      const ids = ['custom-1', 'with space', 'ünïcödé-🚀', 'a/b%2F?c=d&e', '"quoted"\\', 'null'];
      for (const [index, jobId] of ids.entries()) {
        await version.add(queue, names[index], { index }, { jobId });
      }
      return { queue, counts: { waiting: ids.length } };
    },
  },
  {
    name: 'the same id added again',
    async build(version) {
      const queue = await version.queue('duplicates');
      await addMany(version, queue, 4, 'once', (index) => ({ index }), () => ({ jobId: 'same' }));
      await addMany(version, queue, 2, 'once');
      return { queue, counts: { waiting: 3 } };
    },
  },
  {
    name: 'logs and progress',
    async build(version, context) {
      const queue = await version.queue('logs');
      await addMany(version, queue, 3, 'chatty', (index) => ({ index }));
      const worker = await version.worker(queue, async (job) => {
        await job.log('first line');
        await job.log('second line: é🚀');
        await (job.updateProgress ? job.updateProgress([50, { step: 'two' }, 7][job.data.index])
          : job.progress([50, { step: 'two' }, 7][job.data.index]));
        if (job.data.index === 2) throw new Error('after progress');
        return 'ok';
      });
      await untilCounts(context, queue, { completed: 2, failed: 1 });
      await version.closeWorker(worker);
      return { queue, counts: { completed: 2, failed: 1 } };
    },
  },
  {
    name: 'jobs whose hash is gone',
    async build(version, context) {
      const queue = await version.queue('vanished');
      const jobs = await addMany(version, queue, 12, 'import');
      for (const index of [0, 4, 11]) await context.redis.del(keyOf(queue, jobs[index].id));
      return { queue, counts: { waiting: 12 }, hasGaps: true };
    },
  },
  {
    name: 'jobs removed by their owner',
    async build(version) {
      const queue = await version.queue('removed');
      const jobs = await addMany(version, queue, 5, 'import');
      await jobs[1].remove();
      await jobs[4].remove();
      return { queue, counts: { waiting: 3 } };
    },
  },
];
