/** A private redis-server on a free port of the loopback, without persistence, in a temporary folder. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Redis from 'ioredis';

import { ChildProcess } from './child_process.mjs';
import { until } from './until.mjs';

const kAttempts = 5;

/** A port that nobody listened on a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class RedisServer {
  /** Starts `redis-server` (or `$REDIS_SERVER`) and waits until it answers. */
  static async start(extraArguments = []) {
    let failure;
    for (let attempt = 0; attempt < kAttempts; ++attempt) {
      const server = new RedisServer();
      try {
        await server.#launch(extraArguments);
        return server;
      } catch (error) {
        failure = error;  // Somebody may have taken the port in between.
        await server.stop();
      }
    }
    throw failure;
  }

  async #launch(extraArguments) {
    this.folder = await mkdtemp(join(tmpdir(), 'bullmq-exporter-redis-'));
    this.port = await freePort();
    this.process = new ChildProcess(process.env.REDIS_SERVER ?? 'redis-server', [
      '--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '',
      '--appendonly', 'no', '--maxmemory-policy', 'noeviction', ...extraArguments]);
    this.client = new Redis(this.connection);
    this.client.on('error', () => {});  // Refused connections while it starts.
    await until('redis-server to answer', async () => {
      this.process.assertRunning();
      return (await this.client.ping()) === 'PONG' &&
        Number(/process_id:(\d+)/.exec(await this.client.info('server'))[1]) ===
          this.process.process.pid;
    });
  }

  /** What ioredis and BullMQ take as connection options. */
  get connection() {
    return { host: '127.0.0.1', port: this.port, maxRetriesPerRequest: null };
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  async stop() {
    this.client?.disconnect();
    await this.process?.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
