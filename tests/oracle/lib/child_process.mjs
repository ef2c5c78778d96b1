/** A child process whose last output is kept for error messages, and which is ended by its own id. */

import { spawn } from 'node:child_process';

const kKeptBytes = 64 * 1024;

export class ChildProcess {
  /** Starts `command`; its output is gathered, not shown. */
  constructor(command, args, options = {}) {
    this.command = command;
    this.output = '';
    this.process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        this.output = (this.output + text).slice(-kKeptBytes);
      });
    }
    this.exited = new Promise((done) => {
      this.process.once('exit', (code, signal) => {
        this.exitStatus = signal ?? code;
        done(this.exitStatus);
      });
      this.process.once('error', (error) => {
        this.exitStatus = error.message;
        done(error.message);
      });
    });
  }

  /** Throws (finally, see until.mjs) with the output so far when the process has ended. */
  assertRunning() {
    if (this.exitStatus !== undefined) {
      const error = new Error(`${this.command} ended (${this.exitStatus}):\n${this.output}`);
      throw Object.assign(error, { isFinal: true });
    }
  }

  /** SIGTERM, and SIGKILL when it has not ended after `grace` ms. */
  async stop(grace = 5_000) {
    if (this.exitStatus === undefined) {
      this.process.kill('SIGTERM');
      const timer = setTimeout(() => this.process.kill('SIGKILL'), grace);
      await this.exited;
      clearTimeout(timer);
    }
    return this.exitStatus;
  }
}
