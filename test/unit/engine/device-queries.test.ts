/** Who was shut out before the relay was restored, and who of them was let in again. The restored log lets a device in by enrolling it once more. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDeviceQueries, type DeviceQueries } from '../../../main/engine/db/device-queries.ts';
import { createTeamLog } from '../contract/log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
let devices: DeviceQueries;
beforeEach(() => {
  team = createTeamLog();
  devices = createDeviceQueries(team.db);
});
afterEach(() => {
  team.close();
});

const timeOfLast = (): number => team.log.at(-1)?.receivedAt ?? 0;
const enroll = (agentId: string, deviceId = `desk-${agentId}`): void => team.relay({ type: 'device.enrolled', deviceId, agentId, agentName: agentId, role: agentId === 'ana' ? 'admin' : 'agent' });
const join = (agentId: string, deviceId: string): void => {
  enroll(agentId, deviceId);
  devices.noteJoined({ deviceId, agentId, at: timeOfLast() });
};
const shutOut = (agentId: string, deviceId = `desk-${agentId}`): number => {
  team.relay({ type: 'device.revoked', deviceId, agentId, by: 'ana' });
  devices.noteShutOut(deviceId, timeOfLast());
  return timeOfLast();
};
const admit = (deviceId: string, who = 'ana', writtenAt?: string) => team.op(who, { type: 'key.admit', args: { deviceId } }, writtenAt).outcome;
const returned = (): string[] => devices.listReturned().map(({ id }) => id);

it('an admin’s word ends it, nobody else’s does, and a later shutting out counts again', () => {
  const at = shutOut('bo');
  expect(returned()).toEqual([]);
  enroll('bo');
  expect(devices.listReturned()).toEqual([{ id: 'desk-bo', at }]);
  expect(admit('desk-bo', 'leo')).toBe('forbidden');
  expect(admit('desk-cy')).toBe('applied');
  expect(returned()).toEqual(['desk-bo']);
  expect(admit('desk-bo')).toBe('applied');
  expect(returned()).toEqual([]);
  shutOut('bo');
  expect(admit('desk-bo')).toBe('target_missing');
  enroll('bo');
  expect(returned()).toEqual(['desk-bo']);
});

it('what was said before it was shut out, and is read once more with the log, is no word for it', () => {
  const first = shutOut('bo');
  enroll('bo');
  admit('desk-bo');
  const second = shutOut('bo');
  enroll('bo');
  // The log from its beginning: the older time comes last.
  devices.noteShutOut('desk-bo', first);
  expect(devices.listReturned()).toEqual([{ id: 'desk-bo', at: second }]);
});

it('a desktop of an admin that was shut out itself lets nobody in', () => {
  shutOut('ana', 'desk-ana-2');
  enroll('ana', 'desk-ana-2');
  expect(admit('desk-ana-2', 'ana', 'desk-ana-2')).toBe('applied');
  expect(returned()).toEqual(['desk-ana-2']);
  admit('desk-ana-2');
  expect(returned()).toEqual([]);
});

it('one that is known only by its row is let in by what is said after that', () => {
  team.relay({ type: 'device.revoked', deviceId: 'desk-bo', agentId: 'bo', by: 'ana' });
  devices.keepShutOut(timeOfLast());
  enroll('bo');
  expect(devices.listReturned()).toEqual([{ id: 'desk-bo', at: null }]);
  admit('desk-bo');
  expect(returned()).toEqual([]);
});

it('whoever joins for an agent while one of their desktops has returned is taken for that one; not before, not after, and not for others', () => {
  join('bo', 'desk-bo-0');
  shutOut('bo');
  join('bo', 'desk-bo-1');
  enroll('bo');
  join('cy', 'desk-cy-2');
  join('bo', 'desk-bo-2');
  expect(returned()).toEqual(['desk-bo', 'desk-bo-2']);
  // An entry of before it was shut out, read once more.
  devices.noteJoined({ deviceId: 'desk-bo-0', agentId: 'bo', at: 1 });
  admit('desk-bo');
  expect(returned()).toEqual(['desk-bo-2']);
  admit('desk-bo-2');
  join('bo', 'desk-bo-3');
  expect(returned()).toEqual([]);
});
