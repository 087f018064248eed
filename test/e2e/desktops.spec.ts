/** Two agents' desktops side by side, each with its own engine, window and way to the relay. */
import { expect, test } from './support/demo.ts';

test('a desktop whose line is cut goes on alone, and the other sees its work when the line is back', { tag: '@main' }, async ({ inbox, write, addColleague }) => {
  write({ from: '50255501111', name: 'Rosa', text: 'Buenos días' });
  const bo = await addColleague({ name: 'Bo', role: 'lead' });
  for (const { open } of [inbox, bo.inbox]) await open('Rosa');
  await expect(bo.inbox.message('Buenos días')).toBeVisible();

  bo.line.cut();
  await expect(bo.inbox.page.getByText('Sin conexión con el equipo')).toBeVisible();
  await bo.inbox.reply('Ya vamos, Rosa');
  await expect(bo.inbox.stateOf('Ya vamos, Rosa')).toHaveAccessibleName(/En espera|Esperando|Pendiente/);
  write({ from: '50255501111', name: 'Rosa', text: '¿Sigue ahí?' });
  await expect(inbox.message('¿Sigue ahí?')).toBeVisible();
  await expect(inbox.message('Ya vamos, Rosa')).toHaveCount(0);
  await expect(bo.inbox.message('¿Sigue ahí?')).toHaveCount(0);

  bo.line.restore();
  await expect(bo.inbox.message('¿Sigue ahí?')).toBeVisible();
  await expect(inbox.message('Ya vamos, Rosa')).toBeVisible();
});
