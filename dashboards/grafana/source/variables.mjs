/** The variables at the top of a dashboard. */

import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

export const kDataSource = { type: 'prometheus', uid: '${datasource}' };

const kAll = { selected: true, text: ['All'], value: ['$__all'] };

const kExporterScope = 'namespace=~"$namespace", job=~"$job"';

function labelValues(name, label, description, series) {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(kDataSource)
    .query(`label_values(${series}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

/** Several values or all. `.*` and not a list of all, which may be ten thousand names long. */
function several(variable, allValue) {
  variable.multi(true).includeAll(true).current(kAll);
  return allValue ? variable.allValue(allValue) : variable;
}

const dataSource = () =>
  new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus that scrapes bullmq_exporter')
    .type('prometheus');

const namespace = () =>
  several(
    labelValues(
      'namespace',
      'Namespace',
      'Of the exporter; without this label: All',
      'bullmq_exporter_build_info',
    ),
    '.*',
  );

// All of these are the jobs that have an exporter, not every job of the Prometheus.
const job = () =>
  several(
    labelValues(
      'job',
      'Job',
      'The scrape jobs of the exporters',
      'bullmq_exporter_build_info{namespace=~"$namespace"}',
    ),
  );

const redis = () =>
  labelValues(
    'redis',
    'Redis',
    'Name of the Redis in the configuration of the exporter',
    `bullmq_up{${kExporterScope}}`,
  );

const prefix = (redisMatcher) =>
  labelValues(
    'prefix',
    'Prefix',
    "BullMQ's option prefix",
    `bullmq_queue_up{${kExporterScope}, ${redisMatcher}}`,
  );

const queue = (redisMatcher, prefixMatcher) =>
  labelValues(
    'queue',
    'Queue',
    'Name of the queue',
    `bullmq_queue_up{${kExporterScope}, ${redisMatcher}, ${prefixMatcher}}`,
  );

const name = (matchers) =>
  several(
    labelValues(
      'name',
      'Job name',
      'Names of jobs that failed lately; filters the failures alone',
      `bullmq_queue_recent_failures{${kExporterScope}, ${matchers}}`,
    ),
    '.*',
  );

const api = () =>
  new TextBoxVariableBuilder('api')
    .label('Jobs API')
    .description("Base URL of the exporter's Jobs API, as a browser reaches it; used by links only")
    .defaultValue('http://localhost:9539')
    .current({ selected: true, text: 'http://localhost:9539', value: 'http://localhost:9539' });

export function exporterVariables() {
  return [dataSource(), namespace(), job(), several(redis(), '.*'), api()];
}

export function queuesVariables() {
  return [
    dataSource(),
    namespace(),
    job(),
    several(redis(), '.*'),
    several(prefix('redis=~"$redis"'), '.*'),
    several(queue('redis=~"$redis"', 'prefix=~"$prefix"'), '.*'),
  ];
}

export function overviewVariables() {
  return [...queuesVariables(), api()];
}

export function failuresVariables() {
  return [...queuesVariables(), name('redis=~"$redis", prefix=~"$prefix", queue=~"$queue"'), api()];
}

/** One value each: the dashboard is about one queue. */
export function oneQueueVariables() {
  return [
    dataSource(),
    namespace(),
    job(),
    redis(),
    prefix('redis="$redis"'),
    queue('redis="$redis"', 'prefix="$prefix"'),
    name('redis="$redis", prefix="$prefix", queue="$queue"'),
    api(),
  ];
}
