/**
 * What the machine gives at the same time: node:http, the signature and a grouped commit, asked a few times a second by a process of its own. On a
 * machine that others use, its answers say how much of a time is waiting for a processor and none of the relay's doing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { forkAsked } from '../support/ask-process.ts';
import { startProgram } from '../support/program.ts';
import type { WebhookAnswer, WebhookAsk } from './webhook-process.ts';

export type BareServer = { post: (seconds: number) => Promise<number[]>; stop: () => Promise<void> };

const APP_SECRET = 'app-secret-of-the-bare-server-012345';
const PER_SECOND = 20;

export async function startBareServer(bodyBytes: number): Promise<BareServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bare-'));
  const server = await startProgram('test/bench/webhook-acks/raw-server.ts', [folder, APP_SECRET]);
  const meta = forkAsked<WebhookAsk, WebhookAnswer>(path.join(import.meta.dirname, 'webhook-process.ts'));
  let turn = 0;
  return {
    post: async (seconds) => {
      turn += 1;
      return (await meta.ask({ url: String(server.ready.url), appSecret: APP_SECRET, tag: `bare${String(turn).padStart(4, '0')}`, bodyBytes, perSecond: PER_SECOND, seconds })).times;
    },
    stop: async () => {
      meta.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
