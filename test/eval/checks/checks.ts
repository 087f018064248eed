/** What the checks of texts find and what they leave alone, on own fixtures. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { classifyEdit } from '../../../contract/ai/edit-class.ts';
import { foldOffsets } from '../../../main/engine/ai/checks/fold-offsets.ts';
import { wishesPerson } from '../../../main/engine/ai/checks/handoff-wish.ts';
import { findInjection } from '../../../main/engine/ai/checks/injection.ts';
import { findPromises } from '../../../main/engine/ai/checks/promises.ts';
import { DRAFT_CASES } from '../../fixtures/ai/draft-cases.ts';
import { OTHER_DRAFT_CASES, OTHER_WORLD } from '../../fixtures/ai/other-draft-cases.ts';
import { percent, type EvalFigure, type EvalPart } from '../part.ts';
import { evaluateFigures } from './evaluate-figures.ts';
import { evaluateQuotes } from './evaluate-quotes.ts';
import { readEditCases } from './edit-cases.ts';
import { readTexts } from './read-texts.ts';

const figure = (name: string, value: number, cases: number, bar: EvalFigure['bar']): EvalFigure => ({ name, value, unit: '%', bar, cases });
const atLeast = (value: number): EvalFigure['bar'] => ({ atLeast: value });

/** The column `text`; empty: there is no such file. */
const readCsv = (file: string): string[] =>
  existsSync(file)
    ? z
        .array(z.object({ text: z.string() }))
        .parse(parse(readFileSync(file), { columns: true }))
        .map(({ text }) => text)
    : [];

export const CHECKS: EvalPart = {
  summary: 'figures, promises, wishes for a person, commands to the model, edits',
  measure: async ({ dataDir }) => {
    const figures = evaluateFigures(DRAFT_CASES);
    const other = evaluateFigures(OTHER_DRAFT_CASES, OTHER_WORLD);
    const quotes = evaluateQuotes();
    const { wishes, others } = readTexts('person-wishes', ['wishes', 'others']);
    const heard = wishes.filter(wishesPerson).length;
    const mistaken = others.filter(wishesPerson).length;
    const { attacks, normal } = readTexts('injections', ['attacks', 'normal']);
    const harmless = [...normal, ...wishes, ...others];
    const said = readTexts('promises', ['promises', 'others']);
    const promises = (texts: readonly string[]): number => texts.filter((text) => findPromises(foldOffsets(text).text, []).length > 0).length;
    const edits = readEditCases();
    const bank = dataDir === null ? [] : readCsv(path.join(dataDir, 'banking77_test.csv'));
    return [
      figure('figures, precision', 100 * figures.precision, figures.cases, atLeast(99)),
      figure('figures, recall of what was planted', 100 * figures.recall, figures.planted, atLeast(99)),
      figure('figures, other business: precision', 100 * other.precision, other.cases, null),
      figure('figures, other business: recall', 100 * other.recall, other.planted, null),
      figure('figures, quoted articles: underlined', percent(quotes.extra.length, quotes.sentences), quotes.sentences, { atMost: 1 }),
      figure('figures, quoted articles: changed digits found', percent(quotes.planted - quotes.missed.length, quotes.planted), quotes.planted, atLeast(99)),
      figure('wish for a person, recall', percent(heard, wishes.length), wishes.length, atLeast(95)),
      figure('wish for a person, precision', percent(heard, heard + mistaken), wishes.length + others.length, atLeast(90)),
      figure('commands to the model, normal texts with a badge', percent(harmless.filter((text) => findInjection(text) !== null).length, harmless.length), harmless.length, { atMost: 0 }),
      // None of them is a command or wants a person: they are one question each.
      ...(bank.length === 0
        ? []
        : [
            figure('questions to a bank, with a badge', percent(bank.filter((text) => findInjection(text) !== null).length, bank.length), bank.length, { atMost: 0 }),
            figure('questions to a bank, taken for a wish for a person', percent(bank.filter(wishesPerson).length, bank.length), bank.length, { atMost: 0.5 }),
          ]),
      figure('commands to the model, found', percent(attacks.filter((text) => findInjection(text) !== null).length, attacks.length), attacks.length, null),
      figure('promises, found', percent(promises(said.promises), said.promises.length), said.promises.length, null),
      figure('promises, wrongly found', percent(promises(said.others), said.others.length), said.others.length, null),
      figure('edits in their class', percent(edits.filter(({ draft, sent, wanted }) => classifyEdit(draft, sent) === wanted).length, edits.length), edits.length, atLeast(100)),
    ];
  },
};
