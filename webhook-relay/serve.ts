/** Runs the relay until SIGTERM or SIGINT. stdout carries one line, when it is ready; the log goes to stderr. */
import { createLog, errorText } from '../contract/log.ts';
import type { RelayConfig } from './config.ts';
import { createRelay } from './server.ts';
import { systemPorts } from './system-ports.ts';

/** @returns when the relay has stopped cleanly. @throws if it cannot open its database or listen. */
export async function serve(config: RelayConfig): Promise<void> {
  const log = createLog((line) => process.stderr.write(`${line}\n`), systemPorts.now, 'relay');
  const stopAsked = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  const relay = createRelay({ config, ports: systemPorts, log });
  await relay.start();
  log('info', 'relay.started', { url: relay.url });
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: relay.url, webhook: relay.webhookUrl })}\n`);

  const signal = await stopAsked;
  log('info', 'relay.stopping', { signal });
  try {
    await relay.stop();
  } catch (error) {
    log('error', 'relay.stop_failed', { error: errorText(error) });
    throw error;
  }
  log('info', 'relay.stopped');
}
