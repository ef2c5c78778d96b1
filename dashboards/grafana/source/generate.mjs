/**
 * Writes the dashboards.
 *
 *   node generate.mjs [FOLDER]
 *
 * FOLDER is the one above this by default.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { exporterDashboard } from './exporter.mjs';
import { failuresDashboard } from './failures.mjs';
import { overviewDashboard } from './overview.mjs';
import { queueDashboard } from './queue.mjs';

const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

const kDashboards = {
  overview: overviewDashboard,
  queue: queueDashboard,
  failures: failuresDashboard,
  exporter: exporterDashboard,
};

for (const [name, make] of Object.entries(kDashboards)) {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(make(), null, 2)}\n`);
}
