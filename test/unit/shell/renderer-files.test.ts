import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRendererFile } from '../../../main/shell/renderer-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-renderer-'));
const root = path.join(folder, 'renderer');
mkdirSync(path.join(root, 'assets'), { recursive: true });
mkdirSync(`${root}-secret`);
writeFileSync(path.join(root, 'index.html'), '<!doctype html>page');
writeFileSync(path.join(root, 'assets/main-abc.js'), 'code');
for (const file of [path.join(folder, 'secret.txt'), `${root}-secret/key.txt`]) writeFileSync(file, 'secret');
symlinkSync(path.join(folder, 'secret.txt'), path.join(root, 'link.txt'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/assets/../../secret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/../renderer-secret/key.txt',
  '//../secret.txt',
  '/secret.txt%00.html',
  '/%c0%ae%c0%ae/secret.txt',
  '/%',
  '/C:/secret.txt',
  '/link.txt',
])('%s leads to no file outside the folder', async (pathname) => {
  const { status, body } = await readRendererFile(root, pathname);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(body.toString()).not.toContain('secret');
});

test("the page's own routes are the page, a missing file is not", async () => {
  for (const pathname of ['/', '/settings', '/conversations/abc']) expect((await readRendererFile(root, pathname)).body.toString()).toContain('page');
  expect((await readRendererFile(root, '/assets/missing.js')).status).toBe(404);
});

test('every answer forbids foreign scripts, embedding, sniffing and referrers', async () => {
  for (const pathname of ['/', '/assets/main-abc.js', '/assets/missing.js', '/..%2fx']) {
    const { headers } = await readRendererFile(root, pathname, 'ws://127.0.0.1:1');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    const policy = headers['content-security-policy']!;
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self' ws://127.0.0.1:1",
      "worker-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
      expect(policy.split('; ')).toContain(part);
    expect(policy).not.toContain('unsafe-');
  }
  expect((await readRendererFile(root, '/assets/main-abc.js')).headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': expect.stringContaining('immutable') });
});
