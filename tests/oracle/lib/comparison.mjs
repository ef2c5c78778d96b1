/** Counts what was compared and keeps every difference. */

import { isDeepStrictEqual } from 'node:util';

const kShown = 400;

function show(value) {
  const text = value === undefined ? '(absent)' : JSON.stringify(value);
  return text.length > kShown ? `${text.slice(0, kShown)}… (${text.length} characters)` : text;
}

export class Comparison {
  comparisons = 0;
  differences = [];

  /** Compares the exporter's value with the oracle's; undefined means that it is absent. */
  equal(where, exporter, oracle) {
    ++this.comparisons;
    if (!isDeepStrictEqual(exporter, oracle)) {
      this.differences.push(`${where}: exporter ${show(exporter)}, oracle ${show(oracle)}`);
    }
  }

  /** Compares two objects field by field, so that a difference names its field. */
  fields(where, exporter, oracle) {
    for (const field of new Set([...Object.keys(exporter), ...Object.keys(oracle)])) {
      this.equal(`${where} ${field}`, exporter[field], oracle[field]);
    }
  }

  summary() {
    return `comparisons: ${this.comparisons} differences: ${this.differences.length}`;
  }
}
