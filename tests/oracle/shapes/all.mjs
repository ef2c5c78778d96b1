/** Every shape, and the function that builds those that a version can make. */

import { kFailureShapes } from './failures.mjs';
import { kFlowShapes } from './flows.mjs';
import { kMarkerShapes } from './markers.mjs';
import { kNameShapes } from './names.mjs';
import { kPayloadShapes } from './payloads.mjs';
import { kSettingShapes } from './settings.mjs';
import { kStateShapes } from './states.mjs';

const kShapes = [...kStateShapes, ...kFailureShapes, ...kFlowShapes, ...kPayloadShapes,
  ...kSettingShapes, ...kNameShapes, ...kMarkerShapes];

/** A queue whose Queue object must not exist before the exporter has looked. */
const lateQueue = (name) => ({ name, opts: { prefix: 'bull' } });

function toEntry(version, shape, built) {
  const queue = built.queue ?? lateQueue(built.late);
  return { shape, counts: built.counts, workers: built.workers ?? 0,
    listed: built.listed ?? true, isLate: !built.queue,
    hasGaps: built.hasGaps ?? false, queue, name: queue.name,
    prefix: queue.opts?.prefix ?? queue.keyPrefix,
    open: () => (built.queue ? built.queue : version.queue(built.late)) };
}

/**
 * Builds all shapes at once and returns an entry for each queue: {shape, prefix, name, queue,
 * counts, workers, listed, isLate, hasGaps, open}; `open()` gives the Queue object whose getters are asked.
 */
export async function buildShapes(version, context) {
  const chosen = kShapes.filter(({ when = () => true }) => when(version));
  const built = await Promise.allSettled(chosen.map(async ({ name, build }) =>
    [await build(version, context)].flat().map((one) => toEntry(version, name, one))));
  const failures = built.flatMap(({ reason }, index) =>
    (reason ? [`cannot build '${chosen[index].name}': ${reason.stack}`] : []));
  if (failures.length) throw new Error(failures.join('\n'));
  return built.flatMap(({ value }) => value);
}
