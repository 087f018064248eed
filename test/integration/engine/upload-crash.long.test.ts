/** Kill -9 of the desktop at every step of a file and its message: Meta gets the message once, and the work goes on after the restart. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FaultsInput } from '../../../main/demo/meta/faults.ts';
import { SAMPLE_HANDLES } from '../../../main/demo/meta/templates/sample-uploads.ts';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { addDesk, type Desk } from '../../support/desk.ts';
import { stageFile } from '../../support/stage-file.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Processes are killed and started again. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let team: Team;
let desk: Desk;
let conversationId: string;
beforeEach(async () => {
  team = await startTeam();
  desk = await addDesk(team, { name: 'Ana', role: 'admin' });
  team.meta.customerWrites({ from: '50255551234', name: 'Marta', text: 'hola' });
  conversationId = (await waitUntil('the conversation arrives', async () => (await desk.client().conversations.list({})).items[0])).id;
  await waitUntil('everybody can read what this program writes', async () => (await desk.client().session.sync()).writeLevel >= 3);
});
afterEach(() => team.stop());

const calls = (what: 'messages' | 'media') => team.meta.journal().filter((call) => call.method === 'POST' && call.path.endsWith(`/${what}`));
const messageCalls = () => calls('messages').filter(({ body }) => !('status' in (body as object)));
const sent = () => messageCalls().filter(({ accepted }) => accepted);
const jobStates = () =>
  desk.look((db) =>
    Object.fromEntries((db.prepare("SELECT kind, state FROM job WHERE kind IN ('media.upload', 'message.send')").all() as { kind: string; state: string }[]).map(({ kind, state }) => [kind, state])),
  );
const deliveryOf = async (id: string) => (await desk.client().messages.page({ conversationId })).items.find((message) => message.id === id)?.delivery;

/** Where the process dies: what Meta does until then, what has happened at that moment, and how often Meta hears of file and message in the end. */
type Step = { title: string; faults: FaultsInput; isThere: () => boolean; uploads: number; isUncertain?: boolean };

const STEPS: Step[] = [
  { title: 'before the file leaves', faults: { refuse: 'reset' }, isThere: () => true, uploads: 1 },
  { title: 'while the file is on its way', faults: { uploadHangMs: 60_000 }, isThere: () => jobStates()['media.upload'] === 'running' && calls('media').length === 1, uploads: 2 },
  { title: 'when Meta has the file and its answer was lost', faults: { dropUploadAfterAccept: 1 }, isThere: () => calls('media').some(({ accepted }) => accepted), uploads: 2 },
  {
    title: 'between the file and its message',
    faults: { sendErrors: [{ code: 130429, times: 1_000 }] },
    isThere: () => jobStates()['media.upload'] === 'done' && messageCalls().length > 0 && jobStates()['message.send'] === 'ready',
    uploads: 1,
  },
  { title: 'when Meta has the message', faults: { sendHangMs: 60_000, holdWebhooks: true }, isThere: () => sent().length === 1, uploads: 1, isUncertain: true },
];

it.each(STEPS)('dies $title', async ({ faults, isThere, uploads, isUncertain }) => {
  const { sha256 } = await stageFile(desk.client(), SAMPLE_MEDIA.photo.bytes(), 'foto.jpg');
  team.meta.setFaults(faults);
  const { id } = await desk.client().messages.send({ conversationId, content: { kind: 'image', sha256, caption: 'una sola vez' } });
  await waitUntil('it is where it is to die', isThere);
  await desk.kill();
  team.meta.setFaults({ reset: true, holdWebhooks: isUncertain ?? false });

  await desk.start();
  if (isUncertain) {
    expect(await deliveryOf(id)).toBe('uncertain');
    team.meta.setFaults({ holdWebhooks: false });
  }
  await waitUntil('it is read', async () => (await deliveryOf(id)) === 'read', 60_000);
  expect(sent()).toHaveLength(1);
  expect(calls('media').filter(({ accepted }) => accepted)).toHaveLength(uploads);
  expect(jobStates()).toEqual({ 'media.upload': 'done', 'message.send': 'done' });
});

it('dies between the file of a template and its message, and once Meta has it: it leaves once', async () => {
  const header = { type: 'HEADER', format: 'IMAGE', example: { header_handle: [SAMPLE_HANDLES.image] } };
  const body = { name: 'cita', language: 'es', category: 'UTILITY', components: [header, { type: 'BODY', text: 'Así se ve su planta el lunes.' }] };
  team.meta.setTemplates({ seed: [{ body }] });
  await waitUntil('everybody can read templates', async () => (await desk.client().session.sync()).writeLevel >= 4);
  await desk.client().templates.sync();
  const { sha256 } = await stageFile(desk.client(), SAMPLE_MEDIA.photo.bytes(), 'foto.jpg');
  team.meta.setFaults({ sendErrors: [{ code: 130429, times: 1_000 }] });
  const template = { key: 'cita/es', texts: {}, place: null, file: { sha256, filename: 'foto.jpg' } };
  const { id } = await desk.client().templates.send({ conversationId, template });
  await waitUntil('its file is there', () => jobStates()['media.upload'] === 'done' && messageCalls().length > 0 && jobStates()['message.send'] === 'ready');
  await desk.kill();

  team.meta.setFaults({ reset: true, sendHangMs: 60_000, holdWebhooks: true });
  await desk.start();
  await waitUntil('Meta has it', () => sent().length === 1);
  await desk.kill();
  team.meta.setFaults({ reset: true, holdWebhooks: true });
  await desk.start();
  expect(await deliveryOf(id)).toBe('uncertain');
  team.meta.setFaults({ holdWebhooks: false });
  await waitUntil('it is read', async () => (await deliveryOf(id)) === 'read');
  expect(sent()).toHaveLength(1);
  expect(sent()[0]?.body).toMatchObject({ template: { name: 'cita', components: [{ type: 'header', parameters: [{ type: 'image' }] }] } });
  expect(calls('media').filter(({ accepted }) => accepted)).toHaveLength(1);
});

it('dies again and again: every picture leaves once, or its author is asked about one that never left', async () => {
  const { sha256 } = await stageFile(desk.client(), SAMPLE_MEDIA.photo.bytes(), 'foto.jpg');
  const captions: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const kind of ['image', 'text'] as const) {
      captions.push(`${kind} ${round}`);
      await desk.client().messages.send({ conversationId, content: kind === 'image' ? { kind, sha256, caption: captions.at(-1)! } : { kind, text: captions.at(-1)! } });
    }
    await desk.kill();
    await desk.start();
  }
  const arrived = () => sent().map(({ body }) => (body as { biz_opaque_callback_data: string }).biz_opaque_callback_data);
  await waitUntil(
    'what arrived is read, and the author is asked about the rest',
    async () => {
      const outbound = (await desk.client().messages.page({ conversationId })).items.filter(({ direction }) => direction === 'out');
      return outbound.length === captions.length && outbound.every(({ id, delivery }) => delivery === (arrived().includes(id) ? 'read' : 'uncertain'));
    },
    60_000,
  );
  expect(new Set(arrived()).size, 'none twice').toBe(arrived().length);
});
