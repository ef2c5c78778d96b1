/**
 * A bounded load on one path of a server on this machine:
 *
 *   node load.mjs --address 127.0.0.1:9539 --path '/v1/…' --key KEY --connections 8 --seconds 5
 *
 * Each connection sends its next request when the last answer is complete. Plain sockets, so that the
 * generator is not what is measured. Prints JSON: requests a second, latencies, bytes, errors.
 */

import net from 'node:net';

import { readFlags } from './command_line.mjs';

const flags = readFlags({ address: '127.0.0.1:9539', path: '/', key: '', accept: '', encoding: '',
  connections: 8, seconds: 5, 'warm-up': 0.5, pace: 0 });
const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(flags.address);
if (!['127.0.0.1', 'localhost', '::1'].includes(host)) throw new Error('--address must be of this machine');

const kMaxSeconds = 120;
const kMaxConnections = 512;
if (flags.seconds > kMaxSeconds || flags.connections > kMaxConnections) {
  throw new Error(`at most ${kMaxSeconds} seconds and ${kMaxConnections} connections`);
}

const headers = [`GET ${flags.path} HTTP/1.1`, `Host: ${flags.address}`,
  ...(flags.key ? [`X-API-KEY: ${flags.key}`] : []), ...(flags.accept ? [`Accept: ${flags.accept}`] : []),
  ...(flags.encoding ? [`Accept-Encoding: ${flags.encoding}`] : [])];
const request = Buffer.from(`${headers.join('\r\n')}\r\n\r\n`);
const kHeadEnd = Buffer.from('\r\n\r\n');

const begin = performance.now();
const warmUntil = begin + flags['warm-up'] * 1000;
const end = warmUntil + flags.seconds * 1000;
const latencies = [];
const statuses = {};
let bytes = 0;
let reconnects = 0;

/** Sends requests on one connection until the end; resolves when it closes. */
function drive() {
  return new Promise((done, fail) => {
    const socket = net.connect({ host, port: Number(port), noDelay: true });
    let chunks = [];
    let received = 0;
    let expected = 0;  // bytes of the whole answer, 0 while its head is not complete
    let status = '';
    let sent = 0;
    let closes = false;

    const send = () => {
      chunks = [];
      received = 0;
      expected = 0;
      sent = performance.now();
      socket.write(request);
    };
    const finish = () => {
      const now = performance.now();
      if (sent >= warmUntil && now <= end) {
        latencies.push(now - sent);
        statuses[status] = (statuses[status] ?? 0) + 1;
        bytes += received;
      }
      if (now >= end) return socket.destroy();
      if (closes) return socket.destroy();
      if (flags.pace > 0) setTimeout(send, flags.pace);
      else send();
      return undefined;
    };
    const readHead = () => {
      const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
      const at = whole.indexOf(kHeadEnd);
      if (at < 0) return;
      const head = whole.toString('latin1', 0, at);
      status = head.slice(9, 12);
      const length = /^content-length: *(\d+)/im.exec(head);
      if (!length) fail(new Error(`an answer without Content-Length: ${head.slice(0, 200)}`));
      closes = /^connection: *close/im.test(head);
      expected = at + kHeadEnd.length + Number(length?.[1] ?? 0);
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (expected === 0) {
        chunks.push(chunk);
        readHead();
      }
      if (expected > 0 && received >= expected) finish();
    });
    socket.on('error', fail);
    socket.on('close', () => {
      if (performance.now() >= end) return done();
      ++reconnects;
      return drive().then(done, fail);
    });
  });
}

await Promise.all(Array.from({ length: flags.connections }, drive));
latencies.sort((left, right) => left - right);
const quantile = (share) => {
  const value = latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))];
  return value === undefined ? null : Math.round(value * 1000) / 1000;
};
console.log(JSON.stringify({
  path: flags.path, connections: flags.connections, seconds: flags.seconds, statuses, reconnects,
  requests: latencies.length, requestsPerSecond: Math.round(latencies.length / flags.seconds),
  p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1),
  bytesPerAnswer: latencies.length ? Math.round(bytes / latencies.length) : 0,
}));
process.exit(statuses[200] === latencies.length && latencies.length > 0 ? 0 : 1);
