/** A relay of an older version than the window: who sits there reads that it is the server that has to be updated, and not Bandeja. */
import { PROTOCOL_VERSION } from '../../contract/wire.ts';
import { makeSecret } from '../../contract/sealing/key-ring.ts';
import { startFakeRelay } from '../support/fake-relay.ts';
import { expect } from './support/demo.ts';
import { join, test } from './support/desks.ts';

test('an admin is told of a relay that lacks something, everybody of one that nothing gets through, until it is updated', { tag: '@main' }, async ({ openAnother }) => {
  const relay = await startFakeRelay();
  try {
    relay.state.protocol = 4;
    const [admin, agent] = [await openAnother(), await openAnother()];
    await join(admin, { invite: relay.invite('admin'), relay: relay.url, name: 'Ana' });
    await join(agent, { invite: relay.invite('agent'), relay: relay.url, name: 'Bo' });
    const strip = (desk: typeof admin, title: string) => desk.page.getByRole('status').getByText(title, { exact: true });
    await expect(strip(admin, 'El servidor del equipo es de una versión anterior')).toBeVisible();
    await expect(strip(agent, 'El servidor del equipo es de una versión anterior')).toHaveCount(0);

    relay.state.ring = [makeSecret()];
    const keyed = await openAnother();
    await join(keyed, { invite: relay.invite('agent'), relay: relay.url, name: 'Eva' });
    await expect(strip(keyed, 'Hay que actualizar el servidor del equipo')).toBeVisible();
    await expect(keyed.page.getByRole('status').filter({ hasText: 'Lo que hagas se queda en esta computadora' })).toHaveCount(1);

    relay.state.protocol = PROTOCOL_VERSION;
    relay.cutLines();
    await expect(strip(keyed, 'Hay que actualizar el servidor del equipo')).toHaveCount(0);
  } finally {
    await relay.stop();
  }
});
