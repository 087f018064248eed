/** What is typed on a person's page beside what a colleague changes there meanwhile. */
import { expect, it } from 'vitest';
import { goOnFrom, judgeTyped, type Profile } from '../../../renderer/contacts/use-profile.ts';

const STANDS: Profile = { name: 'Luis', firstName: '', email: '', company: '', isVendor: true, serviceTypes: ['PTAR'], marketing: null };

it('saves what was typed over what was seen, an emptied line as none', () => {
  expect(judgeTyped(STANDS, { name: { seen: 'Luis', value: '  ' }, company: { seen: '', value: ' Bombas ' }, serviceTypes: { seen: ['PTAR'], value: [] } })).toEqual({
    changes: { name: { from: 'Luis', to: null }, company: { from: null, to: 'Bombas' }, serviceTypes: { from: ['PTAR'], to: [] } },
    conflicts: {},
  });
});

it('holds back a field that somebody else changed since it was touched, and says what stands', () => {
  expect(judgeTyped({ ...STANDS, company: 'Otra' }, { company: { seen: '', value: 'Mía' }, email: { seen: '', value: 'a@b.gt' } })).toEqual({
    changes: { email: { from: null, to: 'a@b.gt' } },
    conflicts: { company: 'Otra' },
  });
});

it('has nothing to say where both wanted the same, or nothing differs', () => {
  expect(judgeTyped({ ...STANDS, company: 'Bombas' }, { company: { seen: '', value: 'Bombas ' }, isVendor: { seen: true, value: true } })).toEqual({ changes: {}, conflicts: {} });
});

it('keeps what was typed on while it was saved, as typed over what was saved', () => {
  const saved = { name: { from: 'Luis', to: 'Luis G' }, company: { from: null, to: 'Bombas' } };
  const typed = goOnFrom({ name: { seen: 'Luis', value: 'Luis Gómez' }, company: { seen: '', value: 'Bombas ' }, email: { seen: '', value: 'a@b' } }, saved);
  expect(typed).toEqual({ name: { seen: 'Luis G', value: 'Luis Gómez' }, email: { seen: '', value: 'a@b' } });
  expect(judgeTyped({ ...STANDS, name: 'Luis G', company: 'Bombas' }, typed).conflicts).toEqual({});
});
