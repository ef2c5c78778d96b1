/** Flags of the benchmark programs: numbers and words with defaults. */

import { parseArgs } from 'node:util';

/** `defaults`: {flag: value}; flags whose default is a number give numbers. */
export function readFlags(defaults) {
  const options = Object.fromEntries(Object.entries(defaults)
    .map(([flag, value]) => [flag, { type: 'string', default: String(value) }]));
  const { values } = parseArgs({ options });
  return Object.fromEntries(Object.entries(defaults).map(([flag, value]) => {
    if (typeof value !== 'number') return [flag, values[flag]];
    const number = Number(values[flag]);
    if (!Number.isFinite(number)) throw new Error(`--${flag} takes a number`);
    return [flag, number];
  }));
}

/** Nanoseconds as milliseconds with three digits. */
export const toMilliseconds = (nanoseconds) => Math.round(Number(nanoseconds) / 1e3) / 1e3;
