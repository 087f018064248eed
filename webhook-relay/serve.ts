/**
 * Runs the relay until SIGTERM, SIGINT or SIGHUP, or until the process that started it with an IPC channel is gone.
 * Invariant: it then ends by itself. stdout carries one line, when it is ready; the log goes to stderr.
 */
import { createLog, errorText, type LogFields } from '../contract/log.ts';
import type { RelayConfig } from './config.ts';
import { createRelay, type RelayDeps } from './server.ts';
import { systemPorts } from './system-ports.ts';

const STOP_WITHIN_MS = 8_000;

/** @returns when the relay has stopped cleanly. @throws if it cannot open its database or listen. */
export async function serve(config: RelayConfig, others: Partial<Pick<RelayDeps, 'ports' | 'openStore'>> = {}): Promise<void> {
  const log = createLog((line) => process.stderr.write(`${line}\n`), systemPorts.now, 'relay');
  // When the parent is gone, what it read from us may be too; a log line that nobody takes must not keep us from stopping.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  // Node's own words would hold the error's text, which may quote what was being read; where it happened says enough.
  process.on('uncaughtException', (error: unknown) => {
    log('error', 'relay.crashed', describeCrash(error));
    process.exit(1);
  });
  const stopAsked = waitForEnd();
  const relay = createRelay({ config, ports: systemPorts, log, ...others });
  await relay.start();
  log('info', 'relay.started', { url: relay.url });
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: relay.url, webhook: relay.webhookUrl, ...(relay.metricsUrl !== null && { metrics: relay.metricsUrl }) })}\n`);

  const reason = await stopAsked;
  log('info', 'relay.stopping', { reason });
  try {
    await relay.stop();
  } catch (error) {
    log('error', 'relay.stop_failed', { error: errorText(error) });
    throw error;
  }
  log('info', 'relay.stopped');
}

/** Resolves at the first reason to end; further signals (Ctrl+C reaches a whole process group) change nothing. */
function waitForEnd(): Promise<string> {
  return new Promise((resolve) => {
    const end = (reason: string): void => {
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      resolve(reason);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
    if (!process.channel) return;
    process.once('disconnect', () => end('parent gone'));
    process.channel.unref(); // listening would keep a relay alive that could not start
  });
}

function describeCrash(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return { error: error.name, code: (error as NodeJS.ErrnoException).code ?? null, at: frames.slice(0, 6).join(' ').replaceAll(/\s+/g, ' ') };
}
