/**
 * A lead's day: work given to two colleagues, also while the lead's own desktop is cut off; an answer by AI reviewed; the response target
 * approved; and a report whose figures are those of what has just happened, on screen and as a file.
 */
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { DEFAULT_WORKSPACE_SETTINGS } from '../../contract/rules/workspace-settings.ts';
import { changeSettings, conversationOf, isLive, isReady, startModel, untilAi, useModel } from '../support/ai-team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { expect, test } from './support/demo.ts';
import { shiftLanguage } from './support/say.ts';
import { connectWindow } from './support/window-client.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto Ajú' };
const LUCIA = { from: '+50255557777', name: 'Lucía Tzoc' };
const ROSA = { from: '+50255556666', name: 'Rosa Pérez' };
const BY_AI = 'El sábado abrimos a las ocho.';
/** A desktop that could not reach the relay tries again later and later. */
const AFTER_RECONNECTING = { timeout: 40_000 };

test.use({ role: 'lead', language: shiftLanguage('en') });

test(
  'gives out work, also while cut off; reviews an answer by AI; looks at the target; and reads in the report what the shift has done',
  { tag: '@main' },
  async ({ inbox, line, shell, team, addColleague, write, say }) => {
    test.slow();
    const { page } = inbox;
    const { client: cyntia } = await team.addDesktop({ name: 'Cyntia' });
    const { client: admin } = await team.addDesktop({ name: 'Nora', role: 'admin' });
    const { inbox: bo, shell: boShell } = await addColleague({ name: 'Bo' });
    const { client, close } = await connectWindow(shell);
    const { client: ofBo, close: closeBo } = await connectWindow(boShell);
    await isReady(admin);
    // Always open, so that the hour at which this runs does not matter.
    const { businessHours } = DEFAULT_WORKSPACE_SETTINGS;
    const always = { ...businessHours, days: businessHours.days.map(() => [{ from: '00:00', to: '24:00' }]) };
    await admin.team.setSetting({ from: { key: 'businessHours', value: businessHours }, to: { key: 'businessHours', value: always } });
    const model = await startModel(team, { replies: [{ match: '', text: BY_AI }] });
    await useModel(admin, model);
    await changeSettings(admin, (settings) => ({ ...settings, auto: { ...settings.auto, reviewSample: 100 } }));
    for (const [hoursAgo, who] of [MARIA, ROSA, LUCIA, ROBERTO].entries()) write({ ...who, text: '¿Abren el sábado?', hoursAgo });
    await expect(page.getByRole('option')).toHaveCount(4);

    const board = page.getByRole('table');
    const holder = (name: string | RegExp) => board.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    const give = async (name: string, to: string): Promise<void> => {
      await inbox.row(name).focus();
      await page.keyboard.press('x');
      await page.keyboard.press('a');
      await page.getByRole('menuitem', { name: new RegExp(`^${to}`) }).press('Enter');
      await expect(inbox.row(name)).toHaveCount(0);
    };
    const answer = async (name: string, text: string): Promise<void> => {
      await bo.open(name);
      await bo.reply(text);
      await expect(bo.stateOf(text)).toHaveAccessibleName(say('delivery.label', { state: say('delivery.read') }));
    };

    await test.step('from the board to two colleagues', async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('b');
      await expect(page.getByRole('heading', { name: say('board.title') })).toBeVisible();
      await expect(inbox.row(MARIA.name)).toBeVisible();
      await give(MARIA.name, 'Bo');
      await give(ROBERTO.name, 'Cyntia');
      await expect(holder(/^Bo/).getByRole('cell').first()).toHaveText('1');
      await expect(
        holder(/^Cyntia/)
          .getByRole('cell')
          .first(),
      ).toHaveText('1');
      await expect(bo.row(MARIA.name).getByRole('img', { name: say('row.assignedToMe') })).toBeVisible();
    });

    await test.step('Bo sends the draft of the AI; Cyntia answers on her own', async () => {
      const conversationId = await conversationOf(ofBo, MARIA.name);
      await untilAi(ofBo, conversationId, 'there is a draft', isLive);
      await bo.open(MARIA.name);
      await expect(bo.page.getByRole('region', { name: say('ai.card.label') })).toContainText(BY_AI);
      await bo.page
        .getByRole('region', { name: say('ai.card.label') })
        .getByRole('button', { name: say('action.send'), exact: true })
        .click();
      // The hour stands in no source: it is asked about before it goes.
      await bo.page.getByRole('button', { name: say('action.sendAnyway') }).click();
      await expect(bo.message(BY_AI)).toBeVisible();
      const roberto = await conversationOf(cyntia, ROBERTO.name);
      const { seenThrough } = await cyntia.conversations.get({ conversationId: roberto, messages: 0 });
      await cyntia.messages.send({ conversationId: roberto, content: { kind: 'text', text: 'Sí, hasta mediodía' }, seenThrough });
    });

    await test.step('cut off for a while: work is given out all the same, and the team goes on', async () => {
      line.cut();
      await expect(page.getByText(say('strip.offline'))).toBeVisible(AFTER_RECONNECTING);
      await give(LUCIA.name, 'Bo');
      await expect(holder(/^Bo/).getByRole('cell').first()).toHaveText('2');
      await expect(bo.row(LUCIA.name).getByRole('img', { name: say('row.assignedToMe') })).toHaveCount(0);
      await answer(ROSA.name, 'Sí, de ocho a doce');
      line.restore();
      await expect(page.getByText(say('strip.offline'))).toHaveCount(0, AFTER_RECONNECTING);
      await expect(bo.row(LUCIA.name).getByRole('img', { name: say('row.assignedToMe') })).toBeVisible();
      // Answering what nobody has takes it.
      await expect(holder(/^Bo/).getByRole('cell').first()).toHaveText('3');
      await bo.row(ROSA.name).focus();
      await bo.page.keyboard.press('e');
      await expect(holder(/^Bo/).getByRole('cell').first()).toHaveText('2');
    });

    await test.step('what the AI wrote is reviewed', async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('q');
      const main = page.getByRole('main', { name: say('quality.title') });
      await main
        .getByRole('button', { name: say('quality.part.reviews'), exact: true })
        .first()
        .click();
      await expect(main.getByRole('article', { name: MARIA.name })).toContainText(BY_AI);
      await page.keyboard.press('1');
      await expect(page.getByText(say('quality.review.markedGood'))).toBeVisible();
      await expect(page.getByText(say('quality.review.none'), { exact: true })).toBeVisible();
    });

    await test.step('the target is agreed with the admin: the lead reads it, and sees it change', async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('s');
      await page
        .getByRole('navigation', { name: say('settings.parts') })
        .getByRole('button', { name: say('settings.part.hours') })
        .click();
      await expect(page.getByText(say('hours.textRead'))).toBeVisible();
      const minutes = page.getByRole('spinbutton', { name: say('hours.targetMinutes') }).or(page.getByRole('textbox', { name: say('hours.targetMinutes') }));
      await expect(minutes).toHaveValue('60');
      const { responseTarget } = (await admin.team.directory({})).settings;
      await admin.team.setSetting({ from: { key: 'responseTarget', value: responseTarget }, to: { key: 'responseTarget', value: { ...responseTarget, minutes: 150 } } });
      await expect(minutes).toHaveValue('150');
    });

    await test.step('the report says what the shift has done, on screen and as a file', async () => {
      await waitUntil('all answers are out', () => team.meta.journal().filter(({ accepted, body }) => accepted && (body as { text?: unknown } | null)?.text !== undefined).length === 3);
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      await page.keyboard.press('i');
      const main = page.getByRole('main', { name: say('reports.title') });
      await main.getByRole('button', { name: say('period.days', { count: 7 }), exact: true }).click();
      const tile = (name: string): Locator =>
        main
          .getByRole('region', { name: say('reports.figures') })
          .getByRole('listitem')
          .filter({ has: page.getByRole('heading', { name, exact: true }) });
      await expect(tile(say('reports.figure.in'))).toContainText('4');
      await expect(tile(say('reports.figure.out'))).toContainText('3');
      await expect(tile(say('reports.figure.opened'))).toContainText('4');
      await expect(tile(say('reports.figure.resolved'))).toContainText('1');
      // Within 150 minutes: María, and Rosa after an hour. Lucía, two hours, still has time.
      await expect(tile(say('reports.figure.onTime'))).toContainText(say('reports.targetOf', { within: 2, late: 1, missed: 0 }));
      await expect(tile(say('reports.figure.aiShare'))).toContainText('33');

      const [file] = await Promise.all([page.waitForEvent('download'), main.getByRole('button', { name: say('reports.export') }).click()]);
      const rows: string[][] = parse(readFileSync(await file.path()), { bom: true, relax_column_count: true, skip_empty_lines: true });
      const valueOf = (name: string): string | undefined => rows.find(([first]) => first === name)?.[1];
      expect([say('reports.figure.in'), say('reports.figure.out'), say('reports.figure.opened'), say('reports.figure.resolved')].map(valueOf)).toEqual(['4', '3', '4', '1']);
      const messagesOf = (name: string): string | undefined => rows.find(([first]) => first === name)?.[2];
      expect([messagesOf('Bo'), messagesOf('Cyntia')]).toEqual(['2', '1']);
    });
    expect((await client.team.board()).find(({ agent }) => agent?.name === 'Bo')).toMatchObject({ open: 2 });
    closeBo();
    close();
  },
);
