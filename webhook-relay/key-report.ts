/**
 * How it stands with the team's key, for whoever runs the relay: which one is current, which desktops have it, and who can hand it out. Invariant: it is
 * told from what the relay knows; the key itself is never here.
 */
import { SEALING_LEVEL } from '../contract/wire.ts';
import type { Device, LogStore } from './log-store/interface.ts';
import { WRITE_LEVEL_MS } from './log-store/member-rules.ts';
import { describeCount, describeTime, desktopName, listOf } from './terminal-text.ts';

/** `none`: the workspace has no key yet. */
export type DesktopKey = 'has' | 'waits' | 'shut_out' | 'none';
export type KeyReport = {
  /** Of the newest key; 0: there is none. */
  epoch: number;
  /** When it was made, relay time (ms), and by whose desktop; null: there is none. */
  made: { at: number; by: string } | null;
  /** Somebody was shut out since, and nobody has made the next one. */
  isOutdated: boolean;
  desktops: { device: Device; key: DesktopKey }[];
};

/** `warning`: it works, but a person should do something: `action`. */
export type KeyAdvice = { status: 'ok' | 'warning'; detail: string; action?: string };

/** Where an admin confirms a desktop in Bandeja, and where one that waits takes the code from paper. */
const CONFIRM = 'Equipo → Computadoras (Team → Desktops)';
const RECOVER = '“Nadie puede confirmarla” (“Nobody can confirm it”)';

export async function readKeyReport(store: LogStore): Promise<KeyReport> {
  const [devices, { holders, isOutdated }, epochs] = await Promise.all([store.listDevices(), store.readKeyHolders(), store.listKeyEpochs()]);
  const newest = epochs.at(-1);
  // Whoever has a copy without a voucher was given nothing.
  const having = new Set(holders.filter(({ voucher }) => voucher !== '').map(({ deviceId }) => deviceId));
  const keyOf = (device: Device): DesktopKey => (device.revokedAt !== null ? 'shut_out' : !newest ? 'none' : having.has(device.id) ? 'has' : 'waits');
  const maker = newest && devices.find(({ id }) => id === newest.deviceId);
  return {
    epoch: newest?.epoch ?? 0,
    made: newest ? { at: newest.announcedAt, by: maker ? desktopName(maker) : 'a desktop' } : null,
    isOutdated,
    desktops: devices.map((device) => ({ device, key: keyOf(device) })),
  };
}

/** Admins' desktops that have the key: they hand it out, and make the next one. The one that was here last comes first. */
export const listGivers = ({ desktops }: KeyReport): Device[] => byLastSeen(desktops.filter(({ device, key }) => key === 'has' && device.role === 'admin').map(({ device }) => device));

export const byLastSeen = (devices: readonly Device[]): Device[] => devices.toSorted((a, b) => (b.lastSeenAt ?? 0) - (a.lastSeenAt ?? 0));

export const describeSeen = ({ lastSeenAt }: Device, now: number): string => (lastSeenAt === null ? 'never here' : describeTime(lastSeenAt, now));
const nameAndSeen = (device: Device, now: number): string => `${desktopName(device)}, last here ${describeSeen(device, now)}`;

/** In sentences: what holds, and what somebody should do. */
export function adviseOnKey(report: KeyReport, now: number): KeyAdvice[] {
  return report.epoch === 0 ? adviseOnFirst(report, now) : adviseOnNewest(report, now);
}

function adviseOnFirst({ desktops }: KeyReport, now: number): KeyAdvice[] {
  const active = desktops.filter(({ key }) => key === 'none').map(({ device }) => device);
  if (active.length === 0) return [{ status: 'ok', detail: 'The team has no key yet. The desktop of the first admin makes it when it joins; until then what comes in is stored in plain words.' }];
  const detail = 'The team has no key yet, so what comes in is stored in plain words';
  const admins = byLastSeen(active.filter(({ role }) => role === 'admin'));
  if (admins.length === 0) {
    return [
      { status: 'warning', detail: `${detail}, and there is no admin’s desktop to make it.`, action: 'Invite an admin (invite --role admin), or make somebody one (member AGENT_ID --role admin).' },
    ];
  }
  const old = active.filter(({ opLevel, lastSeenAt }) => opLevel < SEALING_LEVEL && lastSeenAt !== null && lastSeenAt > now - WRITE_LEVEL_MS);
  if (old.length > 0) {
    return [
      {
        status: 'warning',
        detail: `${detail}. It is made once every desktop of the last 30 days has a version that can read it; ${listOf(old.map((device) => nameAndSeen(device, now)))} ${old.length === 1 ? 'has' : 'have'} an older one.`,
        action: 'Update Bandeja there, or shut out what is not used any more (revoke DEVICE_ID).',
      },
    ];
  }
  return [{ status: 'warning', detail: `${detail}. An admin’s desktop makes it by itself.`, action: `Open Bandeja on ${listOf(admins.map(desktopName))} and let it connect.` }];
}

function adviseOnNewest(report: KeyReport, now: number): KeyAdvice[] {
  const { epoch, made, isOutdated, desktops } = report;
  const active = desktops.filter(({ key }) => key !== 'shut_out');
  const having = active.filter(({ key }) => key === 'has').map(({ device }) => device);
  const waiting = active.filter(({ key }) => key === 'waits').map(({ device }) => device);
  const givers = listGivers(report);
  const advice: KeyAdvice[] = [
    {
      status: 'ok',
      detail: `The team’s log is sealed with key ${epoch}${made ? `, made ${describeTime(made.at, now)}, by ${made.by}` : ''}. ${having.length} of ${describeCount(active.length, 'desktop')} ${having.length === 1 ? 'has' : 'have'} it.`,
    },
  ];
  if (givers.length > 0) advice.push({ status: 'ok', detail: `It can be handed out by ${listOf(givers.map((device) => nameAndSeen(device, now)))}.` });
  else if (having.length > 0) {
    advice.push({
      status: 'warning',
      detail: `No admin’s desktop has the key, so nobody can hand it out or make the next one. ${listOf(having.map(desktopName))} ${having.length === 1 ? 'has' : 'have'} it.`,
      action: `Make one of these people an admin (member AGENT_ID --role admin; see members), or type the recovery code on an admin’s desktop that waits, under ${RECOVER}.`,
    });
  } else {
    advice.push({
      status: 'warning',
      detail: 'No desktop has the key: what was written can be read only with the recovery code that an admin has printed.',
      action: `${waiting.length === 0 ? 'invite --role admin, and on' : 'On'} the admin’s new desktop choose ${RECOVER} and type the code from the sheet. Without it the log is lost.`,
    });
  }
  if (waiting.length > 0 && having.length > 0) {
    advice.push({
      status: 'warning',
      detail: `${describeCount(waiting.length, 'desktop waits', 'desktops wait')} for the key: ${listOf(waiting.map((device) => nameAndSeen(device, now)))}.`,
      action:
        givers.length > 0
          ? `On ${desktopName(givers[0]!)}: ${CONFIRM}, compare the code that the waiting desktop shows, and confirm. Where nobody can: the recovery code on the waiting desktop, under ${RECOVER}. What is not the team’s: revoke DEVICE_ID.`
          : 'See above. What is not the team’s: revoke DEVICE_ID.',
    });
  }
  if (isOutdated) {
    advice.push({
      status: 'warning',
      detail: `A desktop was shut out since key ${epoch} was made, and the next key is not there yet; until then it could still open what is written, if it got hold of it.`,
      action:
        givers.length > 0
          ? `Open Bandeja on ${listOf(givers.map(desktopName))}: it makes the next key by itself within seconds.`
          : 'See above: only an admin’s desktop that has the key makes the next one.',
    });
  }
  return advice;
}
