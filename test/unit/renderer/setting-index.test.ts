import { expect, test } from 'vitest';
import { findSettings, listSettings } from '../../../renderer/settings/setting-index.ts';
import { TEXTS } from '../../support/texts.ts';

const find = (language: 'es' | 'en', role: 'agent' | 'admin', typed: string): string[] => findSettings(listSettings(TEXTS[language].t, role), typed).map(({ id }) => id);

test.each(['llave', 'recuperación', 'pin', 'contraseña', 'bloqueo', 'passphrase', 'lock', 'candado'])('“%s” finds the lock', (typed) => {
  expect(find('es', 'agent', typed)).toContain('lock');
});
test.each(['key', 'recovery', 'pin', 'password', 'passphrase', 'lock'])('“%s” finds the lock in English', (typed) => {
  expect(find('en', 'agent', typed)).toContain('lock');
});

test('the team’s key and its sheet are found by those who have them', () => {
  for (const typed of ['llave', 'recuperación']) {
    expect(find('es', 'admin', typed), typed).toContain('recoveryCode');
    expect(find('es', 'agent', typed), typed).not.toContain('recoveryCode');
  }
  expect(find('es', 'admin', 'llave')).toContain('team-devices');
});
