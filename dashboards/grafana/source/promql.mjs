/**
 * How a query asks: whom it selects, and that two replicas by mistake do not double a number.
 *
 * Metric names stand in full where they are used, so that grep and the lint test find them.
 */

/** Labels that tell two exporters, two Redis servers and two queues apart. */
export const kRedisLabels = 'cluster, namespace, job, redis';
export const kQueueLabels = `${kRedisLabels}, prefix, queue`;
export const kProcessLabels = 'cluster, namespace, job, instance';

/** Jobs that a worker would take: pausing moves them to `paused` in BullMQ up to 5. */
export const kBacklog = 'state=~"waiting|paused|prioritized"';

/** Replicas of one exporter say the same, under another instance and pod. */
export const once = (expression) => `max without (instance, pod) (${expression})`;

/** A clock that is ahead of ours makes no age below 0. */
export const since = (timestamp) => `clamp_min(time() - ${timestamp}, 0)`;

/**
 * Queries about what a scope (label matchers) selects. All but `series` count replicas once.
 */
export class Selection {
  constructor(...matchers) {
    this.matchers = matchers;
  }

  series(metric, ...matchers) {
    return `${metric}{${[...this.matchers, ...matchers].join(', ')}}`;
  }

  last(metric, ...matchers) {
    return once(this.series(metric, ...matchers));
  }

  rate(metric, ...matchers) {
    return once(`rate(${this.series(metric, ...matchers)}[$__rate_interval])`);
  }

  /**
   * The sum over `labels`. Each exporter sums up by itself first: with thousands of queues that is many
   * times cheaper than counting each series once and then summing up.
   */
  sum(labels, metric, ...matchers) {
    return once(`sum without (${labels}) (${this.series(metric, ...matchers)})`);
  }

  sumOfRates(labels, metric, ...matchers) {
    return once(
      `sum without (${labels}) (rate(${this.series(metric, ...matchers)}[$__rate_interval]))`,
    );
  }

  /** Over the time range of the dashboard. */
  increase(metric, ...matchers) {
    return once(`increase(${this.series(metric, ...matchers)}[$__range])`);
  }
}

const kExporterMatchers = ['namespace=~"$namespace"', 'job=~"$job"'];
const kRedisMatchers = [...kExporterMatchers, 'redis=~"$redis"'];

/** The exporters themselves. */
export const kExporters = new Selection(...kExporterMatchers);
/** What belongs to a Redis. */
export const kRedisServers = new Selection(...kRedisMatchers);
/** Many queues: variables that take several values. */
export const kQueues = new Selection(...kRedisMatchers, 'prefix=~"$prefix"', 'queue=~"$queue"');
/** One queue: variables that take one value, which Grafana does not escape for a regular expression. */
export const kOneQueue = new Selection(
  ...kExporterMatchers,
  'redis="$redis"',
  'prefix="$prefix"',
  'queue="$queue"',
);

/** `process_…` of exporters: a job may scrape other programs, too. */
export function ofExporters(expression) {
  return `${expression} and on (${kProcessLabels}) ${kExporters.series('bullmq_exporter_build_info')}`;
}

/** How many jobs wait for a worker, for each queue of the selection. */
export function backlog(selection) {
  return selection.sum('state', 'bullmq_queue_jobs', kBacklog);
}

/** A number without labels, which is 0 where it has no series, as long as there is a queue that can be read. */
export function orZero(number, selection) {
  return `${number} or 0 * max(${selection.series('bullmq_queue_up')} == 1)`;
}

/** 0: it cannot be read, 1: it runs, 2: it is paused. */
export function queueStatus(selection) {
  const up = selection.last('bullmq_queue_up');
  return `${up} + (${selection.last('bullmq_queue_paused')} or 0 * ${up})`;
}
