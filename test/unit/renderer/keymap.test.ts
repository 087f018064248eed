/** The registry of commands: a key that meant two things in one place would do the wrong one, and a key that the computer needs would do neither. */
import { describe, expect, test } from 'vitest';
import { preferencesSchema } from '../../../contract/entities.ts';
import { COMMANDS, commandOf, isRemappable, type CommandId } from '../../../renderer/commands/catalogue.ts';
import { createCommandDesk, type CommandDesk, type Offered } from '../../../renderer/commands/command-desk.ts';
import { choose, clash, keymapOf, meet, refuseBinding } from '../../../renderer/commands/keymap.ts';
import { scoreMatch } from '../../../renderer/commands/score-match.ts';
import { ariaBinding, showBinding, strokeOf } from '../../../renderer/commands/stroke.ts';
import { TEXTS } from '../../support/texts.ts';

const USUAL = keymapOf({});

describe('the registry', () => {
  test('no two commands share a key, or the beginning of one, where both can be meant', () => {
    const clashes = COMMANDS.flatMap((one, at) =>
      COMMANDS.slice(at + 1)
        .filter((other) => meet(one, other))
        .flatMap((other) =>
          one.keys.filter((key) => [...other.keys, ...(isRemappable(other) ? (other.fixed ?? []) : [])].some((taken) => clash(key, taken))).map((key) => `${one.id} and ${other.id}: ${key}`),
        ),
    );
    expect(clashes).toEqual([]);
  });
  test('every usual key is one that an agent could have chosen', () => {
    for (const { id, keys } of COMMANDS) for (const key of keys) expect(refuseBinding(id, key, USUAL), `${id} ${key}`).toBeNull();
  });
  test.each(['es', 'en'] as const)('every command and group has a title in %s, and no two the same', (language) => {
    const titles = COMMANDS.map(({ title }) => TEXTS[language].t(title));
    for (const [at, title] of titles.entries()) expect(title, COMMANDS[at]!.id).not.toBe(COMMANDS[at]!.title);
    const named = COMMANDS.map(({ id, group }, at) => `${group}: ${titles[at]} (${id})`);
    expect(new Set(COMMANDS.map(({ group }, at) => `${group} ${titles[at]}`)).size, named.join('\n')).toBe(COMMANDS.length);
  });
});

describe('choosing keys', () => {
  const refusal = (id: CommandId, binding: string, choice = {}) => refuseBinding(id, binding, keymapOf(choice));
  test('a key of another command in the same place is refused, with its name; elsewhere it is free', () => {
    expect(refusal('archive', 'm')).toEqual({ reason: 'taken', by: 'take' });
    expect(refusal('archive', 'g m')).toEqual({ reason: 'taken', by: 'goMine' });
    // Would be the beginning of all ways to go somewhere, or begin with another command.
    expect(refusal('archive', 'g')).toMatchObject({ reason: 'taken' });
    expect(refusal('goMine', 'e m')).toEqual({ reason: 'taken', by: 'archive' });
    expect(refusal('newRequest', 'r')).toBeNull();
    expect(refusal('goMine', 'y')).toBeNull();
    expect(refusal('archive', 'm', { take: ['y'] })).toBeNull();
  });
  test.each([
    ['mod+w', 'browser'],
    ['mod+t', 'browser'],
    ['mod+n', 'browser'],
    ['mod+tab', 'browser'],
    ['mod+3', 'browser'],
    ['alt+e', 'menus'],
    ['alt+ñ', 'menus'],
    ['alt+f4', 'system'],
    ['mod+alt+e', 'system'],
    ['mod+r', 'reload'],
    ['f5', 'reload'],
    ['enter', 'controls'],
    ['escape', 'controls'],
    ['shift+arrowdown', 'controls'],
    ['end', 'controls'],
    ['mod+c', 'text'],
  ])('%s belongs to somebody else', (binding, why) => {
    expect(refusal('undo', binding)).toEqual({ reason: 'reserved', why });
  });
  test('what works while one types needs Ctrl, Cmd or Alt; accents and made-up keys are none', () => {
    expect(refusal('takeDraft', 'y')).toEqual({ reason: 'needs_modifier' });
    expect(refusal('takeDraft', 'mod+e')).toBeNull();
    for (const none of ['Dead', 'mod+k mod+s', 'a b c', '']) expect(refusal('archive', none), none).toEqual({ reason: 'not_a_key' });
  });
  test('what was chosen stands in the place of the usual keys; two commands can change places; nothing chosen is the usual again', () => {
    const keymap = keymapOf({ archive: ['m'], take: ['e'] });
    expect([keymap.get('archive'), keymap.get('take'), keymap.get('close')]).toEqual([['m'], ['e'], ['shift+e']]);
    expect(choose({ archive: ['m'] }, 'archive', ['e'])).toEqual({});
    expect(choose({ archive: ['m'] }, 'take', [])).toEqual({ archive: ['m'], take: [] });
    expect(keymapOf({ take: [] }).get('take')).toEqual([]);
  });
  test('what was kept and cannot stand is passed over: the command has its usual key', () => {
    const keymap = keymapOf({ archive: ['m'], assign: ['mod+w'], gone: ['y'], back: ['y'], labels: ['E'] });
    expect([keymap.get('archive'), keymap.get('assign'), keymap.get('back'), keymap.get('labels')]).toEqual([['e'], ['a'], [], ['l']]);
  });
  test('the preferences take what is written as keys are, and nothing else', () => {
    const read = (keymap: unknown) => preferencesSchema.shape.keymap.safeParse(keymap).success;
    expect(read({ archive: ['y'], goMine: ['g y'], undo: ['mod+alt+.'], take: [], a: ['+', 'mod++', 'ñ'] })).toBe(true);
    for (const bad of [{ archive: 'y' }, { archive: ['yy'] }, { archive: ['ctrl+y'] }, { archive: ['a b c'] }, { archive: ['a', 'b', 'c', 'd'] }, { archive: ['Y'] }, { '': ['y'] }])
      expect(read(bad), JSON.stringify(bad)).toBe(false);
  });
});

type Press = Partial<Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing' | 'defaultPrevented'>> & { hasAltGraph?: boolean; at?: number };
const press = (key: string, { hasAltGraph = false, at = 0, ...rest }: Press = {}): KeyboardEvent => {
  const event = { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false, isComposing: false, defaultPrevented: false, timeStamp: at, target: null, ...rest };
  return {
    ...event,
    getModifierState: (name: string) => name === 'AltGraph' && hasAltGraph,
    stopPropagation() {},
    preventDefault(this: { defaultPrevented: boolean }) {
      this.defaultPrevented = true;
    },
  } as unknown as KeyboardEvent;
};

describe('what a press means on', () => {
  test('a Spanish and a German keyboard: the sign counts, Shift or not', () => {
    expect(strokeOf(press('?', { shiftKey: true, code: 'Minus' }))).toBe('?');
    expect(strokeOf(press('/', { shiftKey: true, code: 'Digit7' }))).toBe('/');
    expect(strokeOf(press('ñ', { code: 'Semicolon' }))).toBe('ñ');
    expect(strokeOf(press('Ñ', { shiftKey: true }))).toBe('shift+ñ');
    expect(strokeOf(press('E'))).toBe('e');
  });
  test('AltGr writes signs and is no Ctrl with Alt; with Alt the place of a bracket counts', () => {
    expect(strokeOf(press('@', { ctrlKey: true, altKey: true, hasAltGraph: true, code: 'KeyQ' }))).toBe('@');
    expect(strokeOf(press('[', { ctrlKey: true, altKey: true, hasAltGraph: true, code: 'Digit8' }))).toBe('[');
    expect(strokeOf(press('ü', { altKey: true, code: 'BracketLeft' }))).toBe('alt+[');
    expect(strokeOf(press('Dead', { altKey: true, code: 'BracketLeft' }))).toBe('alt+[');
    expect(strokeOf(press(',', { altKey: true, code: 'Comma' }))).toBe('alt+,');
  });
  test('a Mac: Cmd is Mod, and Option does not change the letter', () => {
    expect(strokeOf(press('k', { metaKey: true }))).toBe('mod+k');
    expect(strokeOf(press('µ', { altKey: true, code: 'KeyM' }))).toBe('alt+m');
    expect([showBinding('mod+shift+f', '⌘'), ariaBinding('mod+k', '⌘')]).toEqual(['⌘+Shift+F', 'Meta+K']);
  });
  test('any: neither dead keys nor modifiers nor what an input method makes of a key', () => {
    for (const key of ['Dead', 'Shift', 'AltGraph', 'Control', 'Process', 'Unidentified']) expect(strokeOf(press(key)), key).toBeNull();
  });
});

test('keys are shown as they are called', () => {
  expect(['mod+f', 'shift+e', 'g m', '?', 'escape', 'alt+['].map((binding) => showBinding(binding, 'Ctrl'))).toEqual(['Ctrl+F', '⇧E', 'G M', '?', 'Esc', 'Alt+[']);
  expect(['shift+e', 'g m', 'escape', 'mod+j'].map((binding) => ariaBinding(binding, 'Ctrl'))).toEqual(['Shift+E', undefined, 'Escape', 'Control+J']);
});

describe('the listener', () => {
  function listen(choice: Record<string, string[]>, offered: (done: string[]) => Offered): { desk: CommandDesk; done: string[] } {
    const done: string[] = [];
    const desk = createCommandDesk({ keymap: () => keymapOf(choice), isInText: () => false, isInOverlay: () => false });
    desk.offer(offered(done));
    return { desk, done };
  }
  /** As the document hears a press. */
  const send = (desk: CommandDesk, event: KeyboardEvent): void => {
    desk.onKeyDownFirst(event);
    if (!event.defaultPrevented) desk.onKeyDown(event);
  };
  const all = (done: string[]): Offered => Object.fromEntries((['next', 'archive', 'goMine', 'take', 'snooze', 'palette'] satisfies CommandId[]).map((id) => [id, () => void done.push(id)]));

  test('two keys in time are one command; too late, or with another first one, the second means what it does alone', () => {
    const { desk, done } = listen({}, all);
    for (const event of [press('g', { at: 1_000 }), press('m', { at: 1_500 }), press('g', { at: 3_000 }), press('m', { at: 5_000 }), press('g', { at: 6_000 }), press('z', { at: 6_100 })])
      send(desk, event);
    expect(done).toEqual(['goMine', 'take', 'snooze']);
  });
  test('the second of two keys belongs to the first one, also where somebody nearer to the focus would take it; but not in a text', () => {
    let isInText = false;
    const done: string[] = [];
    const desk = createCommandDesk({ keymap: () => keymapOf({}), isInText: () => isInText, isInOverlay: () => false });
    desk.offer(all(done));
    const second = press('m', { at: 1_100 });
    desk.onKeyDown(press('g', { at: 1_000 }));
    desk.onKeyDownFirst(second);
    expect([done, second.defaultPrevented]).toEqual([['goMine'], true]);
    desk.onKeyDown(press('g', { at: 2_000 }));
    isInText = true;
    send(desk, press('m', { at: 2_100 }));
    isInText = false;
    send(desk, press('e', { at: 2_200 }));
    expect(done).toEqual(['goMine', 'archive']);
  });
  test('a held key only walks; nothing is done while a method composes a letter, nor for a key that somebody took', () => {
    const { desk, done } = listen({}, all);
    for (const event of [
      press('j', { repeat: true }),
      press('e', { repeat: true }),
      press('e', { isComposing: true }),
      press('e', { defaultPrevented: true }),
      press('e', { altKey: true, code: 'KeyE' }),
    ])
      desk.onKeyDown(event);
    expect(done).toEqual(['next']);
  });
  test('the keys in force count, and only they', () => {
    const { desk, done } = listen({ archive: ['y'] }, all);
    const old = press('e');
    desk.onKeyDown(old);
    desk.onKeyDown(press('y'));
    expect([done, old.defaultPrevented]).toEqual([['archive'], false]);
  });
  test('what came last is asked first, and what it cannot do is left to who came before', () => {
    const { desk, done } = listen({}, all);
    let can = true;
    const takeBack = desk.offer({ archive: { can: () => can, run: () => void done.push('inner') } });
    desk.onKeyDown(press('e'));
    can = false;
    desk.onKeyDown(press('e'));
    can = true;
    takeBack();
    desk.onKeyDown(press('e'));
    expect(done).toEqual(['inner', 'archive', 'archive']);
    expect(desk.listPossible()).toEqual(COMMANDS.filter(({ id, isByFocus }) => !isByFocus && all([])[id]).map(({ id }) => id));
    expect([desk.run('close'), desk.run('archive')]).toEqual([false, true]);
  });
});

test('letters find a name at its start, at its words, within, or in order; accents do not count', () => {
  const found = (query: string) => ['Archivar', 'Abrir el diagnóstico', 'Marcar como no leída'].map((name) => scoreMatch(name, query));
  expect(found('arch')).toEqual([0, null, null]);
  expect(found('diagnostico')).toEqual([null, 1, null]);
  expect(found('no leida')).toEqual([null, null, 1]);
  expect(found('car')).toEqual([null, null, 2]);
  expect(found('mcnl')).toEqual([null, null, 3]);
  expect(commandOf('archive').title).toBe('shortcuts.archive');
});
