/**
 * An agent's whole shift without a mouse: forty customers, everything that is done to a conversation once or often, until nothing is left.
 * What the customers got, and what became of each conversation, is looked up outside of the window.
 */
import type { Page } from '@playwright/test';
import { isReady } from '../support/ai-team.ts';
import type { Team } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { expect, test as base, type Inbox } from './support/demo.ts';
import { pattern, shiftLanguage, type Say } from './support/say.ts';
import { connectWindow } from './support/window-client.ts';

const FIRST_NAMES = ['María', 'Roberto', 'Lucía', 'Óscar', 'Ingrid', 'Julio', 'Rosa', 'Pedro'];
const FAMILY_NAMES = ['Xicay', 'Ajú', 'Tzoc', 'Morales', 'Chub'];
type Customer = { from: string; name: string };
/** The one who wrote last stands first, here and in the list. */
const CUSTOMERS: readonly Customer[] = FAMILY_NAMES.flatMap((family, row) =>
  FIRST_NAMES.map((first, column) => ({ from: `+5025555${String(1_000 + row * 10 + column)}`, name: `${first} ${family}` })),
);
const HOURS = { question: '¿Cuál es el horario de atención del sábado?', passage: 'El sábado abrimos de 8:00 a 12:00.' };
const REQUEST = 'SOL-1042';
const ASKED_FOR = { draft: HOURS.question, request: `Buenas, ¿cómo va mi solicitud ${REQUEST}?`, other: 'Buenos días, ¿me pueden ayudar?' };
/** Each of the first is for something of its own; then come those who only want an answer, those who want none, and one who wrote days ago. */
const AT = { draft: 0, note: 1, label: 2, take: 3, snooze: 4, link: 5, canned: 6, close: 7, answers: 8, thanks: 28, late: 39 };
const FOLLOW_UP = {
  name: 'seguimiento_de_consulta',
  language: 'es',
  category: 'UTILITY',
  parameter_format: 'NAMED',
  components: [{ type: 'BODY', text: 'Hola {{nombre_cliente}}, ¿todavía podemos ayudarle?', example: { body_text_named_params: [{ param_name: 'nombre_cliente', example: 'María' }] } }],
};

/** What the browser itself says came from a hand on a mouse. */
const test = base.extend<{ mouse: string[] }>({
  team: async ({ team }, use) => {
    team.meta.setTemplates({ seed: [{ body: FOLLOW_UP }] });
    await use(team);
  },
  mouse: [
    async ({ page }, use) => {
      const seen: string[] = [];
      await page.exposeFunction('noteMouse', (what: string) => void seen.push(what));
      await page.addInitScript(() => {
        for (const type of ['pointerdown', 'pointermove', 'wheel']) {
          const note = (event: Event): void => {
            if (event.isTrusted) (globalThis as unknown as { noteMouse(what: string): void }).noteMouse(`${type} on ${(event.target as Element).tagName}`);
          };
          addEventListener(type, note, { capture: true, passive: true });
        }
      });
      await use(seen);
    },
    { auto: true },
  ],
});
test.use({ language: shiftLanguage('es') });

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

test('forty customers by keyboard alone, until the inbox is empty: what each of them got, and where each conversation is', async ({ team, inbox, shell, write, say, mouse }) => {
  test.setTimeout(180_000);
  const { page } = inbox;
  await furnish(team);
  for (const [index, customer] of CUSTOMERS.entries()) {
    write({
      ...customer,
      text: index === AT.draft ? ASKED_FOR.draft : index === AT.link ? ASKED_FOR.request : index === AT.late ? 'Hace días' : ASKED_FOR.other,
      hoursAgo: index === AT.late ? 50 : (index + 1) / 60,
    });
  }
  const { client, close } = await connectWindow(shell);
  await waitUntil('all have come in', async () => (await client.conversations.list({ limit: 100 })).items.length === CUSTOMERS.length, 30_000);
  const got = new Map<string, string[]>();
  const shift = createShift(inbox, say, got);

  await press(page, 'j', 'Enter');
  await shift.isAt(AT.draft);
  await test.step('a draft of the knowledge base is taken and sent', async () => {
    // Either of the two desktops may make it, among those for forty customers: on a busy machine that takes a while.
    await expect(page.getByRole('region', { name: say('ai.card.extract') })).toContainText(HOURS.passage, { timeout: 30_000 });
    await press(page, 'Control+j');
    await expect(inbox.composer).toBeFocused();
    await expect(inbox.composer).toHaveValue(HOURS.passage);
    await press(page, 'Enter');
    await shift.has(AT.draft, HOURS.passage);
    await shift.resolve(AT.draft);
  });

  await test.step('a note for the team, then an answer', async () => {
    await press(page, 'n');
    await expect(page.getByRole('textbox', { name: say('internal.label', { name: shift.nameOf(AT.note) }) })).toBeFocused();
    await page.keyboard.type('Prefiere que le llamen por la tarde');
    await press(page, 'Enter');
    await expect(inbox.thread).toContainText('Prefiere que le llamen por la tarde');
    await press(page, 'Escape');
    await shift.answer(AT.note);
    await shift.resolve(AT.note);
  });

  await test.step('a label', async () => {
    await press(page, 'l');
    await expect(page.getByRole('dialog', { name: say('triage.labels') })).toBeVisible();
    await page.keyboard.type('Urg');
    await press(page, 'Enter', 'Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(inbox.row(shift.nameOf(AT.label)).getByLabel(say('row.labels', { names: 'Urgente' }))).toBeVisible();
    await shift.answer(AT.label);
    await shift.resolve(AT.label);
  });

  await test.step('taken before it is answered', async () => {
    await press(page, 'm');
    await expect(inbox.row(shift.nameOf(AT.take)).getByRole('img', { name: say('row.assignedToMe') })).toBeVisible();
    await shift.answer(AT.take);
    await shift.resolve(AT.take);
  });

  await test.step('put off until later; the list goes on where it was', async () => {
    await press(page, 'z');
    await expect(page.getByRole('dialog', { name: say('triage.snooze') })).toBeVisible();
    await press(page, 'Enter');
    await expect(inbox.row(shift.nameOf(AT.snooze))).toHaveCount(0);
    await press(page, 'Escape', 'j', 'Enter');
    await shift.isAt(AT.link);
  });

  await test.step('linked to the request that it speaks of', async () => {
    await press(page, 'i');
    await expect(page.getByRole('dialog', { name: say('requestLinks.menu') }).getByRole('option', { name: new RegExp(REQUEST) })).toBeVisible();
    await press(page, 'Enter');
    await shift.isAt(AT.link);
    await expect(inbox.row(shift.nameOf(AT.link))).toContainText(REQUEST);
    await shift.answer(AT.link);
    await shift.resolve(AT.link);
  });

  await test.step('a canned reply, filled in', async () => {
    await press(page, 'r');
    await expect(inbox.composer).toBeFocused();
    await page.keyboard.type('/sld');
    await expect(page.getByRole('option', { name: /\/saludo/ })).toBeVisible();
    await press(page, 'Enter');
    const [first] = shift.nameOf(AT.canned).split(' ');
    await expect(inbox.composer).toHaveValue(`Buen día, ${first}. Con gusto le ayudo.`);
    await press(page, 'Enter');
    await shift.has(AT.canned, `Buen día, ${first}. Con gusto le ayudo.`);
    await shift.resolve(AT.canned);
  });

  await test.step('closed for good', async () => {
    await shift.answer(AT.close);
    await press(page, 'Escape', 'Shift+e');
    await expect(inbox.row(shift.nameOf(AT.close))).toHaveCount(0);
    await press(page, 'Escape', 'j', 'Enter');
    await shift.isAt(AT.answers);
  });

  await test.step('one after the other: answered, archived, and on to the next in one key', async () => {
    for (let at = AT.answers; at < AT.thanks; at += 1) {
      await shift.answer(at);
      await shift.resolve(at);
    }
  });

  await test.step('the rest at once: read, and archived', async () => {
    await press(page, 'Escape', 'Control+a');
    const bar = page.getByRole('toolbar', { name: say('bulk.label') });
    await expect(bar).toContainText(say('bulk.count', { count: AT.late - AT.thanks + 1 }));
    const markRead = bar.getByRole('button', { name: say('bulk.read') });
    // Back from the list past what stands between.
    for (let stops = 0; stops < 20 && !(await markRead.evaluate((button) => button === document.activeElement)); stops += 1) await press(page, 'Shift+Tab');
    await expect(markRead).toBeFocused();
    await press(page, 'Enter');
    await expect(page.getByRole('option').getByLabel(pattern(say('inbox.unread', { count: 1 }), '1'))).toHaveCount(0);
    await expect(bar).toHaveCount(0);
    await press(page, 'j', 'Control+a');
    // All but the one who has waited for days, at the end of the list.
    await press(page, 'End');
    await expect(inbox.row(shift.nameOf(AT.late))).toBeFocused();
    await press(page, 'x', 'e');
    await expect(page.getByRole('option')).toHaveCount(1);
    await expect(page.getByText(say('bulk.done.archived', { count: AT.late - AT.thanks })).first()).toBeVisible();
  });

  await test.step('a template to whom nothing else can be sent any more', async () => {
    await press(page, 'j', 'Enter');
    await shift.isAt(AT.late);
    await press(page, 'r');
    await expect(page.getByRole('combobox', { name: say('templatePicker.search') })).toBeFocused();
    await page.keyboard.type('seguimento');
    await expect(page.getByRole('option', { name: /seguimiento_de_consulta/ })).toBeVisible();
    await press(page, 'Enter');
    const form = page.getByRole('form', { name: say('templatePicker.form.label', { name: FOLLOW_UP.name }) });
    await expect(form.getByRole('figure')).toContainText(`Hola ${shift.nameOf(AT.late)}, ¿todavía podemos ayudarle?`);
    await press(page, 'Control+Enter');
    await expect(inbox.message('¿todavía podemos ayudarle?')).toBeVisible();
    await press(page, 'Escape', 'q');
    await expect(page.getByRole('option')).toHaveCount(0);
  });

  await test.step('somebody writes again, and the inbox is empty again', async () => {
    write({ ...CUSTOMERS[AT.take]!, text: 'Gracias. ¿Y el domingo?' });
    await expect(inbox.row(shift.nameOf(AT.take))).toContainText('¿Y el domingo?');
    await press(page, 'j', 'Enter');
    await shift.isAt(AT.take);
    await shift.answer(AT.take, 'El domingo no abrimos.');
    await press(page, 'Escape', 'q');
    await expect(page.getByRole('option')).toHaveCount(0);
  });

  await waitUntil('everything has left', () => textsOf(team).size === got.size && [...textsOf(team).values()].flat().length === [...got.values()].flat().length);
  expect(textsOf(team), 'each customer got what was meant for them, once and in order').toEqual(got);
  expect(templatesOf(team)).toEqual([[CUSTOMERS[AT.late]!.from, FOLLOW_UP.name, [CUSTOMERS[AT.late]!.name]]]);

  const everything = [
    ...(await client.conversations.list({ status: 'active', limit: 100 })).items,
    ...(await client.conversations.list({ status: 'archived', limit: 100 })).items,
    ...(await client.conversations.list({ status: 'closed', limit: 100 })).items,
  ];
  const snoozed = (await client.conversations.list({ snoozed: 'only', limit: 100 })).items;
  const now = new Map([...everything, ...snoozed].map((row) => [row.contact.name, row]));
  expect(now.size).toBe(CUSTOMERS.length);
  for (const [index, { name }] of CUSTOMERS.entries()) {
    const row = now.get(name)!;
    expect([name, row.status, row.unread], 'its status, and nothing unread').toEqual([name, index === AT.snooze ? 'active' : index === AT.close ? 'closed' : 'archived', 0]);
  }
  expect(now.get(shift.nameOf(AT.snooze))!.snoozedUntil).toBeGreaterThan(Date.now());
  close();

  expect(mouse, 'no mouse').toEqual([]);
  await page.mouse.click(5, 5);
  await expect.poll(() => mouse, 'which would have been seen').toContainEqual(expect.stringContaining('pointerdown'));
});

type Shift = {
  nameOf(at: number): string;
  /** The open thread is theirs. */
  isAt(at: number): Promise<void>;
  /** With R, from the thread. */
  answer(at: number, text?: string): Promise<void>;
  /** It stands in the thread, and they are to get it. */
  has(at: number, text: string): Promise<void>;
  /** Q, from the composer; the next one is open then. */
  resolve(at: number): Promise<void>;
};

function createShift(inbox: Inbox, say: Say, got: Map<string, string[]>): Shift {
  const { page } = inbox;
  const nameOf = (at: number): string => CUSTOMERS[at]!.name;
  const isAt = async (at: number): Promise<void> => {
    await expect(page.getByRole('log', { name: say('thread.label', { name: nameOf(at) }) })).toBeFocused();
  };
  const has = async (at: number, text: string): Promise<void> => {
    await expect(inbox.message(text)).toBeVisible();
    const { from } = CUSTOMERS[at]!;
    got.set(from, [...(got.get(from) ?? []), text]);
  };
  return {
    nameOf,
    isAt,
    has,
    answer: async (at, text = `Con gusto, ${nameOf(at)}: mañana a primera hora.`) => {
      // Nobody answers within a tenth of a second: what was not in view that long would stop the reply.
      await expect(inbox.row(nameOf(at))).not.toHaveAttribute('data-unread', 'true');
      await page.keyboard.press('r');
      await expect(inbox.composer).toBeFocused();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await has(at, text);
      // Escape would stop a draft that is still being made, and stay in the box.
      for (const state of [say('ai.card.waiting', { name: nameOf(at) }), say('ai.card.preparing'), say('ai.card.streaming')]) await expect(page.getByText(state)).toHaveCount(0);
    },
    resolve: async (at) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('q');
      await expect(inbox.row(nameOf(at))).toHaveCount(0);
      await isAt(at + 1);
    },
  };
}

/** What a lead keeps for the team, and the request from elsewhere. */
async function furnish(team: Team): Promise<void> {
  const { client } = await team.addDesktop({ name: 'Lucrecia', role: 'lead' });
  await isReady(client);
  await client.team.addLabel({ name: 'Urgente', color: 'red' });
  await client.team.addCanned({ isPersonal: false, shortcut: 'saludo', body: 'Buen día, {{primer_nombre}}. Con gusto le ayudo.' });
  await client.knowledge.save({ articleId: null, from: null, title: 'Horario de atención', language: 'es', text: `# Horario de atención\n\n${HOURS.passage}` });
  await waitUntil('the article can be found', async () => (await client.knowledge.search({ text: HOURS.question })).isAnswerable);
  await client.requests.add({
    fields: {
      externalId: REQUEST,
      serviceType: 'Limpieza de fosa séptica',
      customerId: null,
      customerName: '',
      contactPhone: '',
      contactEmail: '',
      address: '',
      requestedDate: null,
      approvedDate: null,
      vendorId: null,
      formUrl: '',
      description: '',
      status: 'new',
    },
  });
}

type Sent = { to?: string; text?: { body: string }; template?: { name: string; components?: { type: string; parameters: { text: string }[] }[] } };
const sentTo = (team: Team): Sent[] => team.meta.journal().flatMap(({ path, accepted, body }) => (accepted && path.endsWith('/messages') ? [body as Sent] : []));
const textsOf = (team: Team): Map<string, string[]> => {
  const texts = new Map<string, string[]>();
  for (const { to, text } of sentTo(team)) if (to !== undefined && text) texts.set(to, [...(texts.get(to) ?? []), text.body]);
  return texts;
};
const templatesOf = (team: Team): unknown[] =>
  sentTo(team).flatMap(({ to, template }) => (template ? [[to, template.name, template.components?.find(({ type }) => type === 'body')?.parameters.map(({ text }) => text)]] : []));
