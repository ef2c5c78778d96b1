/**
 * The first look at the data that scripts/demo shows: some lines of /metrics, an answer of the Jobs
 * API, and what Prometheus has scraped. Exits non-zero when anything of it is missing.
 *
 *   node first_look.mjs TELEMETRY API KEY [PROMETHEUS]        (addresses as host:port)
 */

import { get } from '../lib/exporter.mjs';
import { until } from '../lib/until.mjs';

const [telemetry, api, key, prometheus] = process.argv.slice(2);

const kShown = [
  /^bullmq_up\{/,
  /^bullmq_queue_jobs\{.*queue="ingestion"/,
  /^bullmq_queue_workers\{/,
  /^bullmq_queue_oldest_waiting_job_timestamp_seconds\{/,
  /^bullmq_queue_finished_jobs_total\{/,
  /^bullmq_queue_recent_failures\{.*queue="ingestion".* [1-9]/,
];

const heading = (text) => console.log(`\n--- ${text}`);

async function ask(address, path, headers) {
  const answer = await get(address, path, headers);
  if (answer.status !== 200) throw new Error(`${address}${path} answered ${answer.status}: ${answer.body}`);
  return answer.body;
}

async function showMetrics() {
  // The first poll sees all queues; wait for the one in which the failures stand.
  const lines = await until('the metrics of the workload', async () => {
    const all = (await ask(telemetry, '/metrics')).split('\n');
    const found = kShown.map((pattern) => all.filter((line) => pattern.test(line)));
    return found.every((some) => some.length > 0) && found.flat();
  });
  heading(`some of http://${telemetry}/metrics`);
  console.log(lines.join('\n'));
}

async function showFailedJobs() {
  const path = '/v1/jobs/queues/ingestion?status=failed&page=1&limit=1';
  const answer = JSON.parse(await ask(api, path, { 'X-API-KEY': key }));
  if (!answer.jobs[0]?.failedReason) throw new Error(`no failed job in ${JSON.stringify(answer)}`);
  heading(`http://${api}${path}`);
  console.log(JSON.stringify(answer, null, 2));
}

async function showPrometheus() {
  const query = 'sum by (queue) (bullmq_queue_jobs{state="failed"})';
  const result = await until('Prometheus to have scraped', async () => {
    const body = await ask(prometheus, `/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = JSON.parse(body);
    return data.result.length > 0 && data.result;
  });
  heading(`Prometheus: ${query}`);
  for (const { metric, value } of result) console.log(`${metric.queue}: ${value[1]}`);
}

try {
  await showMetrics();
  await showFailedJobs();
  if (prometheus) await showPrometheus();
} catch (error) {
  console.error(`first look: ${error.message}`);
  process.exit(1);
}
