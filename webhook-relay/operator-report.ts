/** What the command line prints for people: tables, and what to do next. Scripts read `--json`, which says none of this. */
import { adviseOnKey, byLastSeen, describeSeen, listGivers, type KeyReport } from './key-report.ts';
import type { Device, LogStatus, Member, OpenInvite } from './log-store/interface.ts';
import { alignColumns, describeBytes, describeCount, describeTime, desktopName, listOf, nameForTerminal } from './terminal-text.ts';

export const RUN = 'npm run relay --';

const keyCell = ({ device, key }: KeyReport['desktops'][number], epoch: number, now: number): string => {
  switch (key) {
    case 'has':
      return `has key ${epoch}`;
    case 'waits':
      return `waits for key ${epoch}`;
    case 'none':
      return 'no key yet';
    case 'shut_out':
      return `shut out ${describeTime(device.revokedAt ?? 0, now)}${device.wipe ? ', to be wiped' : ''}`;
  }
};

const adviceLines = (report: KeyReport, now: number): string[] => adviseOnKey(report, now).flatMap(({ detail, action }) => [detail, ...(action === undefined ? [] : [`  What to do: ${action}`])]);

export function describeDevices(report: KeyReport, now: number): string[] {
  if (report.desktops.length === 0) return [`No desktop has joined yet. Make an invite: ${RUN} invite --role admin`];
  const rows = report.desktops.map((desktop) => {
    const { device } = desktop;
    return [
      nameForTerminal(device.agentName),
      device.role,
      nameForTerminal(device.name),
      keyCell(desktop, report.epoch, now),
      describeSeen(device, now),
      describeTime(device.enrolledAt, now),
      device.id,
    ];
  });
  return [
    ...alignColumns([['PERSON', 'ROLE', 'DESKTOP', 'TEAM’S KEY', 'LAST HERE', 'JOINED', 'DEVICE_ID'], ...rows]),
    '',
    ...adviceLines(report, now),
    'While a desktop is connected the relay notes that about once an hour.',
  ];
}

export function describeStatus(status: LogStatus & { blobs: number; blobBytes: number }, report: KeyReport, now: number): string[] {
  const { head, horizon, webhooks, ops, duplicates, unrecognised, logId, devices, blobs, blobBytes } = status;
  const shutOut = report.desktops.length - devices;
  const held = head === horizon ? 'none now' : `${head - horizon}, from ${horizon + 1} to ${head}`;
  return [
    ...alignColumns([
      ['Entries', `${held}${horizon > 0 && head > horizon ? '; those before are in a snapshot of the team’s data' : ''}`],
      [
        'From Meta',
        `${webhooks} since the beginning${unrecognised > 0 ? `, ${unrecognised} of them of a kind that the relay does not know (kept all the same)` : ''}; ${duplicates} came twice and count once`,
      ],
      ['From desktops', `${ops} since the beginning`],
      ['Desktops', `${devices} may connect${shutOut > 0 ? `, ${shutOut} ${shutOut === 1 ? 'is' : 'are'} shut out` : ''}`],
      ['Files', `${blobs} of messages, ${describeBytes(blobBytes)}`],
      ['Log', logId],
    ]),
    '',
    ...adviceLines(report, now),
  ];
}

/** `isLink`: what was printed is a link, else a code to type in beside the relay's address. */
export function describeInvite({ expiresAt, isLink, isAdmin, report, now }: { expiresAt: number; isLink: boolean; isAdmin: boolean; report: KeyReport; now: number }): string[] {
  const lines = [
    `Works once, for one desktop, and expires ${describeTime(expiresAt, now)}. Whoever has it can join: show it to nobody else.`,
    '',
    'Next:',
    isLink
      ? '  1. Open Bandeja on the new desktop and paste the link.'
      : '  1. Open Bandeja on the new desktop, and type the relay’s address and this code. (With PUBLIC_URL set an invite is a link.)',
  ];
  if (report.epoch === 0) {
    return [
      ...lines,
      isAdmin
        ? '  2. That is all: the first admin’s desktop makes the team’s key. Print the recovery code there, under Equipo → Computadoras (Team → Desktops).'
        : '  2. That is all: the team has no key yet.',
    ];
  }
  const givers = listGivers(report);
  const giver = givers[0];
  const recovery = 'choose “Nadie puede confirmarla” (“Nobody can confirm it”) on the new desktop and type the 14 groups of the recovery sheet that an admin has printed';
  lines.push('  2. It joins, shows a code and waits for the team’s key, which the relay does not have.');
  if (giver) {
    lines.push(
      `  3. An admin’s desktop that has the key must be on to hand it over: ${listOf(givers.map((device) => `${desktopName(device)}, last here ${describeSeen(device, now)}`))}.`,
      '     There, under Equipo → Computadoras (Team → Desktops), compare the code, by phone or in person, and confirm.',
    );
    if (isAdmin) {
      lines.push(
        `  If no admin can do that any more (the desktop is lost, the passphrase forgotten): ${recovery}. Then shut the lost desktop out (${RUN} revoke DEVICE_ID) and print a new sheet, because the key is another one by then.`,
      );
    } else lines.push(`  Where no admin can: ${recovery}.`);
  } else {
    lines.push(`  3. No admin’s desktop has the key, so nobody can hand it over: ${recovery}.`);
    const holders = report.desktops.filter(({ key }) => key === 'has').map(({ device }) => device);
    if (holders.length > 0)
      lines.push(`     Without the sheet: ${listOf(holders.map(desktopName))} ${holders.length === 1 ? 'has' : 'have'} the key; make that person an admin (${RUN} member AGENT_ID --role admin).`);
    else lines.push('     Without the sheet, and without a desktop that has the key, nobody can read what was written.');
  }
  if (isLink) lines.push('', 'An invite that an admin makes in Bandeja (Equipo → Personas → Invitar) brings the key with it; then steps 2 and 3 fall away.');
  return lines;
}

/** After somebody was shut out: what that does to the team's key, and to what is printed of it. Nothing while there is no key. */
export const describeKeyToCome = (report: KeyReport): string[] =>
  report.isOutdated
    ? [
        'The team’s key changes with it, when an admin’s desktop that has the key is next on.',
        'A recovery sheet that was printed before is void then: print a new one there, under Equipo → Computadoras (Team → Desktops).',
      ]
    : [];

/**
 * What the restored log does not know of what the old one did. `devices`: shut out there, and not here. `joined`: might connect there, and are not known here;
 * `isMember`: the person is. `members`: as they were there. `seen`: when each device was there last (relay time, ms).
 */
export type Undone = { devices: Device[]; joined: (Device & { isMember: boolean })[]; members: Member[]; seen: ReadonlyMap<string, number | null> };

/** What revocations, joined desktops and changes of members of `old` are missing in what was restored. */
export function findUndone(old: { devices: readonly Device[]; members: readonly Member[] }, restored: { devices: readonly Device[]; members: readonly Member[] }): Undone {
  const mayConnect = new Set(restored.devices.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id));
  const known = new Set(restored.devices.map(({ id }) => id));
  const members = new Map(restored.members.map((member) => [member.id, member]));
  return {
    devices: old.devices.filter(({ id, revokedAt }) => revokedAt !== null && mayConnect.has(id)),
    joined: old.devices.filter(({ id, revokedAt }) => revokedAt === null && !known.has(id)).map((device) => ({ ...device, isMember: members.has(device.agentId) })),
    members: old.members.filter(({ id, role, isRemoved }) => {
      const now = members.get(id);
      return now !== undefined && (now.role !== role || now.isRemoved !== isRemoved);
    }),
    seen: new Map(old.devices.map(({ id, lastSeenAt }) => [id, lastSeenAt])),
  };
}

type RestoredDeps = { logId: string; head: number; endedAt: number | undefined; report: KeyReport; /** Null: the old folder was not given. */ undone: Undone | null; now: number };

export function describeRestored({ logId, head, endedAt, report, undone, now }: RestoredDeps): string[] {
  const active = byLastSeen(report.desktops.filter(({ key }) => key !== 'shut_out').map(({ device }) => device));
  const lines = [
    `The log is now ${logId}; it continues the restored one after entry ${head}${endedAt === undefined ? '' : ` (${describeTime(endedAt, now)})`}.`,
    `What came after that entry is not in it:
  - what customers wrote; Meta brings again only what it could not deliver
  - who joined: these desktops are unknown and need an invite
  - who was shut out, removed or given another role: all of that is undone, and a desktop that was shut out can connect again
  - open invites are void, also those of the backup`,
    '',
    ...describeUndone(undone, active, now),
    '',
    ...describeRestoredKey(report, undone, active, now),
    '',
    'Next:',
    `  1. ${RUN} devices, then members: shut out again what should stay out (revoke DEVICE_ID), and change again who has another role or has left (member AGENT_ID …).`,
    `  2. ${RUN} serve`,
    report.epoch > 0
      ? '  3. Let that admin begin: open Bandeja on that desktop first, and wait until it is connected. Then everybody else.'
      : '  3. Open Bandeja on the desktops: they fetch the team’s data again, and send their own changes that the backup lacks once more.',
    '  4. Tell the admins what was shut out and removed since: they look through Equipo → Computadoras (Team → Desktops), and shut out again what you have missed.',
  ];
  return lines;
}

function describeUndone(undone: Undone | null, active: readonly Device[], now: number): string[] {
  if (undone === null) {
    return active.length === 0
      ? ['By the backup no desktop may connect.']
      : [
          'By the backup these desktops may connect. Is there one among them that was shut out since?',
          ...alignColumns(active.map((device) => [`  ${desktopName(device)}`, device.role, `last here ${describeSeen(device, now)}`, device.id])),
        ];
  }
  const { devices, joined, members } = undone;
  return [
    devices.length === 0 ? 'By the old folder no desktop was shut out since the backup.' : 'By the old folder these were shut out since, and can connect again until you say:',
    ...alignColumns(devices.map((device) => [`  ${RUN} revoke ${device.id}${device.wipe ? ' --wipe' : ''}`, `# ${desktopName(device)}, shut out ${describeTime(device.revokedAt ?? 0, now)}`])),
    ...(members.length === 0 ? [] : ['And these people were changed:']),
    ...alignColumns(
      members.map(({ id, name, role, isRemoved }) => [`  ${RUN} member ${id} ${isRemoved ? '--remove' : `--role ${role}`}`, `# ${nameForTerminal(name)}${isRemoved ? ' had left' : ''}`]),
    ),
    ...(joined.length === 0 ? [] : ['These desktops joined since and are unknown now; each needs a new invite:']),
    ...alignColumns(joined.map((device, n) => [`  ${RUN} invite ${inviteeOf(device, joined.slice(0, n))}`, `# ${desktopName(device)}, joined ${describeTime(device.enrolledAt, now)}`])),
  ];
}

/** Names come from desktops, so none is put into a command. `before`: who is invited before. */
function inviteeOf({ agentId, role, isMember }: Undone['joined'][number], before: Undone['joined']): string {
  if (isMember) return `--agent ${agentId}`;
  // A person that is unknown, too, is one again only if the first desktop makes them known.
  return before.some((other) => other.agentId === agentId) ? '--agent AGENT_ID' : `--role ${role}`;
}

function describeRestoredKey(report: KeyReport, undone: Undone | null, active: readonly Device[], now: number): string[] {
  if (report.epoch === 0) return ['The team’s key: the backup has none. If the team had one by then, an admin’s desktop that has it brings it back when it connects.'];
  const isGone = new Set(undone?.devices.map(({ id }) => id));
  const admins = byLastSeen(active.filter(({ id, role }) => role === 'admin' && !isGone.has(id)).map((device) => ({ ...device, lastSeenAt: undone?.seen.get(device.id) ?? device.lastSeenAt })));
  return [
    `The team’s key: the backup knows key ${report.epoch} as the newest. Later ones come back by themselves, from the first admin’s desktop that has them.`,
    admins.length === 0
      ? '  By the backup there is no admin’s desktop: make an invite (invite --role admin), and have the recovery code at hand.'
      : `  Let the admin whose desktop was used last begin: by the ${undone ? 'old folder' : 'backup'} ${listOf(admins.map((device) => `${desktopName(device)}, last here ${describeSeen(device, now)}`))}${undone ? '' : '; ask them who used theirs last since'}.`,
    '  If another one comes first and makes a new key, desktops that know the lost one stop with “La llave del equipo es otra”, until their people have compared a code with an admin.',
  ];
}

export const describeMoved = (to: 'sqlite' | 'postgres', digest: string, report: KeyReport): string[] => [
  `The log is moved, and was read back the same (SHA-256 ${digest}).`,
  report.epoch === 0
    ? 'Members, desktops and open invites went with it. Desktops notice nothing.'
    : `Members, desktops, open invites and key ${report.epoch} as the relay knows it went with it, with who has it and who is shut out. Desktops notice nothing, and nobody has to be given the key again.`,
  `The ${to === 'postgres' ? 'database in the data folder' : 'PostgreSQL database'} takes nothing any more. It still holds all of it: delete it when the relay has run for some days.`,
  '',
  'Next:',
  to === 'postgres'
    ? `  1. Put the address into relay.json (databaseUrl), or set RELAY_DATABASE_URL for the relay and for every command.`
    : '  1. Remove RELAY_DATABASE_URL, and databaseUrl from relay.json.',
  `  2. ${RUN} doctor --offline`,
  `  3. ${RUN} serve`,
];

export const describeMembers = (members: readonly Member[], report: KeyReport): string[] =>
  members.length === 0
    ? [`Nobody has joined yet. Make an invite: ${RUN} invite --role admin`]
    : alignColumns([
        ['PERSON', 'ROLE', 'DESKTOPS', 'AGENT_ID'],
        ...members.map(({ id, name, role, isRemoved }) => {
          const count = report.desktops.filter(({ device, key }) => device.agentId === id && key !== 'shut_out').length;
          return [nameForTerminal(name), role, isRemoved ? 'has left' : count === 0 ? 'none' : describeCount(count, 'desktop'), id];
        }),
      ]);

export const describeInvites = (invites: readonly OpenInvite[], now: number): string[] =>
  invites.length === 0
    ? [`No invite is open. Make one: ${RUN} invite --role agent`]
    : [
        ...alignColumns([
          ['FOR', 'ROLE', 'MADE BY', 'EXPIRES', 'INVITE_ID'],
          ...invites.map(({ id, role, agentId, agentName, createdBy, createdByName, expiresAt }) => [
            agentId === null ? (agentName === null ? 'whoever has it' : nameForTerminal(agentName)) : `another desktop of ${nameForTerminal(agentName ?? agentId)}`,
            role,
            createdBy === null ? 'the command line' : nameForTerminal(createdByName ?? createdBy),
            describeTime(expiresAt, now),
            id,
          ]),
        ]),
        '',
        `To take one back: ${RUN} invites --withdraw INVITE_ID`,
      ];
