/**
 * The kinds of panel that the dashboards are made of. Each takes `id` (for links and alerts: never
 * changed, never given again), `title`, `description`, `width` of 24 columns, `height` and its own.
 *
 * `queries` are `{ LEGEND: EXPRESSION, … }`; refIds are A, B, C… by position. A column of a table has
 * a key, which is its refId, since Grafana names the column `Value #KEY`.
 */

import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import { kBad, kGood, kSeriesColors } from './colors.mjs';
import { kDataSource } from './variables.mjs';

const refId = (position) => String.fromCharCode('A'.charCodeAt(0) + position);

function queryOf(expr, legend, refId) {
  return new DataqueryBuilder()
    .datasource(kDataSource)
    .expr(expr)
    .legendFormat(legend)
    .refId(refId);
}

const queriesOf = (queries) =>
  Object.entries(queries).map(([legend, expr], index) => queryOf(expr, legend, refId(index)));
const rangeQueries = (queries) => queriesOf(queries).map((query) => query.range());
const instantQueries = (queries) => queriesOf(queries).map((query) => query.instant());

/** `steps`: the colour below the first value, then [value, colour]… */
function thresholdsOf([base, ...steps]) {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))]);
}

/** `values`: { 0: ['down', 'red'], … } */
export function mapping(values) {
  const options = Object.fromEntries(
    Object.entries(values).map(([value, [shown, color]], index) => [
      value,
      { text: shown, color, index },
    ]),
  );
  return { type: MappingType.ValueToText, options };
}

const tooltipOfAll = () =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);

function begin(builder, { id, title, description, width, height, unit, decimals, noValue, links }) {
  builder
    .id(id)
    .title(title)
    .description(description)
    .datasource(kDataSource)
    .span(width)
    .height(height);
  if (unit !== undefined) builder.unit(unit);
  if (decimals !== undefined) builder.decimals(decimals);
  if (noValue !== undefined) builder.noValue(noValue);
  if (links !== undefined) builder.dataLinks(links.map((link) => ({ build: () => link })));
  return builder;
}

/** Whether the series of a query are states, outcomes or flows, which have colours of their own. */
const showsStates = (legend) =>
  legend in kSeriesColors || legend === '{{state}}' || legend === '{{outcome}}';

/** A queue has the same colour in all panels; other series differ from their neighbours. */
function paletteOf(queries) {
  const isByQueue = Object.keys(queries).some((legend) => legend.includes('{{queue}}'));
  return isByQueue ? FieldColorModeId.PaletteClassicByName : FieldColorModeId.PaletteClassic;
}

const seriesColor = (name, color) => [
  name,
  [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
];

/**
 * A number. With `course` what came before stands behind it: then Grafana shows the last value of the
 * time range, however old it is, so the query must have a value at all times. `textMode: 'name'` shows
 * the legend in place of the value.
 */
export function statPanel({
  queries,
  course = false,
  thresholds = [kGood],
  mappings = [],
  textMode = 'value',
  ...options
}) {
  return begin(new stat.PanelBuilder(), { width: 3, height: 4, ...options })
    .targets(course ? rangeQueries(queries) : instantQueries(queries))
    .thresholds(thresholdsOf(thresholds))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mappings(mappings)
    .colorMode(BigValueColorMode.Value)
    .graphMode(course ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(textMode === 'name' ? BigValueTextMode.Name : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .orientation(VizOrientation.Auto);
}

/** Lines over time. `stacked`: areas on each other. `thresholds` are drawn as dashed lines. */
export function linesPanel({ queries, stacked = false, thresholds, min = 0, ...options }) {
  const builder = begin(new timeseries.PanelBuilder(), { height: 8, ...options })
    .targets(rangeQueries(queries))
    .colorScheme(new FieldColorBuilder().mode(paletteOf(queries)))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull']),
    )
    .tooltip(tooltipOfAll())
    .showPoints(VisibilityMode.Auto) // a point between two gaps is no line
    .lineWidth(stacked ? 1 : 2)
    .fillOpacity(stacked ? 60 : 8);
  // What ranks all queues does so at each point.
  if (Object.values(queries).some((expr) => expr.startsWith('topk('))) builder.maxDataPoints(300);
  if (min !== null) builder.min(min);
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (thresholds !== undefined) {
    builder
      .thresholds(thresholdsOf(thresholds))
      .thresholdsStyle(
        new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
      );
  }
  if (Object.keys(queries).some(showsStates)) {
    for (const [name, color] of Object.entries(kSeriesColors))
      builder.overrideByName(...seriesColor(name, color));
  }
  return builder;
}

/** One bar a series, the longest first. */
export function barsPanel({ queries, thresholds = [kGood], ...options }) {
  return begin(new bargauge.PanelBuilder(), { height: 8, ...options })
    .targets(instantQueries(queries))
    .thresholds(thresholdsOf(thresholds))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .min(0)
    .orientation(VizOrientation.Horizontal)
    .displayMode('basic')
    .showUnfilled(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
}

/** Coloured stretches of time, one line a series. */
export function statesPanel({ queries, mappings, ...options }) {
  return begin(new statetimeline.PanelBuilder(), { height: 8, unit: 'none', ...options })
    .targets(rangeQueries(queries))
    .mappings(mappings)
    .thresholds(thresholdsOf([kGood]))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.85)
    .tooltip(tooltipOfAll())
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    );
}

/** Labels of targets that people have beside their own. They tell rows apart and fill no column. */
const kHiddenLabels = [
  'Time',
  'cluster',
  'container',
  'endpoint',
  'job',
  'service',
  'prometheus',
  '__name__',
];

/**
 * A row for each set of labels. `labels`: the columns made of labels, in order: [name, width, more
 * properties…]. `columns`: { key, title, expr, unit, width?, properties? }. What has no width shares
 * what is left.
 */
export function tablePanel({ labels, columns, hidden = [], sortBy, ...options }) {
  const builder = begin(new table.PanelBuilder(), { height: 10, unit: 'short', ...options })
    .targets(
      columns.map(({ key, expr }) =>
        queryOf(expr, key, key).format(PromQueryFormat.Table).instant(),
      ),
    )
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(
          [...kHiddenLabels, ...hidden].map((name) => [name, true]),
        ),
        indexByName: Object.fromEntries(
          [...labels.map(([name]) => name), ...columns.flatMap(valueColumns)].map((name, index) => [
            name,
            index,
          ]),
        ),
        renameByName: Object.fromEntries(
          columns.flatMap((column, ...rest) =>
            valueColumns(column, ...rest).map((name) => [name, column.title]),
          ),
        ),
      },
    })
    .showHeader(true);
  for (const [name, width, ...properties] of labels) {
    builder.overrideByName(name, [
      ...widthOf(width),
      { id: 'custom.filterable', value: true },
      ...properties,
    ]);
  }
  for (const { title, unit, width, properties = [] } of columns) {
    builder.overrideByName(title, [{ id: 'unit', value: unit }, ...widthOf(width), ...properties]);
  }
  if (sortBy !== undefined)
    builder.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  return builder;
}

/** A table with one query has a column `Value`, one with several has `Value #KEY` for each. */
function valueColumns({ key }, index, columns) {
  return columns.length === 1 ? ['Value', `Value #${key}`] : [`Value #${key}`];
}

const widthOf = (width) => (width === undefined ? [] : [{ id: 'custom.width', value: width }]);

export const linksOf = (...links) => ({ id: 'links', value: links });
export const coloredText = { id: 'custom.cellOptions', value: { type: 'color-text' } };
export const coloredBackground = {
  id: 'custom.cellOptions',
  value: { type: 'color-background', mode: 'basic' },
};
/** A bar as long as the number is large. */
export const redGauge = [
  { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } },
  { id: 'color', value: { mode: 'fixed', fixedColor: kBad } },
  { id: 'min', value: 0 },
];
export const mapped = (values) => ({ id: 'mappings', value: [mapping(values)] });
export const colorAbove = (...steps) => ({ id: 'thresholds', value: thresholdsOf(steps).build() });

export function textPanel({ content, ...options }) {
  const { id, title, description, width, height } = { height: 8, ...options };
  return new text.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .span(width)
    .height(height)
    .mode(text.TextMode.Markdown)
    .content(content);
}
