/** Compares everything that the exporter says of one queue with the oracle. */

import { kReasonClasses } from '../shapes/failures.mjs';
import { keyOf } from '../shapes/build_tools.mjs';
import { jobAnswer, labelValue, stateCounts } from './oracle_view.mjs';

const kMirroredStates = ['active', 'completed', 'failed', 'delayed', 'waiting', 'paused'];

/** Pages asked of a state that is not empty; of an empty one only the first. */
const kPages = [
  { page: 1, limit: 10, order: 'asc' }, { page: 2, limit: 10, order: 'asc' },
  { page: 3, limit: 10, order: 'asc' }, { page: 2, limit: 3, order: 'asc' },
  { page: 1, limit: 1000, order: 'asc' }, { page: 1, limit: 4, order: 'desc' },
  { page: 2, limit: 4, order: 'desc' }, { page: 99, limit: 10, order: 'asc' },
];

/** What the exporter answers for a queue: asked before any getter. */
export async function askExporter(exporter, entry, states, selection) {
  const path = `/v1/jobs/queues/${encodeURIComponent(entry.name)}`;
  const pages = [];
  for (const [state, count] of Object.entries(states)) {
    for (const query of count === 0 ? kPages.slice(0, 1) : kPages) {
      const text = `${path}?status=${state}&page=${query.page}&limit=${query.limit}` +
        `&order=${query.order}${selection}`;
      pages.push({ state, query, answer: await exporter.ask(text) });
    }
  }
  return { pages, byDefault: await exporter.ask(`${path}?${selection.slice(1)}`) };
}

/** The samples of one queue. */
export function samplesOf(samples, { prefix, name }) {
  const label = labelValue(name);
  return samples.filter(({ labels }) => labels.queue === label && labels.prefix === prefix);
}

export class QueueComparison {
  constructor({ comparison, version, redis, entry, facts }) {
    Object.assign(this, { comparison, version, redis, entry, facts });
    this.where = `${entry.shape} [${entry.prefix} ${entry.name.slice(0, 40)}]`;
  }

  /** Compares all that the exporter said: its object in the list, its pages, its samples. */
  async compare({ listed, answers, samples, extra }) {
    await this.#readCounts();
    this.comparison.equal(`${this.where} in the list`, listed,
      { name: this.entry.name, ...extra, counts: this.mirroredCounts });
    for (const page of answers.pages) await this.#page(page, extra);
    await this.#page({ state: 'failed', query: { page: 1, limit: 10, order: 'asc' },
      answer: answers.byDefault }, extra);
    await this.#metrics(samples);
  }

  /** One answer about jobs, and the bytes of what must not be reformatted. */
  async #page({ state, query, answer }, extra) {
    const { comparison, version, entry } = this;
    const where = `${this.where} ${state} ${query.order} page ${query.page} of ${query.limit}`;
    comparison.equal(`${where} status`, answer.status, 200);
    if (answer.status !== 200) return;
    const start = (query.page - 1) * query.limit;
    const jobs = version.canList(state)
      ? await version.page(entry, state, start, start + query.limit - 1, query.order === 'asc')
      : [];
    const { jobs: shown, counts, pagination, ...rest } = answer.json;
    if (version.canList(state)) {
      const expected = await Promise.all(jobs.map((job) => jobAnswer(version, job)));
      comparison.equal(`${where} ids`, shown.map(({ id }) => id), expected.map(({ id }) => id));
      for (const [index, job] of expected.entries()) {
        if (shown[index]?.id === job.id) comparison.fields(`${where} job ${job.id}`, shown[index], job);
      }
      await this.#bytes(where, jobs, answer.body);
    }
    comparison.fields(`${where} counts`, counts, this.mirroredCounts);
    comparison.fields(`${where} top`, rest, { name: entry.name, ...extra });
    const total = this.counts[state];
    comparison.fields(`${where} pagination`, pagination, { currentPage: query.page,
      totalPages: Math.ceil(total / query.limit), totalJobs: total, limit: query.limit });
  }

  async #bytes(where, jobs, body) {
    for (const job of jobs) {
      const [data, returned] = await this.redis.hmget(keyOf(this.entry.queue, job.id), 'data', 'returnvalue');
      if (data !== null) {
        this.comparison.equal(`${where} job ${job.id} data's bytes`, body.includes(`"data":${data}`), true);
      }
      if (returned !== null) {
        this.comparison.equal(`${where} job ${job.id} returnValue's bytes`,
          body.includes(`"returnValue":${returned}`), true);
      }
    }
  }

  async #readCounts() {
    this.counts = await stateCounts(this.version, this.entry.queue, this.facts);
    this.mirroredCounts = Object.fromEntries(kMirroredStates.map((state) => [state, this.counts[state]]));
  }

  async #metrics(samples) {
    const { comparison, facts, version } = this;
    const { queue } = this.entry;
    const byFamily = (family) => samples.filter(({ name }) => name === family);
    const single = (family) => byFamily(family)[0]?.value;
    const where = (family) => `${this.where} ${family}`;
    const labelled = (family, label) => Object.fromEntries(
      byFamily(family).map(({ labels, value }) => [labels[label], value]));

    comparison.fields(where('bullmq_queue_jobs'), labelled('bullmq_queue_jobs', 'state'), this.counts);
    comparison.fields(where('bullmq_queue_finished_jobs_total'),
      labelled('bullmq_queue_finished_jobs_total', 'outcome'), await this.#finishedTotals());
    comparison.equal(where('bullmq_queue_info'), labelled('bullmq_queue_info', 'version'),
      { [facts.version]: 1 });
    const schedulers = await version.schedulers(queue);
    const live = schedulers.filter(({ ended }) => !ended).map(({ next }) => next);
    const expected = {
      bullmq_queue_up: 1,
      bullmq_queue_paused: Number(await version.isPaused(queue)),
      bullmq_queue_workers: await version.workerCount(queue),
      bullmq_queue_oldest_waiting_job_timestamp_seconds: facts.oldestWaiting,
      bullmq_queue_oldest_active_job_timestamp_seconds: facts.oldestActive,
      bullmq_queue_next_delayed_job_timestamp_seconds: facts.nextDelayed,
      bullmq_queue_overdue_delayed_jobs: facts.overdueDelayed,
      bullmq_queue_schedulers: schedulers.length,
      bullmq_queue_overdue_schedulers: live.filter((next) => next < Date.now()).length,
      bullmq_queue_next_scheduled_timestamp_seconds: live.length ? Math.min(...live) / 1000 : undefined,
      bullmq_queue_last_completed_timestamp_seconds: facts.lastCompleted,
      bullmq_queue_last_failure_timestamp_seconds: facts.lastFailure,
      bullmq_queue_concurrency_limit: (await version.concurrency(queue)) ?? undefined,
      bullmq_queue_rate_limited: facts.rateLimited,
      bullmq_queue_job_ids_total: facts.jobIds,
    };
    for (const [family, value] of Object.entries(expected)) {
      comparison.equal(where(family), single(family), value);
    }
    this.#recentFailures(byFamily('bullmq_queue_recent_failures'));
  }

  async #finishedTotals() {
    const totals = {};
    for (const outcome of ['completed', 'failed']) {
      if (this.facts.hasMetrics[outcome]) {
        totals[outcome] = await this.version.finishedTotal(this.entry.queue, outcome);
      }
    }
    return totals;
  }

  /** Counts by job name, and by reason class where the class is known. */
  #recentFailures(samples) {
    const where = `${this.where} bullmq_queue_recent_failures`;
    const tally = (pairs) => {
      const sums = {};
      for (const [key, value] of pairs) sums[key] = (sums[key] ?? 0) + value;
      return sums;
    };
    const { failures } = this.facts;
    this.comparison.fields(`${where} by name`,
      tally(samples.map(({ labels, value }) => [labels.name, value])),
      tally(failures.map(({ name }) => [labelValue(name ?? '__unknown__'), 1])));
    if (failures.every(({ failedReason }) => kReasonClasses.has(failedReason))) {
      this.comparison.fields(`${where} by name and reason`,
        tally(samples.map(({ labels, value }) => [`${labels.name}: ${labels.reason}`, value])),
        tally(failures.map(({ name, failedReason }) =>
          [`${name}: ${kReasonClasses.get(failedReason)}`, 1])));
    }
  }
}
