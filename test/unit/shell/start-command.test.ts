/** A window whose program is gone says how to start it: that has to be what its reader can paste, and nothing that is secret. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { writeStartCommand } from '../../../main/shell/browser/start-command.ts';

it.each([
  ['the demo', { demo: true }, 'npm start'],
  ['a colleague on the demo', { demo: true, as: 'luis' }, 'npm start -- --as luis'],
  ['a demo in a folder of its own', { demo: true, 'data-dir': '/tmp/d', as: 'luis' }, 'npm start -- --demo --data-dir /tmp/d --as luis'],
  ['a real workspace', { 'data-dir': '/srv/inbox', 'no-open': true, 'api-port': '8080' }, 'npm start -- --data-dir /srv/inbox --api-port 8080 --no-open'],
  ['a folder with a space', { 'data-dir': '/home/ana/mi bandeja' }, "npm start -- --data-dir '/home/ana/mi bandeja'"],
])('%s', (_, flags, command) => expect(writeStartCommand(flags, 'linux')).toBe(command));

it('never holds a token or an invite', () => {
  const flags = { 'data-dir': '/srv/inbox', 'graph-token': 'SECRET', 'api-token': 'SECRET', relay: 'https://relay', invite: 'SECRET', name: 'Ana' };
  expect(writeStartCommand(flags, 'linux')).toBe('npm start -- --data-dir /srv/inbox');
});

it.skipIf(process.platform === 'win32')('is read back by a shell as it was meant', () => {
  const folder = `/tmp/it's $HOME "and" \\ more`;
  const { stdout } = spawnSync('sh', ['-c', `npm() { printf '%s\\n' "$@"; }; ${writeStartCommand({ 'data-dir': folder }, 'linux')}`], { encoding: 'utf8' });
  expect(stdout.split('\n')).toContain(folder);
});
