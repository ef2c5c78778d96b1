/** What all versions of BullMQ and Bull have alike: BullmqVersion and BullVersion say the rest. */

import { createRequire } from 'node:module';

import { pause } from './until.mjs';

const require = createRequire(import.meta.url);

/** Every state that the exporter shows, in its words. */
export const kStates = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children',
  'paused', 'completed', 'failed'];

export class AnyVersion {
  constructor(kind, version, connection) {
    this.kind = kind;
    this.version = version;
    this.module = require(`${kind}-${version}`);
    this.connection = connection;
    this.major = Number(version.split('.')[0]);
    this.queues = new Map();
    this.workers = [];
    this.errors = [];
  }

  /** Options of a worker that keeps `metrics:completed` and `metrics:failed`. */
  get metricsOptions() {
    return { metrics: { maxDataPoints: 60 } };
  }

  /** Ends a worker as a crash would: the job stays active, nobody renews its lock. */
  async crash(worker) {
    worker.close(true).catch((error) => this.errors.push(error));
    await pause(50);
  }

  async closeWorker(worker) {
    await worker.close();
    this.workers = this.workers.filter((other) => other !== worker);
  }

  // What the version's own getters say.

  /** The fields that the API mirrors, as the version's Job object has them. */
  fields(job) {
    return {
      id: String(job.id), name: job.name, data: job.data, failedReason: job.failedReason,
      timestamp: job.timestamp, processedOn: job.processedOn, finishedOn: job.finishedOn,
      attemptsMade: job.attemptsMade, stacktrace: job.stacktrace, returnvalue: job.returnvalue,
    };
  }

  state(job) {
    return job.getState();
  }

  isPaused(queue) {
    return queue.isPaused();
  }

  async workerCount(queue) {
    return (await queue.getWorkers()).length;
  }

  /** Total of `metrics:<outcome>` as getMetrics says it. */
  async finishedTotal(queue, outcome) {
    return (await queue.getMetrics(outcome)).meta.count;
  }
}
