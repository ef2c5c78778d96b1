/** Events that are drawn over all panels. */

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

import { kExporters, kProcessLabels, once } from './promql.mjs';
import { kDataSource } from './variables.mjs';

/** Grafana's fields of a Prometheus annotation that the SDK does not know. */
function annotation(name, color, expression, fields) {
  const base = new AnnotationQueryBuilder()
    .name(name)
    .datasource(kDataSource)
    .enable(true)
    .iconColor(color)
    .expr(expression);
  const built = { ...base.build(), ...fields };
  return { build: () => built };
}

/** The value is the time of the event, so that it is exact however coarse the step is. */
export function restarts() {
  const started = kExporters.series('process_start_time_seconds');
  const build = kExporters.series('bullmq_exporter_build_info');
  return annotation(
    'Restarts of the exporter',
    'blue',
    once(`${started} * on (${kProcessLabels}) group_left (version) ${build}`) + ' * 1000 > $__from',
    {
      useValueForTime: true,
      titleFormat: 'The exporter started',
      textFormat: 'version {{version}}',
      tagKeys: 'job',
    },
  );
}

/** When a queue was paused; a queue that has been paused all the time is no event. */
export function pauseBegins(selection) {
  const paused = selection.series('bullmq_queue_paused');
  return annotation('Pauses', 'yellow', once(`${paused} > ${paused} offset $__interval`), {
    step: '60s',
    titleFormat: 'Paused',
    textFormat: 'queue {{queue}}',
    tagKeys: 'redis,prefix,queue',
  });
}

/** From when to when the queue was paused. */
export function pauses(selection) {
  return annotation('Pauses', 'yellow', `${selection.last('bullmq_queue_paused')} == 1`, {
    step: '60s',
    titleFormat: 'Paused',
    textFormat: 'queue {{queue}}',
    tagKeys: 'redis,prefix,queue',
  });
}

/** When alerts of the rules began, where the same Prometheus evaluates them; only those that fire. */
export function alerts(selection) {
  const began = selection.series('ALERTS_FOR_STATE', 'alertname=~"Bullmq.+"');
  const firing = selection.series('ALERTS', 'alertstate="firing"');
  return annotation(
    'Alerts',
    'red',
    `${once(`${began} and ignoring (alertstate) ${firing}`)} * 1000 > $__from`,
    {
      useValueForTime: true,
      titleFormat: '{{alertname}}',
      textFormat: '{{severity}} {{redis}} {{queue}}',
      tagKeys: 'alertname',
    },
  );
}
