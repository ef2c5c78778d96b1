/** Flows: parents that wait for children, and children that failed. */

import { pause, until } from '../lib/until.mjs';
import { keyOf, untilCounts } from './build_tools.mjs';

const child = (queueName, name, opts = {}) => ({ name, queueName, data: { name }, opts });

/** A parent in `<id>-parents` with children in `<id>-children`. */
async function addFlow(version, id, children, prefix = 'bull') {
  await version.addFlow({ name: 'parent', queueName: `${id}-parents`, prefix, data: { id },
    children: children.map(([name, opts]) => child(`${id}-children`, name, opts)) });
  return { parents: await version.queue(`${id}-parents`, prefix),
    children: await version.queue(`${id}-children`, prefix) };
}

export const kFlowShapes = [
  {
    name: 'a parent that waits for its children',
    when: (version) => version.hasFlows,
    async build(version) {
      const { parents, children } = await addFlow(version, 'open-flow',
        [['one', {}], ['two', {}], ['three', {}]]);
      return [{ queue: parents, counts: { 'waiting-children': 1 } },
        { queue: children, counts: { waiting: 3 } }];
    },
  },
  {
    name: 'a flow that only a FlowProducer wrote',
    when: (version) => version.hasFlows,
    async build(version, context) {
      await version.addFlow({ name: 'parent', queueName: 'producer-only-parents', prefix: 'bull',
        data: {}, children: [child('producer-only-children', 'one')] });
      // The Queue objects that the getters need come after the exporter has looked.
      return [{ late: 'producer-only-parents', counts: { 'waiting-children': 1 } },
        { late: 'producer-only-children', counts: { waiting: 1 } }];
    },
  },
  {
    name: 'a parent whose children are done: waiting, with what they returned',
    when: (version) => version.hasFlows,
    async build(version, context) {
      const { parents, children } = await addFlow(version, 'done-flow', [['one', {}], ['two', {}]]);
      const worker = await version.worker(children, async (job) => ({ returned: job.name }));
      await untilCounts(context, children, { completed: 2 });
      await untilCounts(context, parents, { waiting: 1 });
      await version.closeWorker(worker);
      return [{ queue: parents, counts: { waiting: 1 } },
        { queue: children, counts: { completed: 2 } }];
    },
  },
  {
    name: 'a child that failed takes its parent along',
    when: (version) => version.hasFlows,
    async build(version, context) {
      const { parents, children } = await addFlow(version, 'failed-flow',
        [['bad', { failParentOnFailure: true }], ['good', {}]]);
      const worker = await version.worker(children, async (job) => {
        if (job.name === 'bad') throw new Error('child broke');
        return 'fine';
      });
      await untilCounts(context, children, { failed: 1, completed: 1 });
      await version.closeWorker(worker);
      // Late v5 and v6 fail the parent when a worker meets it.
      const parentWorker = await version.worker(parents, async () => 'unexpected');
      await untilCounts(context, parents, { failed: 1 });
      await version.closeWorker(parentWorker);
      return [{ queue: parents, counts: { failed: 1 } },
        { queue: children, counts: { failed: 1, completed: 1 } }];
    },
  },
  {
    name: 'a child that failed holds its parent',
    when: (version) => version.hasFlows,
    async build(version, context) {
      const { parents, children } = await addFlow(version, 'held-flow', [['bad', {}], ['good', {}]]);
      const worker = await version.worker(children, async (job) => {
        if (job.name === 'bad') throw new Error('child broke');
        return 'fine';
      });
      await untilCounts(context, children, { failed: 1, completed: 1 });
      await version.closeWorker(worker);
      return [{ queue: parents, counts: { 'waiting-children': 1 } },
        { queue: children, counts: { failed: 1, completed: 1 } }];
    },
  },
  {
    name: 'children whose failure is ignored',
    when: (version) => version.isAtLeast('5.81.5'),
    async build(version, context) {
      const { parents, children } = await addFlow(version, 'ignored-flow',
        [['bad', { ignoreDependencyOnFailure: true }], ['good', {}]]);
      const worker = await version.worker(children, async (job) => {
        if (job.name === 'bad') throw new Error('child broke');
        return 'fine';
      });
      await untilCounts(context, children, { failed: 1, completed: 1 });
      await untilCounts(context, parents, { waiting: 1 });
      await version.closeWorker(worker);
      return [{ queue: parents, counts: { waiting: 1 } },
        { queue: children, counts: { failed: 1, completed: 1 } }];
    },
  },
];
