/** Bull 4 behind the same words as BullmqVersion. */

import { AnyVersion, kStates } from './any_version.mjs';

const kGetterStates = ['waiting', 'active', 'delayed', 'paused', 'completed', 'failed'];

export class BullVersion extends AnyVersion {
  constructor(version, { host, port }) {
    super('bull', version, { host, port });
  }

  isAtLeast() {
    return false;
  }

  hasPrioritized = false;
  hasFlows = false;
  hasSchedulers = false;
  hasGlobalConcurrency = false;
  hasGlobalRateLimit = false;
  hasColonsInNames = true;
  hasMarkersInLists = false;

  #make(name, prefix, options = {}) {
    const queue = new this.module(name, { redis: this.connection, prefix, ...options });
    queue.on('error', (error) => this.errors.push(error));
    return queue;
  }

  async queue(name, prefix = 'bull') {
    const id = `${prefix}\0${name}`;
    if (!this.queues.has(id)) this.queues.set(id, this.#make(name, prefix));
    const queue = this.queues.get(id);
    await queue.isReady();
    return queue;
  }

  /** In Bull a worker is a Queue object that processes. */
  async worker(queue, processor, options = {}) {
    const { concurrency = 1, lockDuration, stalledInterval = 3_600_000, maxStalledCount = 1,
      limiter, metrics } = options;
    const worker = this.#make(queue.name, queue.keyPrefix, { limiter, metrics,
      settings: { stalledInterval, maxStalledCount, drainDelay: 1,
        ...(lockDuration ? { lockDuration, lockRenewTime: lockDuration / 2 } : {}) } });
    this.workers.push(worker);
    await worker.isReady();
    worker.process('*', concurrency, (job) => processor(job, undefined, worker));
    return worker;
  }

  add(queue, name, data, options = {}) {
    const { repeat, ...rest } = options;
    // Bull calls the pattern of a repeatable `cron`.
    const translated = repeat?.pattern
      ? { ...rest, repeat: { ...repeat, cron: repeat.pattern, pattern: undefined } } : options;
    return queue.add(name, data, translated);
  }

  /** Bull knows no UnrecoverableError: discarding the job's retries is its way. */
  unrecoverable(message, job) {
    job.discard();
    return new Error(message);
  }

  async counts(queue) {
    const counts = await queue.getJobCounts();
    return Object.fromEntries(kStates.filter((state) => state in counts)
      .map((state) => [state, counts[state]]));
  }

  canList(state) {
    return kGetterStates.includes(state);
  }

  async page({ queue }, state, start, end, ascending) {
    return (await queue.getJobs([state], start, end, ascending)).filter(Boolean);
  }

  async schedulers(queue) {
    const repeatables = await queue.getRepeatableJobs(0, -1, true);
    const delayed = await queue.getJobs(['delayed'], 0, -1, true);
    return repeatables.map(({ key, next }) => ({ id: key, next,
      ended: !delayed.some((job) => job?.opts.repeat?.key === key) }));
  }

  async concurrency() {
    return null;
  }

  async close() {
    const objects = [...this.workers, ...this.queues.values()];
    await Promise.allSettled(objects.map((item) => item.close(true)));
  }
}
