/** The two ways that are compared, as real processes: relay, engine and browser shell; and the bare line. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WEBHOOK_PATH } from '../../../contract/wire.ts';
import { signBody, toMetaJson } from '../../../main/demo/meta/wire-json.ts';
import { startOwnRelay } from '../../replay/own-workspace.ts';
import { startProgram } from '../../support/program.ts';

/** `post` resolves when the webhook was acknowledged. */
export type Line = { windowUrl: string; post(text: string): Promise<void>; stop(): Promise<void> };

const CUSTOMERS = 20;

export async function startProductLine(): Promise<Line> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-screen-'));
  const relay = await startOwnRelay(folder);
  const shell = await startProgram('main/shell/browser/cli.ts', ['--data-dir', path.join(folder, 'desktop'), '--relay', relay.url, '--invite', await relay.invite(), '--name', 'Ana', '--no-open']);
  let posted = 0;
  return {
    windowUrl: String(shell.ready.url),
    post: async (text) => {
      posted += 1;
      const body = toMetaJson(makeWebhook(posted, text));
      await postText(new URL(WEBHOOK_PATH, relay.url).href, body, { 'x-hub-signature-256': signBody(body, relay.appSecret) });
    },
    stop: async () => {
      await shell.stop();
      await relay.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startBareLine(): Promise<Line> {
  const server = await startProgram('test/bench/webhook-to-screen/bare-line-server.ts');
  const url = String(server.ready.url);
  return { windowUrl: url, post: (text) => postText(url, JSON.stringify({ text }), {}), stop: async () => void (await server.stop()) };
}

async function postText(url: string, body: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
}

/** One text message of one of a few customers. */
function makeWebhook(n: number, text: string): object {
  const from = `5025555${String(n % CUSTOMERS).padStart(4, '0')}`;
  const message = { from, id: `wamid.bench${n}`, timestamp: String(Math.floor(Date.now() / 1000)), text: { body: text }, type: 'text' };
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '50222334455', phone_number_id: '106540352242922' },
    contacts: [{ profile: { name: `Cliente ${n % CUSTOMERS}` }, wa_id: from }],
    messages: [message],
  };
  return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes: [{ value, field: 'messages' }] }] };
}
