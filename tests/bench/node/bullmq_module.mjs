/** BullMQ and ioredis as tests/oracle has installed them: the benchmarks have no packages of their own. */

import { createRequire } from 'node:module';

const require = createRequire(new URL('../../oracle/package.json', import.meta.url));

export const Redis = require('ioredis');

/** The module of a version, such as 'bullmq-5.81.5'. */
export const bullmq = (packageName) => require(packageName);

export const kDefaultPackage = 'bullmq-5.81.5';
