/**
 * Tells the alerts of a Prometheus as they come and go, a line each, until SIGTERM.
 *
 *   node watch_alerts.mjs PROMETHEUS        (its address as host:port)
 */

import { get } from '../lib/exporter.mjs';
import { pause } from '../lib/until.mjs';

const [prometheus] = process.argv.slice(2);
const kInterval = 500;

const tell = (what, alert) => console.log(
  `${new Date().toISOString().slice(11, 19)} ${what.padEnd(8)} ${alert.labels.alertname} (${alert.labels.severity}) ` +
  alert.annotations.description);

/** What fires, by labels. */
async function firing() {
  const { status, body } = await get(prometheus, '/api/v1/alerts');
  if (status !== 200) throw new Error(`Prometheus answered ${status}: ${body}`);
  const alerts = JSON.parse(body).data.alerts.filter((alert) => alert.state === 'firing');
  return new Map(alerts.map((alert) => [JSON.stringify(alert.labels), alert]));
}

let before = new Map();
for (;;) {
  const now = await firing();
  for (const [labels, alert] of now) if (!before.has(labels)) tell('FIRING', alert);
  for (const [labels, alert] of before) if (!now.has(labels)) tell('resolved', alert);
  before = now;
  await pause(kInterval);
}
