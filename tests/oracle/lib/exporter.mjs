/** The real exporter as a child process: started, asked over HTTP, stopped. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ChildProcess } from './child_process.mjs';
import { parseExposition } from './exposition.mjs';
import { until } from './until.mjs';

const kStartTimeout = 20_000;
const kListening = /msg="?listening"?.* telemetry=(\S+) api=(\S+)/;

/** GET by the raw path: `fetch` would normalise it. Resolves to {status, headers, body}. */
export function get(address, path, headers = {}) {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address);
  return new Promise((done, fail) => {
    const request = http.get({ host, port, path, headers, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => done({
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }));
      response.on('error', fail);
    });
    request.setTimeout(20_000, () => request.destroy(new Error(`no answer for ${path}`)));
    request.on('error', fail);
  });
}

/** Writes a keys file with one key that may do everything; returns the key itself. */
export async function writeKeysFile(path) {
  const key = `oracle-${randomBytes(24).toString('hex')}`;
  const sha256 = createHash('sha256').update(key).digest('hex');
  await writeFile(path, 'keys:\n' +
    `  - {name: oracle, sha256: ${sha256}, permissions: ["manage:all"], ` +
    'expires: 2099-01-01T00:00:00Z}\n', { mode: 0o600 });
  return key;
}

export class Exporter {
  /** Starts `binary` against `redisUrl`, `config` being its file; returns when both listeners answer. */
  static async start({ binary, redisUrl, prefixes = ['bull'], config = '', extraArguments = [] }) {
    const exporter = new Exporter();
    try {
      exporter.folder = await mkdtemp(join(tmpdir(), 'bullmq-exporter-oracle-'));
      const keysFile = join(exporter.folder, 'keys.yaml');
      exporter.key = await writeKeysFile(keysFile);
      const configFile = join(exporter.folder, 'exporter.yaml');
      await writeFile(configFile, config);
      exporter.process = new ChildProcess(binary, [
        '--config.file', configFile, '--redis.addr', redisUrl, '--web.listen-address', '127.0.0.1:0',
        '--api.listen-address', '127.0.0.1:0', '--api.keys-file', keysFile,
        '--poll.interval', '1s', ...prefixes.flatMap((prefix) => ['--redis.prefix', prefix]),
        ...extraArguments]);
      await until('the exporter to listen', () => {
        exporter.process.assertRunning();
        const match = kListening.exec(exporter.process.output);
        if (match) [, exporter.telemetry, exporter.api] = match;
        return match;
      }, kStartTimeout);
    } catch (error) {
      await exporter.stop();
      throw error;
    }
    return exporter;
  }

  /** The parsed exposition (see exposition.mjs). */
  async metrics() {
    const { status, body } = await get(this.telemetry, '/metrics');
    if (status !== 200) throw new Error(`/metrics answered ${status}: ${body}`);
    return parseExposition(body);
  }

  /** An answer of the Jobs API: {status, headers, body, json}. */
  async ask(path) {
    const answer = await get(this.api, path, { 'X-API-KEY': this.key });
    try {
      answer.json = JSON.parse(answer.body);
    } catch (error) {
      throw new Error(`${path} answered ${answer.status} with no JSON (${error.message}): ` +
        answer.body.slice(0, 300));
    }
    return answer;
  }

  async stop() {
    const exitStatus = await this.process?.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
    return exitStatus;
  }
}
