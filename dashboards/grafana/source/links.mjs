/** Where links lead: to the other dashboards, to the alerts, to the Jobs API. */

import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

export const kUids = {
  overview: 'bullmq-overview',
  queue: 'bullmq-queue',
  failures: 'bullmq-failures',
  exporter: 'bullmq-exporter',
};

/** What every dashboard has. The queue is passed on only by those that know what the other end takes. */
const kScope =
  '${datasource:queryparam}&${namespace:queryparam}&${job:queryparam}&${api:queryparam}';
const kQueuesScope = `${kScope}&\${redis:queryparam}&\${prefix:queryparam}&\${queue:queryparam}`;

function link(title, url, icon, tooltip) {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(url)
    .icon(icon)
    .tooltip(tooltip)
    .keepTime(true);
}

const kToAlerts = '/alerting/list?search=Bullmq';

/** The links at the top of the dashboard `from`, without itself. */
export function dashboardLinks(from) {
  const takesQueues = from === 'overview' || from === 'failures' || from === 'queue';
  const targets = {
    overview: link(
      'All queues',
      `/d/${kUids.overview}?${kScope}`,
      'apps',
      'Overview of all queues',
    ),
    queue: link('One queue', `/d/${kUids.queue}?${kScope}`, 'search', 'One queue in depth'),
    failures: link(
      'Failures',
      `/d/${kUids.failures}?${takesQueues ? kQueuesScope : kScope}`,
      'bolt',
      'Failures by reason',
    ),
    exporter: link(
      'Exporter',
      `/d/${kUids.exporter}?${kScope}`,
      'info',
      'The exporter and its Redis',
    ),
  };
  delete targets[from];
  return [
    ...Object.values(targets),
    link('Alerts', kToAlerts, 'bell', 'Rules whose names begin with Bullmq'),
  ];
}

/** A link of data. `value(label)` is how the place where it stands names the label's value. */
function queueLinks(value) {
  const queue = `var-redis=${value('redis')}&var-prefix=${value('prefix')}&var-queue=${value('queue')}`;
  return {
    inDepth: {
      title: 'This queue in depth',
      url: `/d/${kUids.queue}?\${__url_time_range}&${kScope}&${queue}`,
    },
    failures: {
      title: 'Failures of this queue',
      url: `/d/${kUids.failures}?\${__url_time_range}&${kScope}&${queue}`,
    },
    failedJobs: {
      title: 'Failed jobs (Jobs API)',
      url:
        `\${api}/v1/jobs/queues/${value('queue')}?status=failed&order=desc` +
        `&redis=${value('redis')}&prefix=${value('prefix')}`,
      targetBlank: true,
    },
  };
}

/** In a table with the columns redis, prefix and queue. */
export const kRowLinks = queueLinks((label) => `\${__data.fields.${label}:percentencode}`);
/** On a series with the labels redis, prefix and queue. */
export const kSeriesLinks = queueLinks((label) => `\${__field.labels.${label}:percentencode}`);
/** Of the queue that the variables choose. */
export const kVariableLinks = queueLinks((label) => `\${${label}:percentencode}`);

export const kAlertLink = {
  title: 'The rule',
  url: '/alerting/list?search=${__data.fields.alertname:percentencode}',
};
