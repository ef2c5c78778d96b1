/**
 * One BullMQ version: its real Queue, Worker and FlowProducer classes on one Redis, and its own
 * getters, in the words that all versions share (AnyVersion).
 */

import { AnyVersion, kStates } from './any_version.mjs';

/** A promise that nobody resolves: a job that stays active. */
export const forever = () => new Promise(() => {});

/** Numbers such as '5.81.5' in order. */
export function isAtLeast(version, wanted) {
  const [left, right] = [version, wanted].map((text) => text.split('.').map(Number));
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 || left[at] > right[at];
}

export class BullmqVersion extends AnyVersion {
  constructor(version, connection) {
    super('bullmq', version, connection);
    this.flows = [];
    this.listeners = [];
  }

  isAtLeast(wanted) {
    return isAtLeast(this.version, wanted);
  }

  get hasPrioritized() {
    return this.major >= 4;
  }

  get hasFlows() {
    return true;
  }

  get hasSchedulers() {
    return typeof this.module.JobScheduler === 'function';
  }

  get hasGlobalConcurrency() {
    return typeof this.module.Queue.prototype.setGlobalConcurrency === 'function';
  }

  get hasGlobalRateLimit() {
    return typeof this.module.Queue.prototype.setGlobalRateLimit === 'function';
  }

  /** BullMQ rejects a colon in a name from v5 on. */
  get hasColonsInNames() {
    return this.major < 5;
  }

  /** Up to v4 a delayed (and in v4 a prioritized) job puts a marker into the wait list. */
  get hasMarkersInLists() {
    return this.major < 5;
  }

  /** The Queue object of (prefix, name): made once. */
  async queue(name, prefix = 'bull') {
    const id = `${prefix}\0${name}`;
    if (!this.queues.has(id)) {
      const queue = new this.module.Queue(name, { connection: this.connection, prefix });
      queue.on('error', (error) => this.errors.push(error));
      this.queues.set(id, queue);
      await queue.waitUntilReady();
    }
    return this.queues.get(id);
  }

  /** A running Worker of a queue; `processor(job, token, worker)`. */
  async worker(queue, processor, options = {}) {
    let worker;
    worker = new this.module.Worker(queue.name, (job, token) => processor(job, token, worker), {
      connection: this.connection, prefix: queue.opts.prefix, stalledInterval: 3_600_000,
      maxStalledCount: 1, drainDelay: 1, ...options });
    worker.on('error', (error) => this.errors.push(error));
    this.workers.push(worker);
    await worker.waitUntilReady();
    return worker;
  }

  /** A QueueEvents object: its connection is named, but it is no worker. */
  async listen(queue) {
    const events = new this.module.QueueEvents(queue.name, {
      connection: this.connection, prefix: queue.opts.prefix });
    events.on('error', (error) => this.errors.push(error));
    this.listeners.push(events);
    await events.waitUntilReady();
  }

  /** Adds a flow: {name, queueName, prefix, data, opts, children}. */
  async addFlow(flow) {
    const producer = new this.module.FlowProducer(
      { connection: this.connection, prefix: flow.prefix });
    producer.on('error', (error) => this.errors.push(error));
    this.flows.push(producer);
    return producer.add(flow);
  }

  add(queue, name, data, options) {
    return queue.add(name, data, options);
  }

  unrecoverable(message) {
    return new this.module.UnrecoverableError(message);
  }

  /** Limits a queue by hand from within a job; returns what the processor has to throw. */
  async limitByHand(worker, milliseconds) {
    await worker.rateLimit(milliseconds);
    return this.module.RateLimitError ? new this.module.RateLimitError()
      : this.module.Worker.RateLimitError();
  }

  // What the version's own getters say.

  /** {state: count} for every state of kStates; may pop a marker (BullMQ's own scripts do). */
  async counts(queue) {
    const known = kStates.filter((state) => this.#getterStates.includes(state));
    const types = known.map((state) => (state === 'waiting' ? 'wait' : state));
    const counts = await queue.getJobCounts(...types);
    return Object.fromEntries(known.map((state, index) => [state, counts[types[index]]]));
  }

  get #getterStates() {
    const missing = [...(this.hasPrioritized ? [] : ['prioritized']),
      ...(this.major >= 6 ? ['paused'] : [])];
    return kStates.filter((state) => !missing.includes(state));
  }

  /** Whether getJobs knows this state in this version. */
  canList(state) {
    return this.#getterStates.includes(state);
  }

  /** Late v5 and v6 fill a page up with jobs of the next where some of its own have vanished. */
  get hasFilledPages() {
    return this.isAtLeast('5.81.5');
  }

  /**
   * Job objects of a page, oldest first if `ascending`; jobs that vanished, markers, and what fills
   * their places are left out, so that pages do not overlap.
   */
  async page({ queue, hasGaps }, state, start, end, ascending) {
    const type = state === 'waiting' ? 'wait' : state;
    const jobs = (await queue.getJobs([type], start, end, ascending))
      .filter((job) => job && job.name !== undefined);
    if (!hasGaps || !this.hasFilledPages) return jobs;
    const ids = await queue.getRanges([type], start, end, ascending);
    return jobs.filter(({ id }) => ids.includes(id));
  }

  /**
   * {id, next (ms), ended} of every scheduler or repeatable. Only late versions count the runs; in
   * others one has ended when no job of it waits for its time.
   */
  async schedulers(queue) {
    const all = this.hasSchedulers ? await queue.getJobSchedulers(0, -1, true)
      : await queue.getRepeatableJobs(0, -1, true);
    const waiting = await queue.getJobs(['delayed', 'wait'], 0, -1, true);
    const hasJob = (key) => waiting.some((job) => job?.repeatJobKey === key);
    return all.map(({ key, next, limit, iterationCount, endDate }) => ({ id: key, next,
      ended: Boolean(endDate && new Date(endDate).getTime() <= Date.now()) ||
        (iterationCount === undefined ? !hasJob(key) : Boolean(limit && iterationCount >= limit)) }));
  }

  async concurrency(queue) {
    return this.hasGlobalConcurrency ? queue.getGlobalConcurrency() : null;
  }

  /** Ends everything without waiting for jobs that never end. */
  async close() {
    await Promise.allSettled(this.workers.map((worker) => worker.close(true)));
    const others = [...this.queues.values(), ...this.flows, ...this.listeners];
    await Promise.allSettled(others.map((item) => item.close()));
  }
}
