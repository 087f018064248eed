import { describe, expect, it } from 'vitest';
import { joinInvite, makeInviteLink, makeInviteSecret, readInviteLink, splitInvite } from '../../../main/engine/team/invite-link.ts';

const CODE = '7ZQ4-0M9K-ABCD-EFGH-JKMN-PQRS-TVWX';
const RELAY = 'https://relay.example';

describe('an invite', () => {
  it.each([
    ['a link', `${RELAY}/join#${CODE}`, RELAY],
    ['a link with spaces around it', `  ${RELAY}/join#${CODE}\n`, RELAY],
    ['a link on a port', `https://relay.example:8443/join#${CODE}`, 'https://relay.example:8443'],
    ['a relay on this computer', `http://127.0.0.1:8484/join#${CODE}`, 'http://127.0.0.1:8484'],
    ['a link for the program', `bandeja://join?relay=${encodeURIComponent(RELAY)}&code=${CODE}`, RELAY],
    ['a bare code', CODE, null],
  ])('is understood as %s', (_what, text, relayUrl) => {
    expect(readInviteLink(text)).toEqual({ relayUrl, code: CODE });
  });

  it('is the same code however it is typed', () => {
    expect(readInviteLink('7zq4 0m9k abcd')).toEqual({ relayUrl: null, code: '7zq4 0m9k abcd' });
  });

  it.each([
    '',
    'hola',
    'short',
    `http://relay.example/join#${CODE}`,
    `${RELAY}/join`,
    `${RELAY}/join#`,
    `${RELAY}/other#${CODE}`,
    `${RELAY}/join#<script>alert(1)</script>`,
    `${RELAY}/join#%E0%A4%A`,
    `bandeja://join?code=${CODE}`,
    `bandeja://join?relay=javascript:alert(1)&code=${CODE}`,
    `bandeja://open?relay=${RELAY}&code=${CODE}`,
    `javascript:alert('${CODE}')`,
    'A'.repeat(1_999),
    `${RELAY}/join#${CODE}.`,
    `${RELAY}/join#${CODE}.tooshort`,
    `${CODE}.${'a'.repeat(44)}`,
  ])('is not seen in %j', (text) => {
    expect(readInviteLink(text)).toBeNull();
  });

  it('comes back from the link that was made of it', () => {
    expect(readInviteLink(makeInviteLink(`${RELAY}/`, CODE))).toEqual({ relayUrl: RELAY, code: CODE });
  });

  it('made in a window comes back with its secret, which is no part of what the relay is told', () => {
    const secret = makeInviteSecret();
    const invite = joinInvite(CODE, secret);
    expect(readInviteLink(makeInviteLink(RELAY, invite))).toEqual({ relayUrl: RELAY, code: invite });
    expect(readInviteLink(`bandeja://join?relay=${encodeURIComponent(RELAY)}&code=${encodeURIComponent(invite)}`)).toEqual({ relayUrl: RELAY, code: invite });
    expect(readInviteLink(` ${invite} `)).toEqual({ relayUrl: null, code: invite });
    expect(splitInvite(invite)).toEqual({ code: CODE, secret });
    expect(splitInvite(` ${CODE} `)).toEqual({ code: CODE, secret: null });
    // Whatever it is, what follows the dot stays here.
    expect(splitInvite(`${CODE}.cut`)).toEqual({ code: CODE, secret: null });
  });
});
