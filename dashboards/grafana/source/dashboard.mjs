/** What all dashboards have in common, and where their panels stand. */

import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

import { dashboardLinks, kUids } from './links.mjs';

const kColumns = 24;

/** A heading with the panels below it, up to the next heading. */
export const section = (id, title, ...panels) => ({ id, title, panels });

/**
 * Panels stand from left to right; one that has no room left begins a new line, below the highest of
 * the last one.
 */
function place(builder, sections) {
  let y = 0;
  for (const { id, title, panels } of sections) {
    builder.withRow(new RowBuilder(title).id(id).gridPos({ x: 0, y, w: kColumns, h: 1 }));
    y += 1;
    let x = 0;
    let highest = 0;
    for (const panel of panels) {
      const { w, h } = panel.build().gridPos;
      if (x + w > kColumns) {
        x = 0;
        y += highest;
        highest = 0;
      }
      builder.withPanel(panel.gridPos({ x, y, w, h }));
      x += w;
      highest = Math.max(highest, h);
    }
    y += highest;
  }
}

/** `key`: its name in links.mjs, and that of its file. */
export function dashboard({
  key, title,
  description,
  variables,
  annotations,
  sections,
  time = 'now-3h',
}) {
  const builder = new DashboardBuilder(title)
    .uid(kUids[key])
    .description(description)
    .tags(['bullmq'])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: time, to: 'now' })
    .timepicker(
      new TimePickerBuilder().refreshIntervals(['5s', '10s', '30s', '1m', '5m', '15m', '1h']),
    )
    .refresh('30s')
    .editable()
    .variables(variables)
    .annotations(annotations)
    .links(dashboardLinks(key));
  place(builder, sections);
  return builder.build();
}
