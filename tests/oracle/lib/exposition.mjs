/** Reads Prometheus' text format 0.0.4, as far as a reader of samples needs it. */

const kSample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const kLabel = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/gy;

function unescapeLabelValue(text) {
  return text.replace(/\\(.)/g, (whole, letter) => (letter === 'n' ? '\n' : letter));
}

function parseLabels(text) {
  const labels = {};
  let end = 0;
  for (const [whole, name, value] of text.matchAll(kLabel)) {
    labels[name] = unescapeLabelValue(value);
    end += whole.length;
  }
  if (end !== text.length) throw new Error(`labels cannot be read: {${text}}`);
  return labels;
}

/** Returns an array of {name, labels, value}; throws at a line that is none of the format's. */
export function parseExposition(text) {
  const samples = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = kSample.exec(line);
    if (!match) throw new Error(`line cannot be read: ${line}`);
    samples.push({ name: match[1], labels: parseLabels(match[2] ?? ''), value: Number(match[3].replace("Inf", "Infinity")) });
  }
  return samples;
}
