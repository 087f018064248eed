/** What is offered and filled in while somebody writes: a wrong name or a wrong text would go to a customer. */
import { describe, expect, test } from 'vitest';
import { fillIn, findGaps, firstNameOf, rankCanned } from '../../../renderer/composer/canned-replies.ts';
import { mentionedIn, splitMentions } from '../../../renderer/composer/mentions.ts';
import { findTrigger, replaceTrigger } from '../../../renderer/composer/typed-trigger.ts';

const values = { name: 'María Xicay', firstName: 'María', agent: 'Ana', phone: null };

describe('variables', () => {
  test('are known in both languages, with accents and spaces, and what is unknown stays as it stands', () => {
    expect(fillIn('{{nombre}}|{{name}}|{{ primer_nombre }}|{{agente}}|{{agent}}', values)).toBe('María Xicay|María Xicay|María|Ana|Ana');
    expect(fillIn('{{teléfono}} {{phone}} {{nit}}', values)).toBe('{{teléfono}} {{phone}} {{nit}}');
    expect(fillIn('{{teléfono}}', { ...values, phone: '+502 5555' })).toBe('+502 5555');
  });
  test('a value is never taken for a variable itself', () => {
    expect(fillIn('{{nombre}} {{agente}}', { ...values, name: '{{agente}}' })).toBe('{{agente}} Ana');
    expect(fillIn('{{nombre}}', { ...values, name: 'Q$& $1' })).toBe('Q$& $1');
  });
  test('gaps are found once each, in order', () => expect(findGaps('{{b}} x {{a}} {{b}} {c} {{}}')).toEqual(['{{b}}', '{{a}}']));
  test('a first name is a name: no title, no number', () => {
    expect(firstNameOf('Lic. Rodolfo Ajú — Textiles')).toBe('Rodolfo');
    expect(firstNameOf('+502 5555 1234')).toBeNull();
  });
});

describe('finding a canned reply', () => {
  const reply = (shortcut: string, body = '') => ({ id: shortcut, shortcut, body, isPersonal: false });
  const all = [reply('visita', 'Agendamos la cotización'), reply('cotizacion'), reply('recotizar'), reply('saludo')];
  const found = (query: string): string[] => rankCanned(all, query).map(({ shortcut }) => shortcut);
  test('beginning before middle before text before loose letters; without a query all of them', () => {
    expect(found('cot')).toEqual(['cotizacion', 'recotizar', 'visita']);
    expect(found('COTIZACIÓN')).toEqual(['cotizacion', 'visita']);
    expect(found('sld')).toEqual(['saludo']);
    expect(found('zzz')).toEqual([]);
    expect(found('')).toEqual(['cotizacion', 'recotizar', 'saludo', 'visita']);
  });
});

describe('what is being typed', () => {
  test('a slash counts at the start of a word only, and only before the caret', () => {
    expect(findTrigger('hola /sal', 9, '/')).toEqual({ mark: '/', query: 'sal', start: 5, end: 9 });
    expect(findTrigger('/', 1, '/')).toMatchObject({ query: '', start: 0 });
    expect(findTrigger('y/o', 3, '/')).toBeNull();
    expect(findTrigger('https://x', 9, '/')).toBeNull();
    expect(findTrigger('/sal udo', 8, '/')).toBeNull();
    expect(findTrigger('/saludo', 3, '/')).toMatchObject({ query: 'sa', end: 3 });
  });
  test('a name may have two words; an address is no name', () => {
    expect(findTrigger('ver con @María Xi', 17, '@')).toMatchObject({ query: 'María Xi', start: 8 });
    expect(findTrigger('ana@correo', 10, '@')).toBeNull();
  });
  test('only what was typed is replaced, and the caret stands behind it', () => {
    expect(replaceTrigger('a /sa b', { start: 2, end: 5 }, 'SALUDO')).toEqual({ text: 'a SALUDO b', caret: 8 });
  });
});

describe('mentions', () => {
  const people = [
    { id: 'ana', name: 'Ana' },
    { id: 'analu', name: 'Ana Lucía' },
    { id: 'bo', name: 'Bo' },
  ];
  test('the longest name counts, whole words only, each person once', () => {
    expect(mentionedIn('@Ana Lucía y @Bo, @Bo', people)).toEqual(['analu', 'bo']);
    expect(mentionedIn('@Anabel, correo@Bo, @Nadie', people)).toEqual([]);
  });
  test('no letter of the note is lost in the splitting', () => {
    const text = 'x @@Ana, @Bo@Ana @ fin @Ana';
    expect(
      splitMentions(text, people)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});
