/** What a page of ours cannot do, even with a mistake in it: each attempt is made in the real page, under the policy that the shell sends. */
import { expect, test } from './support/demo.ts';

/** Of the real page: what each attempt led to. An error's name, or what was done. */
const ATTEMPTS = {
  'markup from a string': () => {
    document.createElement('div').innerHTML = '<b>x</b>';
  },
  'markup after an element': () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>'),
  'a document from a string': () => void new DOMParser().parseFromString('<b>x</b>', 'text/html'),
  // oxlint-disable-next-line typescript/no-implied-eval
  'code from a string': () => void new Function('return 1')(),
  'a timer with code': () => void Reflect.apply(globalThis.setTimeout, globalThis, ['1']),
  "a script's address": () => {
    document.createElement('script').src = '/assets/x.js';
  },
  "a plug-in's address": () => {
    document.createElement('object').data = '/assets/x.swf';
  },
  'a worker': () => void new Worker('/assets/x.js'),
  'a policy of its own': () => {
    const { trustedTypes } = globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } };
    trustedTypes.createPolicy('x', { createHTML: (text: string) => text });
  },
};

test('no string becomes markup, code or a script, and nothing comes from elsewhere', { tag: '@main' }, async ({ page, shell }) => {
  await page.goto(shell.url());
  await expect(page.getByRole('navigation')).toBeVisible();

  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    // In a turn of its own: while the browser evaluates for a debugger it lets code be made from strings.
    const outcome = await page.evaluate(`new Promise((resolve) => setTimeout(() => { try { (${String(attempt)})(); resolve('done'); } catch (error) { resolve(error.name); } }))`);
    expect(outcome, name).toMatch(/^(TypeError|EvalError|SecurityError)$/);
  }

  // Those are refused without an error, so the browser's own report is read.
  const refused = await page.evaluate(async () => {
    const found = new Set<string>();
    const attempts: [string, () => void][] = [
      ['img-src', () => void (new Image().src = 'https://example.com/x.png')],
      ['media-src', () => void (new Audio().src = 'https://example.com/x.mp3')],
      ['connect-src', () => void fetch('https://example.com/').catch(() => undefined)],
      ['frame-src', () => document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.com/' }))],
      ['style-src-elem', () => document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' }))],
      ['style-src-attr', () => document.body.setAttribute('style', 'color: red')],
      ['base-uri', () => document.head.append(Object.assign(document.createElement('base'), { href: 'https://example.com/' }))],
    ];
    for (const [directive, attempt] of attempts) {
      await new Promise<void>((resolve) => {
        const take = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
          if (effectiveDirective !== directive) return;
          found.add(directive);
          document.removeEventListener('securitypolicyviolation', take);
          resolve();
        };
        document.addEventListener('securitypolicyviolation', take);
        attempt();
      });
    }
    return [...found];
  });
  expect(refused).toEqual(['img-src', 'media-src', 'connect-src', 'frame-src', 'style-src-elem', 'style-src-attr', 'base-uri']);
});
