/** Templates while they are designed: nothing typed is lost, variables keep their samples, and the preview marks what comes from them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { templateButtonSchema, type TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import type { TemplateList } from '../../../contract/work-entities.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { createDesignsStore, NEW_DESIGN } from '../../../renderer/store/designs-store.ts';
import { createTemplatesStore } from '../../../renderer/store/templates-store.ts';
import { convertFormat, nextNumber, orderNumbers } from '../../../renderer/templates/design-variables.ts';
import { markVariables, splitMarked } from '../../../renderer/templates/marked-variables.ts';
import { settle } from './fake-engine.ts';

const design = (change: Partial<TemplateDesign>): TemplateDesign => ({ ...NEW_DESIGN, ...change });

describe('unsent designs', () => {
  let kept: Map<string, string>;
  const open = () => {
    let id = 0;
    let at = 0;
    return createDesignsStore({
      storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) },
      newId: () => `d${++id}`,
      now: () => ++at,
    });
  };
  beforeEach(() => {
    kept = new Map();
  });

  it('survive a restart as they were typed, and are gone once they are dropped', () => {
    const store = open().getState();
    const id = store.begin({ design: NEW_DESIGN, edited: null });
    store.change(id, { design: design({ name: 'aviso', header: { format: 'IMAGE', sample: '4::h' } }), headerFile: 'foto.jpg' });
    expect(open().getState().drafts).toMatchObject([{ id, editedId: null, headerFile: 'foto.jpg', design: { name: 'aviso', header: { sample: '4::h' } } }]);
    open().getState().drop(id);
    expect(open().getState().drafts).toEqual([]);
    expect(kept.size).toBe(0);
  });

  it('come back whatever is in them', () => {
    const whole: TemplateDesign = {
      ...NEW_DESIGN,
      parameterFormat: 'NAMED',
      footer: 'pie',
      samples: { fecha: 'lunes' },
      buttons: [
        { type: 'QUICK_REPLY', text: 'a' },
        { type: 'URL', text: 'b', url: 'https://example.com/{{1}}', sample: null },
        { type: 'PHONE_NUMBER', text: 'c', phone: '+502' },
        { type: 'COPY_CODE', text: '', sample: 'x' },
        { type: 'FLOW', text: 'd', flowId: '1' },
        { type: 'OTHER', text: 'e', metaType: 'CATALOG' },
      ],
    };
    const store = open().getState();
    const headers = [null, { format: 'TEXT', text: 'a', sample: 'b' }, { format: 'GIF', sample: null }, { format: 'LOCATION' }] satisfies TemplateDesign['header'][];
    for (const header of headers) store.begin({ design: { ...whole, header }, edited: null });
    const kindsOf = (one: { options: readonly { shape: { type: { value: string } } }[] }): string[] => one.options.map(({ shape }) => shape.type.value);
    // Each kind of the contract is there, so that a new one cannot be forgotten.
    expect(whole.buttons.map(({ type }) => type).toSorted()).toEqual(kindsOf(templateButtonSchema as never).toSorted());
    expect(
      open()
        .getState()
        .drafts.map((draft) => draft.design)
        .toReversed(),
    ).toEqual(headers.map((header) => ({ ...whole, header })));
  });

  it('are one for a template that is edited, however often editing begins', () => {
    const store = open();
    const edited = { metaId: '77', status: 'APPROVED' };
    const id = store.getState().begin({ design: design({ name: 'a' }), edited });
    store.getState().change(id, { design: design({ name: 'a', body: 'typed' }) });
    expect(store.getState().begin({ design: design({ name: 'a' }), edited })).toBe(id);
    expect(store.getState().drafts).toMatchObject([{ design: { body: 'typed' }, editedStatus: 'APPROVED' }]);
  });

  it.each(['{', '[{"id":1}]', 'null', '"x"'])('are not in the way when the storage holds %s', (text) => {
    kept.set('bandeja.designs', text);
    expect(open().getState().drafts).toEqual([]);
  });
});

describe('variables', () => {
  it('are numbered as they come, and keep their samples', () => {
    const ordered = orderNumbers(design({ body: 'Hola {{3}}, el {{1}} con {{3}} y {{ 2 }}.', samples: { '1': 'lunes', '2': 'Ana', '3': 'Rosa' } }));
    expect(ordered).toMatchObject({ body: 'Hola {{1}}, el {{2}} con {{1}} y {{3}}.', samples: { '1': 'Rosa', '2': 'lunes', '3': 'Ana' } });
  });

  it('become names and numbers again', () => {
    const positional = design({ header: { format: 'TEXT', text: 'Su {{1}}', sample: 'x' }, body: 'Hola {{1}}, el {{2}}.', samples: { '1': 'Rosa', '2': 'lunes' } });
    const named = convertFormat(positional, 'NAMED');
    expect(named).toMatchObject({ parameterFormat: 'NAMED', header: { text: 'Su {{titulo}}' }, body: 'Hola {{dato_1}}, el {{dato_2}}.', samples: { dato_1: 'Rosa', dato_2: 'lunes' } });
    expect(convertFormat(named, 'POSITIONAL')).toEqual(positional);
  });

  it('get a number that is free', () => {
    expect([nextNumber(design({ body: 'Hola' })), nextNumber(design({ body: '{{2}} {{nombre}}' }))]).toEqual(['1', '3']);
  });
});

describe('the preview', () => {
  const pieces = (text: string, values: Record<string, string>) => splitMarked(markVariables(text, (name) => values[name]));

  it('tells values, variables without one and the fixed text apart', () => {
    expect(pieces('Hola {{1}}, el {{2}}.', { '1': 'Ana', '2': ' ' })).toEqual([
      { text: 'Hola ', kind: 'fixed' },
      { text: 'Ana', kind: 'value' },
      { text: ', el ', kind: 'fixed' },
      { text: '{{2}}', kind: 'missing' },
      { text: '.', kind: 'fixed' },
    ]);
  });

  it('cannot be fooled by marks within a value, nor by a value that looks like a variable', () => {
    expect(pieces('A {{1}} b', { '1': '\ue001{{2}}\ue000' })).toEqual([
      { text: 'A ', kind: 'fixed' },
      { text: '{{2}}', kind: 'value' },
      { text: ' b', kind: 'fixed' },
    ]);
  });

  it('knows a value that a link within it has cut in two', () => {
    const [before, after] = markVariables('En {{1}}.', () => 'https://example.com').split(/(?=https)/);
    expect([splitMarked(before!), splitMarked(after!)]).toEqual([
      [{ text: 'En ', kind: 'fixed' }],
      [
        { text: 'https://example.com', kind: 'value' },
        { text: '.', kind: 'fixed' },
      ],
    ]);
  });
});

it('the list is read when it is first asked for, and again when templates changed, not otherwise', async () => {
  const answers: TemplateList = { items: [], builtins: [], syncedAt: 1, isSyncing: false, problem: null };
  let calls = 0;
  let listener: ChangeListener = () => undefined;
  const client = { templates: { list: async () => ((calls += 1), { ...answers, syncedAt: calls }) } } as unknown as EngineClient;
  const changes = { subscribe: (given: ChangeListener) => ((listener = given), () => undefined) };
  const store = createTemplatesStore({ client, changes: changes as never, report: (error) => expect(error).toBeUndefined() });
  const tell = async (templates: boolean) => {
    listener({ ...EVERYTHING, templates });
    await settle();
  };
  await tell(true);
  expect([calls, store.getState().list]).toEqual([0, null]);
  store.getState().load();
  store.getState().load();
  await settle();
  await tell(false);
  expect([calls, store.getState().list?.syncedAt]).toEqual([1, 1]);
  await tell(true);
  expect([calls, store.getState().list?.syncedAt]).toEqual([2, 2]);
});
