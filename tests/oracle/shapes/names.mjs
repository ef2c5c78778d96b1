/** Queue names and prefixes of odd shapes. */

import { addMany, hour } from './build_tools.mjs';

/** Prefixes beside `bull`; the last one begins with another. */
export const kPrefixes = ['bull', 'my:prefix', '{tag}', 'ünï-🚀', 'bull:nested'];

const kNames = ['with spaces', 'quotes "and\' backslash\\', 'очередь-队列-🚀', 'per%2Fcent/slash?&#',
  'new\nline', '{tagged}', 'x'.repeat(300), `${'é'.repeat(150)}`, 'meta', 'events', '-', '*[a]?'];

async function fill(version, name, prefix) {
  const queue = await version.queue(name, prefix);
  await addMany(version, queue, 2, 'named', (index) => ({ index }));
  await version.add(queue, 'named', {}, { delay: hour });
  return { queue, counts: { delayed: 1 } };
}

export const kNameShapes = [
  ...kNames.map((name) => ({
    name: `queue ${JSON.stringify(name.slice(0, 40))}`,
    build: (version) => fill(version, name, 'bull'),
  })),
  {
    name: 'queue with colons',
    when: (version) => version.hasColonsInNames,
    build: async (version) => Promise.all(['colon', 'colon:ed', 'a:b:c'].map(
      (name) => fill(version, name, 'bull'))),
  },
  ...kPrefixes.slice(1).map((prefix) => ({
    name: `prefix ${prefix}`,
    build: async (version) => Promise.all(['waiting-fifo', 'only here'].map(
      (name) => fill(version, name, prefix))),
  })),
  {
    name: 'a queue that never had a job',
    // Bull writes nothing before the first job.
    when: (version) => version.kind === 'bullmq',
    build: async (version) => ({ queue: await version.queue('empty'), counts: {} }),
  },
  {
    name: 'a queue that was obliterated',
    when: (version) => version.kind === 'bullmq',
    async build(version) {
      const queue = await version.queue('obliterated');
      await addMany(version, queue, 2, 'gone');
      await queue.obliterate({ force: true });
      return { queue, counts: { waiting: 0 }, listed: false };
    },
  },
];
