import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';
import { DEMO_CUSTOMERS } from '../../../main/demo/meta/scripted-customers.ts';
import { DEFAULT_PHONE_NUMBER_ID } from '../../../main/demo/meta/stand-in.ts';
import { DEMO_TEMPLATES } from '../../../main/demo/meta/templates/demo-templates.ts';
import { signBody } from '../../../main/demo/meta/wire-json.ts';
import { startProgram } from '../../support/program.ts';
import { startUnderParent } from '../relay/under-parent.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';

const HISTORY = DEMO_CUSTOMERS.flatMap((customer) => customer.history).length;
const ENTRY = 'main/demo/meta/cli.ts';
const run = (...args: string[]): { status: number | null; stderr: string; stdout: string } =>
  spawnSync(process.execPath, [path.resolve(import.meta.dirname, '../../..', ENTRY), ...args], { encoding: 'utf8', timeout: 20_000 });

describe('the program', () => {
  it('says where it listens, works, and ends with 0 on SIGTERM while connections are open', async () => {
    const receiver = await startWebhookReceiver({ verifyToken: 'v' });
    const program = await startProgram(ENTRY, ['--port', '0', '--webhook', receiver.url, '--app-secret', 's', '--verify-token', 'v', '--status-delay-ms', '1']);
    expect(program.ready.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await fetch(`${program.ready.url}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255501234', text: 'Hola' }) });
    await waitUntil('the message came', () => receiver.messages().length === 1);
    receiver.answerNext(...Array.from({ length: 1000 }, () => 500));
    await fetch(`${program.ready.url}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255501234', text: 'nunca llega' }) });
    expect(await program.stop()).toBe(0);
    expect(program.stderr()).not.toContain('50255501234');
    await receiver.stop();
  });

  it('ends when the process that started it is killed, and on SIGHUP', async () => {
    const { url, killParent } = await startUnderParent(ENTRY, []);
    expect((await fetch(`${url}/_state`)).status).toBe(200);
    await killParent();
    await waitUntil('nobody answers', () =>
      fetch(`${url}/_state`).then(
        () => false,
        () => true,
      ),
    );

    const program = await startProgram(ENTRY);
    const exited = once(program.process, 'exit');
    program.process.kill('SIGHUP');
    expect(await exited).toEqual([0, null]);
  });

  it('does not wait for the process that started it when it cannot start', async () => {
    const taken = await startProgram(ENTRY);
    const child = fork(path.resolve(import.meta.dirname, '../../..', ENTRY), ['--port', new URL(taken.ready.url ?? '').port], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    const { port } = new URL(taken.ready.url ?? '');
    const told = run('--port', port);
    expect(told).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(new RegExp(`^--port ${port}: this port is taken[^\\n]*choose another[^\\n]*\\n$`)) });
    await taken.stop();
  });

  it('takes its secrets from the environment, where other users of the computer do not see them; flags come first', async () => {
    const receiver = await startWebhookReceiver({ verifyToken: 'v' });
    const program = await startProgram(ENTRY, ['--webhook', receiver.url, '--token', 'flag'], { META_APP_SECRET: 'from-env', META_VERIFY_TOKEN: 'v', GRAPH_TOKEN: 'env' });
    await waitUntil('the address is verified', async () => ((await (await fetch(`${program.ready.url}/_state`)).json()) as { verified: boolean | null }).verified);
    await fetch(`${program.ready.url}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255501234', text: 'Hola' }) });
    await waitUntil('the message came', () => receiver.received.length === 1);
    const [first] = receiver.received;
    expect(first?.headers['x-hub-signature-256']).toBe(signBody(first?.raw ?? '', 'from-env'));
    const ask = async (token: string): Promise<number> => (await fetch(`${program.ready.url}/${DEFAULT_PHONE_NUMBER_ID}`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await ask('flag'), await ask('env')]).toEqual([200, 401]);
    await program.stop();
    await receiver.stop();
  });

  it('would start with half its options if mistakes were let through', () => {
    for (const args of [['--prot', '1'], ['--port', 'x'], ['--webhook', 'ftp://x'], ['--webhook', 'http://x'], ['--script', 'other'], ['--templates', 'other'], ['--review-ms', '-1'], ['extra']]) {
      const { status, stderr } = run(...args);
      expect(status, args.join(' ')).toBe(2);
      expect(stderr).toContain('Try --help');
    }
  });

  it('explains every knob', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('failStatuses: [{code: whole number, times?: whole number from 1 to 100000}, …]');
    for (const name of ['sendErrors', 'dropAfterAccept', '--status-delay-ms', '_journal', '--review-ms', '_templates']) expect(stdout).toContain(name);
  });
});

describe('the memory', () => {
  it('would forget at a restart who may be answered, and tell the history again as something new', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-meta-'));
    const receiver = await startWebhookReceiver();
    const args = ['--webhook', receiver.url, '--app-secret', 's', '--script', 'demo', '--status-delay-ms', '1', '--templates', 'demo', '--memory', path.join(folder, 'meta.json')];
    const idsOf = (messages: Record<string, unknown>[]): string[] => messages.map((message) => `${String(message['id'])} ${String(message['timestamp'])}`).toSorted();
    const first = await startProgram(ENTRY, args);
    await waitUntil('the history came', () => receiver.messages().length === HISTORY);
    const answer = await fetch(`${first.ready.url}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255501234', text: 'Hola' }) });
    const { id } = (await answer.json()) as { id: string };
    await waitUntil('the message came', () => receiver.messages().length === HISTORY + 1);
    await fetch(`${first.ready.url}/_templates`, { method: 'POST', body: JSON.stringify({ change: { name: 'tecnico_en_camino', status: 'PAUSED' } }) });
    await first.stop();
    const history = idsOf(receiver.messages().filter((message) => message['id'] !== id));

    receiver.received.length = 0;
    const second = await startProgram(ENTRY, args);
    await waitUntil('the history came again', () => receiver.messages().length === HISTORY);
    expect(idsOf(receiver.messages())).toEqual(history);
    const send = (body: Record<string, unknown>) =>
      fetch(`${second.ready.url}/${DEFAULT_PHONE_NUMBER_ID}/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
        body: JSON.stringify({ messaging_product: 'whatsapp', ...body }),
      });
    expect((await send({ status: 'read', message_id: id })).status).toBe(200);
    await send({ to: '50255501234', type: 'text', text: { body: 'Buenas' } });
    await waitUntil('it was delivered', () => receiver.statuses().some((update) => update['status'] === 'delivered'));
    const { templates } = (await (await fetch(`${second.ready.url}/_templates`)).json()) as { templates: { name: string; status: string }[] };
    expect(templates).toHaveLength(DEMO_TEMPLATES.length);
    expect(templates.find((template) => template.name === 'tecnico_en_camino')).toMatchObject({ status: 'PAUSED' });
    await second.stop();
    await receiver.stop();
    rmSync(folder, { recursive: true });
  });
});

describe('the scripted customers', () => {
  it('have windows that are open, about to close and closed; they write by themselves and answer', async () => {
    const receiver = await startWebhookReceiver();
    const program = await startProgram(ENTRY, ['--webhook', receiver.url, '--app-secret', 's', '--script', 'demo', '--script-pace', '0.002', '--status-delay-ms', '1', '--seed', '3']);
    await waitUntil('the history came', () => receiver.messages().length >= HISTORY);
    const now = Date.now();
    const lastAt = new Map<string, number>();
    for (const message of receiver.messages().slice(0, HISTORY)) {
      const person = String(message['from'] ?? message['from_user_id']);
      lastAt.set(person, Math.max(lastAt.get(person) ?? 0, Number(message['timestamp']) * 1000));
    }
    const ages = [...lastAt.values()].map((at) => now - at);
    const HOUR = 3_600_000;
    expect(lastAt.size).toBe(DEMO_CUSTOMERS.length);
    expect(Math.max(...ages)).toBeLessThan(72 * HOUR);
    expect([...lastAt.values()].filter((at) => isWindowOpen(at, now)).length).toBeGreaterThan(6);
    expect(ages.filter((age) => age > 23 * HOUR && age < 24 * HOUR).length).toBeGreaterThan(0);
    expect(ages.filter((age) => age > 24 * HOUR).length).toBeGreaterThan(0);

    await waitUntil('somebody wrote unasked', () => receiver.messages().length > HISTORY + 3);
    const lucia = '50259941630';
    await fetch(`${program.ready.url}/v26.0/${DEFAULT_PHONE_NUMBER_ID}/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: lucia, type: 'text', text: { body: 'Vamos en camino' } }),
    });
    await waitUntil('she answered', () => receiver.messages().some((message) => message['from'] === lucia && JSON.stringify(message).includes('Gracias a Dios')));
    expect(await program.stop()).toBe(0);
    await receiver.stop();
  });
});
